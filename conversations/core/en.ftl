# What all dialogues share.
dialogue-step = <i>Step { $number } of { $total }</i>
dialogue-answer = <b>{ $label }:</b> { $value }
dialogue-button-cancel = ✕ Cancel
dialogue-button-back = ‹ Back
dialogue-button-summary = Summary
dialogue-cancelled = Cancelled: nothing has changed.
dialogue-expired = ⌛ That took too long, so I closed it: nothing has changed. Start again whenever you like.
dialogue-outdated = I have been updated and this procedure has changed: please start again. Nothing has changed.
dialogue-moment = ⏳ One moment…
dialogue-progress = { $bar } { $done } of { $total }
dialogue-progress_left = { $bar } { $done } of { $total } · { $left } left
dialogue-asked_below = <i>The question is below.</i>
dialogue-comes_back = <i>↩︎ Back to where we were:</i>
dialogue-other_company = This was for another company: I have closed it, and nothing has changed.
dialogue-result_of_other_company = The answer to a request for another company has come: change back to that company and ask again.
dialogue-too_many = You had too many unfinished steps: I closed the oldest one. Nothing was changed.
dialogue-over = This button is no longer active. You can go on from here:
dialogue-nothing_to_cancel = There is nothing to cancel.
dialogue-unknown_command = I don’t know this command. Send /help to see what I can do.
dialogue-edited = I don’t read edited messages: please send the right text again.
dialogue-garbled = I don’t recognise this button.
dialogue-not_text = I read text, and tables in CSV or Excel; photos, documents and voice messages I take to assistance. I do not know what to do with this message.
dialogue-not_understood = I find neither a POD nor a device’s code here. A POD begins with <code>IT001E</code> and has 14 or 15 characters.
dialogue-refused = The request was not accepted and nothing has changed. Start again from /start.
dialogue-failed = ⚠️ Something went wrong and I could not complete your request. Please try again; if it happens again, give the support desk the reference <code>{ $reference }</code>.
dialogue-outage = ⏳ I cannot record requests right now. Yours is not lost: I will take it up as soon as I can.
dialogue-error-press = ⚠️ Please answer with one of the buttons below.
dialogue-error-text = ⚠️ I need a text message here.

button-help = ❓ Help
button-home = 🏠 Home
button-register = 📝 Register
button-copy_number = 📋 Copy the number
button-again = 🔄 Try again
button-assistance = 🆘 Ask for assistance
button-look_up_again = 🔎 Look the POD up again
button-copy_pod = 📋 POD
button-copy_sid = 📋 SID
button-copy_nid = 📋 NID
pages-place = { $first }–{ $last } of { $number }
button-older = Older ›
button-newest = « Newest
button-next = Next ›
button-first = « From the start

entry-stranger =
    <b>A486 · MOME and Smart Info</b>
    This bot is for System Integrators, and you are not among the enabled users yet.

    Register your company, or open the invitation that your referent sent you.
entry-not_enabled = Your user is not enabled for this yet. Users are enabled once the contract has been checked.
entry-suspended = Your user is suspended. Please contact the service.
entry-not_of_role = Your role with this company does not include this.
entry-not_permitted = This is for the staff of the service only.
entry-group = Write to me in private: I don’t show supply data in a group.

supply-gesis = ⚙️ <b>GESIS meter</b> (2G three-phase semi-direct): the device gives readings at the secondary side. For the primary side multiply them by <b>factor K</b>, which is on the meter’s display or in the plant’s documents.
supply-over_65_kw = ⚠️ Power above 65 kW: some of the device’s power readings may overflow and be unreliable.

about-short = PODs, associations and SCP files for MOME and Smart Info
about-long = For System Integrators of the A486 service: look up a POD, associate it with a MOME or a Smart Info, get the SCP file. Press Start.

