# The audit, for auditors.
command-registro = The record of what was done
audit-menu = 🗂 Audit
audit-ask =
    <b>The audit</b>

    Every look at it is recorded, yours too.
audit-button-search = 🔎 Search the audit
audit-button-unused = 📊 Look-ups without association
audit-button-csv = 📄 Download as CSV
audit_search-about-ask =
    <b>What shall I search the audit for?</b>

    Type a POD, or a company: a part of its name or its partita IVA.
audit_search-about-which = { $number } companies match “{ $words }”.{ $shown ->
    [8] { " " }I show { $shown } at most: if yours is missing, type more.
   *[other] { " " }Which one?
    }
audit_search-about-everything = The whole audit
audit_search-about-error-unknown = ⚠️ That is no POD, and no company matches.
audit_search-period-ask = <b>For which period?</b>
audit-period-today = Today
audit-period-week = Last 7 days
audit-period-month = Last 30 days
audit-period-all = All time
audit-about-everything = everything
audit-about-pod = POD <code>{ $pod }</code>
audit-about-company = { $company }
audit-since-all = all time
audit-since-day = since { $at }
audit-found =
    <b>Audit</b> · { $about }
    { $number ->
        [0] No entries
        [one] 1 entry
       *[other] { $number } entries
    }, { $since }
audit-entry =
    <b>{ $at }</b> · { $who }
    { $what }
audit-watched = by itself, for a watched POD
audit-of = { $name } ({ $company })
audit-person = { $name }
audit-erased = erased person
audit-by_service = the service
audit-pod = <code>{ $pod }</code>
audit-other_outcome = { $outcome }
audit-action-declaration-accepted = Declaration accepted
audit-action-pod-looked-up = POD looked up
audit-action-association-created = Association created
audit-action-association-deleted = Association deleted
audit-action-factor-kept = Factor K given
audit-action-watch-begun = Watch on a POD begun
audit-action-watch-ended = Watch on a POD ended
audit-action-bulk-loaded = Bulk request loaded
audit-action-bulk-run-again = Bulk rows run again
audit-action-bulk-cancelled = Bulk request cancelled
audit-action-scp-ready = SCP file made
audit-action-scp-failed = SCP file failed
audit-action-scp-attached = SCP file attached by the staff
audit-action-scp-replaced = SCP file replaced by the staff
audit-action-scp-delivered = SCP file handed over
audit-action-bridge-paired = Laptop paired
audit-action-bridge-revoked = Laptop revoked
audit-action-programming-assigned = Programming assigned
audit-action-programming-handed-over = Programming given to another technician
audit-action-programming-cancelled = Programming cancelled
audit-action-device-programmed = Device programmed
audit-action-programming-failed = Programming failed
audit-action-programming-confirmed = Installation confirmed on site
audit-action-ticket-opened = Assistance asked for
audit-action-ticket-taken = Request for assistance taken
audit-action-ticket-answered = Answer of the support
audit-action-ticket-closed = Request for assistance closed
audit-action-ticket-reopened = Request for assistance reopened
audit-action-staff-group-chosen = Assistance group chosen
audit-action-staff-group-left = Assistance group left
audit-action-tickets-exported = Requests for assistance in a file
audit-action-associations-exported = Associations in a file
audit-action-integrator-added = Company added
audit-action-member-added = Person added to a company
audit-action-member-changed = Role or enabling changed
audit-action-staff-added = Staff role given
audit-action-staff-removed = Staff role taken
audit-action-person-erased = Person erased
audit-action-member-removed = Person removed from a company
audit-action-registered = Registration completed
audit-action-registration-enabled = User enabled
audit-action-registration-refused = Registration refused
audit-action-registration-withdrawn = Registration withdrawn
audit-action-account-changed = Telegram account changed
audit-action-contract-loaded = Contract loaded
audit-action-contract-ended = Contract ended
audit-action-invited = Invitation made
audit-action-invitation-used = Invitation used
audit-action-invitation-refused = Invitation: not admitted
audit-action-invitation-revoked = Invitation taken back
audit-action-person-suspended = Person suspended
audit-action-person-restored = Person let back in
audit-action-look-up-budget-spent = Limit of look-ups reached
audit-action-document-added = Document published
audit-action-document-withdrawn = Document withdrawn
audit-action-document-restored = Document put back
audit-action-document-delivered = Document handed over
audit-action-audit-searched = Audit searched
audit-action-audit-exported = Audit exported
audit-outcome-eligible = eligible
audit-outcome-associated-by-us = already associated by their company
audit-outcome-associated-by-other = already associated by others
audit-outcome-unknown = does not exist
audit-outcome-not-remotely-managed = not remotely managed
audit-outcome-unsuitable-meter = unsuitable meter
audit-outcome-unreachable = meter out of reach
audit-outcome-production-pod = production POD
audit-outcome-unavailable = service unavailable
audit-outcome-internal-error = internal error
audit-outcome-generic-error = generic error
audit-unused_ask =
    <b>Look-ups without association</b>

    Who looks up PODs that their company does not associate. For which period?
audit-unused =
    <b>Look-ups without association</b>
    { $number ->
        [0] Nobody has looked PODs up
        [one] 1 person has looked PODs up
       *[other] { $number } people have looked PODs up
    }, { $since }
audit-unused_line =
    { $who }
    <b>{ $rest }</b> of { $points } PODs never associated afterwards ({ $share } %)
audit-unused_more = … and { $number ->
    [one] one more person
   *[other] { $number } more
    } in the CSV.
audit-making = ⏳ Making the file…
audit-made = { $number ->
    [one] ✅ Here is the file.
   *[other] ✅ Here are the files.
    }
audit-make_failed = ⚠️ I could not make the file. Try again shortly.
audit-no_file = There is nothing to download.
audit-file-entries = The audit: { $number ->
    [one] 1 entry
   *[other] { $number } entries
    }, newest first. It holds personal data: keep it safe.
audit-file-unused = Look-ups without association: { $number ->
    [one] 1 person
   *[other] { $number } people
    }. It holds personal data: keep it safe.
audit-column-number = Number
audit-column-at = Date and time
audit-column-person = Person
audit-column-company = Company
audit-column-action = Action
audit-column-whom = Whom
audit-column-outcome = Outcome
audit-column-pod = POD
audit-column-association = Association
audit-column-detail = Detail
audit-column-sealed = Seal
audit-column-correlation = Correlation
audit-column-vat = Partita IVA
audit-column-points = PODs looked up
audit-column-followed = Then associated
audit-column-rest = Never associated
audit-column-share = Never associated (%)
