command-assistenza = Ask for assistance
command-richieste = Requests for assistance to work at
assistance-menu = 🆘 Assistance
assistance-title = <b>Assistance</b>
assistance-device = Which device do you need help with?
assistance-which = What is it about?
assistance-back = ‹ Back
assistance-did_it_help = <b>Did that solve it?</b>
assistance-glad = ✅ Good, glad that it works.
assistance-button-solved = ✅ Yes, solved
assistance-button-unsolved = 🆘 No, ask the support
assistance-button-open = ✉️ Write to the support

ticket_new-description-ask =
    <b>Describe the problem</b>
    What were you doing, and what happened? A POD, SID or NID in your text is recognised.
ticket_new-description-label = Description
ticket_new-description-edit = ✏️ Description
ticket_new-description-value = { $text }
ticket_new-codes-ask =
    <b>Which supply and device is it about?</b>
    Write what you have in one message: POD, production POD, SID, NID.
ticket_new-codes-label = Codes
ticket_new-codes-edit = ✏️ Codes
ticket_new-codes-value = { $codes }
ticket_new-codes-error-none = ⚠️ There is no POD, SID or NID in this. Check the code, or press the button.
ticket_new-codes-error-several = ⚠️ A request is about one supply: one POD with its production POD, one SID and one NID at most.
ticket_new-button-no_codes = No code
ticket_new-confirm-heading =
    <b>Send this request?</b>
    { $category }
ticket_new-confirm-button = ✅ Send
ticket_new-opened = ✅ <b>Request sent.</b> The answer comes here.

ticket-mine = My requests
ticket-none = You have not asked for assistance yet.
ticket-list = <b>Requests for assistance</b>, newest first:
ticket-listed = { $mark } No. { $number } · { $category }
ticket-mark-open = ⏳
ticket-mark-in-progress = 🛠
ticket-mark-closed = ✅
ticket-state-open = ⏳ Open
ticket-state-in-progress = 🛠 In progress
ticket-state-closed = ✅ Closed
ticket-title = 🆘 <b>Request no. { $number }</b> · { $state }
ticket-about =
    { $device }
    { $category }
ticket-code = { $name } <code>{ $code }</code>
ticket-production = Production POD
ticket-opened = Opened { $at } by { $name }, { $company }
ticket-opened_alone = Opened { $at } by { $name }
ticket-somebody = an erased user
ticket-operator = 👤 { $name }
ticket-closed = { $days ->
    [0] Closed { $at }, within a day
    [one] Closed { $at }, after a day
   *[other] Closed { $at }, after { $days } days
 }
ticket-days = { $days ->
    [0] Waiting for less than a day
    [one] Waiting for a day
   *[other] Waiting for { $days } days
 }
ticket-earlier = { $number ->
    [one] … an earlier message
   *[other] … { $number } earlier messages
 }
ticket-said-request =
    <b>{ $name }</b> · { $at }
    { $text }
ticket-said-answer =
    💬 <b>Support, { $name }</b> · { $at }
    { $text }
ticket-said-note =
    🔒 <b>Internal note by { $name }</b> · { $at }
    { $text }
ticket-button-open = 🆘 Request no. { $number }
ticket-button-take = 👤 Take it
ticket-button-answer = 💬 Answer
ticket-button-note = 🔒 Internal note
ticket-button-close = ✅ Close
ticket-button-give_back = ↩️ Give back
ticket-button-add = 💬 Add a message
ticket-button-reopen = 🔄 Reopen
ticket-button-again = ✏️ Write anew
ticket-error-length = { $least ->
    [one] ⚠️ Write a text of up to { $most } characters.
   *[other] ⚠️ Write { $least } to { $most } characters: the more you tell, the sooner you are helped.
 }
ticket-gone = This request does not exist, or is not yours.
ticket-taken = { $name } works at this request already.
ticket-over = This request is closed.
ticket-too_many = You have { $number } open requests already: add a message to one of them, in “My requests”.
ticket-too_late = This request was closed more than 30 days ago: open a new one.

ticket-told_opened =
    🆘 <b>New request no. { $number }</b>
    { $category }
    From { $name }
ticket-told_reopened =
    🔄 <b>Request no. { $number } reopened</b>
    { $category }
    From { $name }
ticket-told_said =
    💬 <b>Request no. { $number }</b> · { $name } writes:

    { $text }
ticket-told_taken = 🛠 <b>Request no. { $number }</b>: { $name } works at it.
ticket-told_answer =
    💬 <b>Request no. { $number }</b> · the support answers:

    { $text }
ticket-told_closed =
    ✅ <b>Request no. { $number } closed.</b>

    { $text }

    If it is not solved, reopen it within 30 days.

ticket_add-text-ask = What do you want to add to request no. { $number }?
ticket_add-send-ask =
    <b>Add this to request no. { $number }?</b>

    { $text }
ticket_add-button-send = ✅ Send
ticket_add-done = ✅ Added.
ticket_answer-text-ask = What do you answer to request no. { $number }?
ticket_answer-send-ask =
    💬 <b>{ $name } will read this</b> (request no. { $number }):

    { $text }
ticket_answer-button-send = 💬 Send to the requester
ticket_answer-done = 💬 Answer sent.
ticket_close-text-ask = How was request no. { $number } solved? The requester will read your answer.
ticket_close-send-ask =
    ✅ <b>Close request no. { $number }</b>. { $name } will read this:

    { $text }
ticket_close-button-send = ✅ Send and close
ticket_close-done = ✅ Request closed.
ticket_note-text-ask = 🔒 What do you note on request no. { $number }? Only the staff reads it.
ticket_note-send-ask =
    🔒 <b>Internal note on request no. { $number }</b>, for the staff only:

    { $text }