# Why a line of an imported file is rejected.
import-file-empty = It is empty: a heading and at least one line are needed.
import-file-not_text = It is not a table: a CSV or Excel file is needed.
import-file-workbook = It is a workbook or an archive: save it as CSV.
import-file-page = It is a web page under another name: open it in a spreadsheet and save it as CSV or .xlsx.
import-file-damaged = It is damaged: open it with the program that made it and save it again.
import-file-password = It is protected by a password: save it without one.
import-file-macros = It contains macros: save it as .xlsx without them.
import-file-too_large = It is too large: it has more cells than I read.
import-file-too_slow = I could not read it: save it as CSV and send it again.
import-file-too_many = It has { $rows } rows; I can load at most { $most } at a time: split it.
import-file-columns = Missing: { $columns }. Check the names of the columns in the first row.
import-file-production = It contains production PODs or their ENELTEL, which must not be given: remove the column. For a Prosumer give the exchange POD; I will use the first production POD in alphabetical order.
import-file-twice = The column { $column } is there twice: keep one.
import-file-no_sheet = The sheet that was chosen is not there.
import-file-nid = It contains NIDs: MOME-IDs or SIDs (17 characters) are needed.
import-file-no_line = It has no valid line.
import-file-not_stored = It cannot be stored: { $error }.
import-file-unreadable = It cannot be read: { $error }.
import-reason-empty = missing
import-reason-nid_given = this is a NID: the MOME-ID or SID (17 characters) is needed
import-reason-same_pod = the same supply point is on line { $earlier }
import-reason-same_device = the same device is on line { $earlier }
import-reason-date = a spreadsheet turned it into a date: format the column as text and type it again
import-reason-too_long = longer than { $limit } characters
import-reason-not_csv = its quotes do not match
import-reason-width = { $found } columns instead of { $expected }
import-reason-mangled = a spreadsheet turned it into a number: format the column as text and type it again
import-reason-not_a_pod = not a POD
import-reason-not_a_sid = not a SID
import-reason-not_a_nid = not 12 hexadecimal characters
import-reason-not_an_eneltel = not 9 digits
import-reason-not_a_serial = not 6 to 32 letters and digits
import-reason-not_watts = not a whole number of watts
import-reason-not_boolean = neither true nor false
import-reason-none_of = none of { $allowed }
import-reason-no_configuration = it must be Standard or Prosumer
import-reason-exchange_pod_unwanted = only a production supply (M2) has an exchange POD
import-reason-exchange_pod_missing = a production supply (M2) needs its exchange POD
import-reason-duplicate = the supply point is on an earlier line
import-reason-contradiction = line { $earlier } says something else of this SID
import-reason-other_nid = the NID of another device
import-reason-integrator_unknown = no System Integrator has this partita IVA
notice-mail =
    { $text }

    I am writing by e-mail because I cannot reach you on Telegram.
    To go on, open the bot: { $link }


# A code by e-mail.
email_code-ask =
    Type the <b>six-digit code</b> that I sent to { $address }.
    It is good for 15 minutes; look in the spam folder too.
email_code-sending = ⏳ Sending the code…
email_code-button-again = ✉️ Send another one
email_code-error-digits = ⚠️ The code has six digits.
email_code-error-wrong = { $left ->
    [one] ⚠️ That is not the code. You have one try left.
   *[other] ⚠️ That is not the code. You have { $left } tries left.
 }
email_code-error-void = ⚠️ This code no longer counts: have another one sent.
email_code-error-too_many = ⚠️ I cannot send further codes now: try again in a minute, or tomorrow if you have asked for five already.
email_code-error-address = ⚠️ The mail server refuses this address: check it and correct it.
email_code-error-mail = ⚠️ E-mail does not leave at the moment. Try again soon.
email_code-mail-subject = Your code for A486
email_code-mail-text =
    The code to verify your e-mail is { $code }.

    Type it in the chat with the A486 bot. It is good for 15 minutes.
    If you did not ask for it, ignore this message.


