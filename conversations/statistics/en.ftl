# Figures at a glance, and their charts.
command-statistiche = Associations, bulk requests, assistance and confirmations in figures
statistics-menu = 📊 Statistics
statistics-title = 📊 <b>Statistics</b> · { $of }
statistics-of_all = all companies
statistics-associations =
    🔗 <b>Live associations: { $live }</b>
    This week – created: { $created } · deleted: { $deleted }
    Last week – created: { $created_before } · deleted: { $deleted_before }
statistics-bulk =
    📑 <b>Rows of bulk requests: { $rows }</b> in { $weeks } weeks
    Associations created: { $made } · failed: { $failed }
statistics-tickets =
    🆘 <b>Open requests: { $open }</b>
    Nobody looks after: { $unassigned } · the oldest is of { $oldest }
statistics-no_tickets = 🆘 <b>Open requests: 0</b>
statistics-confirmations =
    🛠 <b>To be confirmed on site: { $open }</b>
    For more than { $days } days: { $late }
statistics-jobs = { $number ->
    [one] One job only waits for the technician’s word
   *[other] { $number } jobs only wait for the technician’s word
 }
statistics-outcome = • { $rows } – { $outcome }
statistics-button-associations = 🔗 Associations
statistics-button-bulk = 📑 Bulk
statistics-button-tickets = 🆘 Requests
statistics-button-confirmations = 🛠 Confirmations
statistics-chart-associations = Associations by week
statistics-chart-bulk = Outcomes of bulk requests
statistics-chart-tickets = How long requests have been open
statistics-chart-confirmations = Associations to be confirmed on site
statistics-caption = { $title } · { $of } · { $at }
statistics-created = created
statistics-deleted = deleted
statistics-weeks = week beginning on Monday
statistics-others = other outcomes
statistics-rows = rows of the last { $weeks } weeks
statistics-assigned = looked after
statistics-unassigned = nobody looks after
statistics-days_open = days since it was opened
statistics-days_associated = days since it was associated
statistics-more_days = { $days }+
statistics-drawing = 📊 Drawing the chart…
statistics-not_drawn = ⚠️ I could not draw the chart. Try again in a while.
statistics-empty-associations = No association was created or deleted in the last weeks. To make one, look up a POD.
statistics-empty-bulk = No bulk request in the last weeks. To load one, send a CSV or Excel file.
statistics-empty-tickets = No request for assistance is open.
statistics-empty-confirmations = All associations are confirmed on site.