ticket_note-button-send = 🔒 Save the note
ticket_note-done = 🔒 Note saved.

ticket_new-attachments-ask =
    <b>Anything to attach?</b>
    Send photos, documents or a voice message: a photo of the lights or of the label helps a lot.
ticket_new-attachments-more = Send more files, or go on.
ticket_new-attachments-label = Attachments
ticket_new-attachments-edit = ✏️ Attachments
ticket_new-attachments-error-none = ⚠️ Send a file, or press a button.
ticket_new-button-no_files = Go on without

ticket-files-receiving = { $number ->
    [one] ⏳ Receiving the file…
   *[other] ⏳ Receiving { $number } files…
 }
ticket-files-asking_laptop = ⏳ Asking the laptop for its diagnostics. This can take a minute.
ticket-files-added = { $number ->
    [one] ✅ Added: { $added } · 1 attachment
   *[other] ✅ Added: { $added } · { $number } attachments
 }
ticket-files-photo = { $number ->
    [one] 1 photo
   *[other] { $number } photos
 }
ticket-files-document = { $number ->
    [one] 1 document
   *[other] { $number } documents
 }
ticket-files-voice = { $number ->
    [one] 1 voice message
   *[other] { $number } voice messages
 }
ticket-files-one-photo = photo
ticket-files-one-document = document
ticket-files-one-voice = voice message
ticket-files-none = none
ticket-files-with = 📄 <b>Attachments</b>: { $files }
ticket-files-line = { $number }. { $name } ({ $size })
ticket-files-text = { $text }
ticket-files-words = Write a message to go with them if you like, or send more files.
ticket-files-wordless = (attachments only)
ticket-files-not = ⚠️ { $why }
ticket-files-named = ⚠️ <b>{ $name }</b>: { $why }
ticket-files-why-gone = Telegram no longer has this file: send it again.
ticket-files-why-too_big = It is too large: 20 MB at most.
ticket-files-why-too_many = A message has at most 10 attachments: this one was not taken.
ticket-files-why-full = The attachments of a request come to 50 MB at most: this one was not taken.
ticket-files-why-empty = The file is empty.
ticket-files-why-program = It is a program, which cannot be attached.
ticket-files-why-script = It is a script, which cannot be attached. If its text matters, paste it into the message.
ticket-files-why-markup = HTML pages, XML and SVG pictures cannot be attached: send a photo of the screen.
ticket-files-why-macros = It may hold macros: save it as XLSX without macros, or as PDF.
ticket-files-why-picture = The picture cannot be read: send it as a photo, in JPEG or PNG.
ticket-files-why-archive = Of archives, only ZIP files are taken.
ticket-files-why-audio = This audio cannot be attached: record a voice message.
ticket-files-why-video = Videos cannot be attached: send a photo or a voice message.
ticket-files-why-sticker = Stickers cannot be attached.
ticket-files-why-mixed = The file is several things in one, and cannot be attached.
ticket-files-why-active = This PDF holds automatic actions or other files: print it to a new PDF.
ticket-files-why-broken = The file is damaged or not complete: send it again.
ticket-files-why-type = This kind of file cannot be attached. Photos, PDF, CSV, XLSX, TXT, ZIP and voice messages can.
ticket-files-why-failed = The file could not be received: send it again.
ticket-files-why-away = The laptop disconnected before it answered.
ticket-files-why-silent = The laptop did not answer in time.
ticket-files-ticket_full = ⚠️ The attachments of a request come to { $megabytes } MB at most: take some away.
ticket-files-forgotten = ⚠️ The attachments are not available any more: send them again.
ticket-files-laptop_away = ⚠️ The laptop { $host } is not connected (last seen { $at }). Start <code>a486-bridge run</code> and try again.
ticket-files-button-show = 📄 Attachments ({ $number })
ticket-files-button-go_on = Go on
ticket-files-button-wordless = Go on without words
ticket-files-button-drop = 🗑 Take the attachments away
ticket-files-button-laptop = 🔌 Diagnostics of the laptop
ticket-files-button-this_laptop = 🔌 Diagnostics of { $host }
ticket-files-button-earlier = « Earlier
ticket-files-which = <b>Attachments of request no. { $number }</b>, newest first:
ticket-files-of = { $at } · { $name } · { $files }
ticket-files-no_more = There are no attachments to show.
ticket-files-from-request = Request no. { $number } · who asked, { $at }
ticket-files-from-answer = 💬 Request no. { $number } · Assistance, { $at }
ticket-files-from-note = 🔒 Request no. { $number } · Internal note, { $at }
ticket-report-title = Diagnostics of the laptop
ticket-report-laptop = Laptop
ticket-report-reason = Failed
ticket-report-nothing = No device is connected.

ticket_photo-purpose-ask = { $number ->
    [one] 📷 <b>Open a request with this photo?</b>
   *[other] 📷 <b>Open a request with these { $number } photos?</b>
 }
ticket_photo-button-new = 🆘 New request
ticket_photo-button-add = ➕ { $ticket }

desk-menu = 📥 Requests
desk-head-unassigned = <b>To be taken</b>, oldest first:
desk-head-mine = <b>Yours</b>, oldest first:
desk-head-closed = <b>Closed</b>, newest first:
desk-none-unassigned = No request waits to be taken.
desk-none-mine = You have no requests.
desk-none-closed = No closed requests.
desk-queue-unassigned = ⏳ To be taken
desk-queue-mine = 🛠 Mine
desk-queue-closed = ✅ Closed
desk-first = « From the start
desk-next = More ›
desk-given_back = ↩️ Given back: anybody of the staff may take it.
