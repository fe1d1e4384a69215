# Bulk configuration.
command-massiva = Bulk configuration from a file
bulk-menu = 📑 Bulk
bulk-none =
    <b>Bulk configuration</b>

    No requests yet. Send me a CSV or Excel file with POD, SID and type of configuration: I check it and tell you what would happen. I create nothing until you confirm.
bulk-list = <b>Bulk configuration</b> · { $integrator }
bulk-listed = no. { $number } · { $day } · { $name } · { $state }
bulk-new =
    Send the file here: CSV or Excel, up to 100 rows per request.

    • <b>POD</b>
    • <b>MOME-ID or SID</b> (17 characters), not the NID
    • <b>Tipo di Configurazione</b>: Standard or Prosumer

    For a Prosumer give the exchange POD: I will use the first production POD in alphabetical order. If you need another one, create the association by itself.
bulk-reading = ⏳ Checking { $name }…
bulk-reading_first = ⏳ I read one file at a time. Checking { $name }…
bulk-too_big = This file is larger than 20 MB: I cannot fetch it from Telegram. Remove what is not needed, or split it.
bulk-file_gone = The file is no longer on Telegram: send it again.
bulk-check_failed = ⚠️ I could not check the file. Send it again in a while.
bulk-which_sheet = <b>{ $name }</b> has several sheets. Which one shall I check?
bulk-refused =
    ⚠️ I cannot use <b>{ $name }</b>.

    { $reason }
bulk-budget_spent =
    Checking it takes { $number ->
        [one] one look-up
       *[other] { $number } look-ups
    }, and the limit is { $limit }: too few are left.

    Send it again from { $time } on { $day }, or split it.
bulk-over_budget =
    Checking it takes { $number ->
        [one] one look-up
       *[other] { $number } look-ups
    }, and the limit is { $limit }.

    Split it into smaller files.
bulk-checked =
    <b>Check of { $name }</b>
    Nothing has been created yet.
bulk-count-ready = { $mark } { $number ->
    [one] 1 row to create
   *[other] { $number } rows to create
    }
bulk-count-later = { $mark } { $number ->
    [one] 1 row uncertain at the moment
   *[other] { $number } rows uncertain at the moment
    }
bulk-count-wrong = { $mark } { $number ->
    [one] 1 row to correct
   *[other] { $number } rows to correct
    }
bulk-count-already = { $mark } { $number } already associated
bulk-count-waiting = { $mark } { $number } waiting
bulk-count-created = { $mark } { $number } created
bulk-count-refused = { $mark } { $number } not created
bulk-count-failed = { $mark } { $number } to run again
bulk-group = { $mark } { $number ->
    [one] line { $lines }: { $fault }
   *[other] lines { $lines }: { $fault }
    }
bulk-more_groups = … and { $number ->
    [one] one more reason: it is
   *[other] { $number } more reasons: they are
    } in the file of rows to correct.
bulk-several_of-same_pod = { $column }: an earlier line has the same supply point
bulk-several_of-same_device = { $column }: an earlier line has the same device
bulk-of_column = { $column }: { $reason }
bulk-same_file = ℹ️ You have loaded this file before: request no. { $number } of { $at } ({ $outcomes }).
bulk-several = A request has { $most } rows at most: I will split the file into several requests.
bulk-nothing_to_load = As it is, there is nothing to load.
bulk-made = ✅ I made { $number } requests.
bulk-request = <b>Request no. { $number }</b>
bulk-of_file = { $name } · { $rows ->
    [one] 1 row
   *[other] { $rows } rows
    }
bulk-loaded_by = { $at }, { $name }
bulk-state-waiting = 🕓 Waiting
bulk-state-processing = ⚙️ Being processed
bulk-state-done = ☑️ Processed
bulk-state-cancelled = ✕ Cancelled: nothing was created.
bulk-state_short-waiting = waiting
bulk-state_short-processing = { $done } of { $rows }
bulk-state_short-done = { $created } of { $rows } created
bulk-state_short-cancelled = cancelled
bulk-done = ☑️ <b>Request no. { $number } processed</b> · { $name }
bulk-rows_heading-all = <b>Request no. { $number } · outcomes</b>
bulk-rows_heading-failures = <b>Request no. { $number } · not created</b>
bulk-row = { $mark } { $line } · <code>{ $pod }</code> · { $outcome }
bulk-no_rows = No rows.
bulk-discarded = Discarded: nothing was created.
bulk-begun = Processing has begun: it can no longer be cancelled.
bulk-gone = This file or request is no longer there.
bulk-upload_gone = This check is no longer valid: the file was loaded before, or too much time has passed. Send it again.
bulk-nothing_left = There is nothing to load.
bulk-original = The file of request no. { $number }, as it was sent.
bulk-making = ⏳ Preparing the file…
bulk-make_failed = ⚠️ I could not prepare the file. Try again in a while.
bulk-made_files = { $number ->
    [one] ✅ Here is the file.
   *[other] ✅ Here are the files.
    }