look_ups-spent =
    ⏳ <b>Look-up limit reached</b>
    { $limit }.

    Try again from { $time } on { $day }.
    If you need more, write to the support desk.
look_ups-limit-person_hour = { $limit ->
    [one] 1 look-up an hour per person
   *[other] { $limit } look-ups an hour per person
 }
look_ups-limit-person_day = { $limit ->
    [one] 1 look-up in 24 hours per person
   *[other] { $limit } look-ups in 24 hours per person
 }
look_ups-limit-integrator_hour = { $limit ->
    [one] 1 look-up an hour for the whole company
   *[other] { $limit } look-ups an hour for the whole company
 }
look_ups-limit-integrator_day = { $limit ->
    [one] 1 look-up in 24 hours for the whole company
   *[other] { $limit } look-ups in 24 hours for the whole company
 }

filters-press = Press a filter to set or clear it.
filters-set = ☑️ { $name }
filters-on = { $day }
filters-since = from { $day } to today
filters-until = until { $day }
filters-between = { $first } to { $last }
filters-which = { $number ->
    [one] One company has “{ $words }” in its name: is it this one?
   *[other] { $number } companies have “{ $words }” in their names: which one?
 }
filters-which_first = { $number } companies have “{ $words }” in their names, these are the first { $shown }: which one? You can write a longer name too.
filters-period-today = Today
filters-period-week = 7 days
filters-period-month = 30 days
filters-period-year = This year
filters-error-pod = ⚠️ This is no POD. Check the code, on the bill for example.
filters-error-sid = ⚠️ This is no SID: it has 17 letters and digits.
filters-error-nid = ⚠️ This is no NID: it has 12 characters, digits and letters from A to F.
filters-error-words = ⚠️ Write { $least } to { $most } characters.
filters-error-period = ⚠️ I do not recognise the date. Write 1/9/2026, or from 1/9/2026 to 15/9/2026.
filters-error-company = ⚠️ No company has that name.
filters-button-find = 🔎 Search
filters-button-any = ✕ Clear the filter
filters-button-new = 🔄 New search
filters-button-filters = ✏️ Filters
filters-button-csv = 📄 Export CSV
filters-button-xlsx = 📄 Export XLSX
filters-gone = This search is not there any more: searches are kept for 30 days.
filters-making = ⏳ Making the file…
filters-made = { $number ->
    [one] ✅ The file is ready, below.
   *[other] ✅ The files are ready, below: { $number } of them.
 }
filters-failed = I could not make the file. Try again soon.
filters-today = today
filters-last_days = { $number ->
    [one] the last day
   *[other] the last { $number } days
 }
filters-to_today = until today
filters-until_ask =
    <b>Until when?</b>
    From { $day } to… Choose the last day, or write it (15/9/2026).
filters-until_ask_start =
    <b>Until when?</b>
    Choose the last day, or write it (15/9/2026).
filters-error-day = ⚠️ I do not recognise the day. Write 15/9/2026, for example.
filters-error-before = ⚠️ The last day cannot come before { $day }.
filters-button-today = To: today
filters-button-start = From the beginning

calendar-month-1 = Jan { $year }
calendar-month-2 = Feb { $year }
calendar-month-3 = Mar { $year }
calendar-month-4 = Apr { $year }
calendar-month-5 = May { $year }
calendar-month-6 = Jun { $year }
calendar-month-7 = Jul { $year }
calendar-month-8 = Aug { $year }
calendar-month-9 = Sep { $year }
calendar-month-10 = Oct { $year }
calendar-month-11 = Nov { $year }
calendar-month-12 = Dec { $year }
calendar-weekday-1 = Mo
calendar-weekday-2 = Tu
calendar-weekday-3 = We
calendar-weekday-4 = Th
calendar-weekday-5 = Fr
calendar-weekday-6 = Sa
calendar-weekday-7 = Su
