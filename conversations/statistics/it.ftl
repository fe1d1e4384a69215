# Figures at a glance, and their charts.
command-statistiche = Associazioni, massive, richieste e conferme in numeri
statistics-menu = 📊 Statistiche
statistics-title = 📊 <b>Statistiche</b> · { $of }
statistics-of_all = tutte le aziende
statistics-associations =
    🔗 <b>Associazioni attive: { $live }</b>
    Questa settimana – create: { $created } · eliminate: { $deleted }
    La settimana scorsa – create: { $created_before } · eliminate: { $deleted_before }
statistics-bulk =
    📑 <b>Righe delle massive: { $rows }</b> in { $weeks } settimane
    Associazioni create: { $made } · non riuscite: { $failed }
statistics-tickets =
    🆘 <b>Richieste aperte: { $open }</b>
    Da prendere in carico: { $unassigned } · la più vecchia è del { $oldest }
statistics-no_tickets = 🆘 <b>Richieste aperte: 0</b>
statistics-confirmations =
    🛠 <b>Da confermare in campo: { $open }</b>
    Da più di { $days } giorni: { $late }
statistics-jobs = { $number ->
    [one] Un lavoro aspetta solo la conferma del tecnico
   *[other] { $number } lavori aspettano solo la conferma del tecnico
 }
statistics-outcome = • { $rows } – { $outcome }
statistics-button-associations = 🔗 Associazioni
statistics-button-bulk = 📑 Massive
statistics-button-tickets = 🆘 Richieste
statistics-button-confirmations = 🛠 Conferme
statistics-chart-associations = Associazioni per settimana
statistics-chart-bulk = Esiti delle massive
statistics-chart-tickets = Da quanto sono aperte le richieste
statistics-chart-confirmations = Associazioni da confermare in campo
statistics-caption = { $title } · { $of } · { $at }
statistics-created = create
statistics-deleted = eliminate
statistics-weeks = settimana che inizia lunedì
statistics-others = altri esiti
statistics-rows = righe delle ultime { $weeks } settimane
statistics-assigned = prese in carico
statistics-unassigned = da prendere in carico
statistics-days_open = giorni dall’apertura
statistics-days_associated = giorni dall’associazione
statistics-more_days = da { $days }
statistics-drawing = 📊 Disegno il grafico…
statistics-not_drawn = ⚠️ Non sono riuscito a disegnare il grafico. Riprova tra poco.
statistics-empty-associations = Nelle ultime settimane nessuna associazione è stata creata o eliminata. Per crearne una, cerca un POD.
statistics-empty-bulk = Nelle ultime settimane nessuna richiesta massiva. Per caricarne una, manda un file CSV o Excel.
statistics-empty-tickets = Nessuna richiesta di assistenza è aperta.
statistics-empty-confirmations = Tutte le associazioni sono confermate in campo.