bulk-no_files = There is no file to download.
bulk-file-template = The template: fill in a row for each association and send the file here. Replace the example row.
bulk-file-corrections = The rows to correct, with the reason in the last column. Correct them in the file and send it here: the column of reasons may stay.
bulk-file-zip = The SCP files of request no. { $number }, listed in <code>elenco.csv</code>.{ $awaited ->
    [0] { "" }
    [one] { " " }One file is still to come: ask for the archive again in a while.
   *[other] { " " }{ $awaited } files are still to come: ask for the archive again in a while.
    }
bulk-file_zip_distributor = { $number ->
    [one] ⏳ One file is awaited from the distributor.
   *[other] ⏳ { $number } files are awaited from the distributor.
    } I will tell you when none is missing.
bulk-button-new = + New request
bulk-button-template = 📄 Template
bulk-button-load = ▶️ { $number ->
    [one] Load the good row
   *[other] Load the { $number } good rows
    }
bulk-button-load_all = { $number ->
    [one] Load the uncertain row too
   *[other] Load the { $number } uncertain ones too
    }
bulk-button-load_later = { $number ->
    [one] Load the uncertain row
   *[other] Load the { $number } uncertain rows
    }
bulk-button-left_out = ✏️ { $number ->
    [one] Download the row not loaded
   *[other] Download the { $number } not loaded
    }
bulk-button-corrections = ✏️ { $number ->
    [one] Download the row to correct
   *[other] Download the { $number } to correct
    }
bulk-button-discard = ✕ Discard
bulk-button-open = Request no. { $number }
bulk-button-cancel = ✕ Cancel the request
bulk-button-rows = 📋 Outcomes
bulk-button-failures = ❌ Not created ({ $number })
bulk-button-run_again = 🔁 { $number ->
    [one] Run 1 row again
   *[other] Run { $number } rows again
    }
bulk-button-file = 📄 File as sent
bulk-button-zip = 📦 SCP files
bulk-button-refresh = 🔄 Refresh
bulk-button-first = « From the start
bulk-button-next = Next ›
bulk-button-show_all = All rows
bulk-button-show_failures = Only those not created
bulk-outcome-waiting = waiting
bulk-outcome-ready = to be created
bulk-outcome-created = created
bulk-outcome-unanswered = no answer so far: processing will show
bulk-outcome-associated-by-us = already associated
bulk-outcome-other-device = already associated, with another device
bulk-outcome-other-configuration = already associated, with another configuration
bulk-outcome-associated-by-other = already associated
bulk-outcome-supply-associated = already associated
bulk-outcome-unknown = this POD does not exist
bulk-outcome-not-remotely-managed = this POD is not remotely managed
bulk-outcome-unsuitable-meter = sorry, at the moment this supply does not allow the use of MOME/Smart Info
bulk-outcome-unreachable = sorry, at the moment this supply does not allow the use of MOME/Smart Info (the meter is out of reach now)
bulk-outcome-production-pod = this is a production POD: give the exchange POD
bulk-outcome-unavailable = service not available, contact support
bulk-outcome-internal-error = internal error, contact support
bulk-outcome-generic-error = generic error, contact support
bulk-outcome-budget-spent = look-up limit reached: run it again later
bulk-outcome-device-unknown = no device of your company has this SID
bulk-outcome-device-in-use = the device is associated with another supply
bulk-outcome-device-mismatch = the codes are of different devices
bulk-outcome-device-type-mismatch = the device is of another type
bulk-outcome-production-pod-missing = Prosumer without a production POD: the supply has none
bulk-outcome-production-pod-unknown = the production POD is not this supply’s
bulk-outcome-production-pod-not-wanted = a Standard configuration has no production POD
bulk-outcome-supply-not-eligible = the supply is no longer eligible
bulk-outcome-not-exchange-pod = give the exchange POD
bulk-outcome-scp-not-ready = the SCP file cannot be asked for now
bulk-outcome-not-permitted = whoever loaded the request is no longer enabled
bulk-scp-ready = ready
bulk-scp-awaited = awaited
bulk-scp-distributor = awaited from the distributor
bulk-scp-deleted = association deleted
bulk-outcome-scp-association-gone = the association is gone
bulk-assistance = Bulk request no. { NUMBER($number, useGrouping: 0) }, file { $name }. Rows that failed:
