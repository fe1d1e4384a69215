command-assistenza = Ask for assistance
command-richieste = Requests for assistance
assistance-menu = 🆘 Assistance
assistance-title = <b>Assistance</b>
assistance-device = Which device do you need help with?
assistance-which = What is it about?
assistance-back = ‹ Back
assistance-did_it_help = <b>Did that solve it?</b>
assistance-glad = ✅ Good, glad that it works.
assistance-button-solved = ✅ Yes, solved
assistance-button-unsolved = 🆘 No, contact support
assistance-button-open = ✉️ Write to the support

ticket_new-description-ask =
    <b>Describe the problem</b>
    What were you doing, and what happened? A POD, SID or NID in your text is recognised.
ticket_new-description-label = Description
ticket_new-description-edit = ✏️ Description
ticket_new-description-value = { $text }
ticket_new-codes-ask =
    <b>Which supply and device is it about?</b>
    Write what you have in one message: POD, production POD, SID, NID. A <b>photo of the label</b> will do, too.
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
ticket_new-opened = ✅ <b>Request sent.</b> You will get the answer here.

ticket-mine = My requests
ticket-none = You have no requests yet.
ticket-list = <b>Requests for assistance</b>, newest first:
ticket-listed = { $mark } No. { $number } · { $category }
ticket-listed_of = { $mark } No. { $number } · { $name } · { $category }
ticket-listed_desk = { $mark } No. { $number } · { $company } · { $category }
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
ticket-begun = Begun by assistance on { $at } with { $name }, { $company }
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
ticket-too_long = ⚠️ The text is too long and was not sent: write { $number } characters at most.
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
ticket_new-attachments-added = ✅ Added to the description.
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
    [one] ✅ Received: { $added }.
   *[other] ✅ Received: { $added }. Attachments in all: { $number }.
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
ticket-files-button-drop = 🗑 Remove the attachments
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
desk-queue-unassigned = { $number ->
    [0] ⏳ To be taken
   *[other] ⏳ To be taken · { $number }
 }
desk-queue-mine = { $number ->
    [0] 🛠 Mine
   *[other] 🛠 Mine · { $number }
 }
desk-queue-closed = ✅ Closed
desk-given_back = ↩️ Given back: anybody of the staff may take it.

ticket-button-hand_over = 👥 Hand over to…
ticket-button-take_over = 👤 Take it over
ticket-button-scp = 📄 Attach the SCP file
ticket-button-withdraw = Withdraw the message
ticket-edited = ✏️ <i>edited</i>
ticket-undelivered = ⚠️ <i>Not delivered: the requester gets no messages from the bot</i>
ticket-topic = { $mark } no. { $number } · { $company } · { $category }
ticket-topic_rules = <i>Every line below is an internal note. To write to { $name }: reply to one of their messages, or press “Answer”.</i>
ticket-topic_reopened = 🔄 <b>{ $name } has reopened the request.</b>
ticket-topic_withdrawn = <i>This message was taken back.</i>
ticket-topic_undelivered =
    ⚠️ <b>Not delivered:</b> { $name } gets no messages from the bot.

    { $text }
ticket-topic_delivered =
    ✅ Delivered to { $name }:

    { $text }
ticket-no_role = ⚠️ Nothing was sent: you have no role in assistance.
ticket-anonymous = ⚠️ Nothing was sent: I do not know who an anonymous administrator is. Write under your own name.
ticket-only_text = ⚠️ A file reaches the requester from the question only: press “Answer” on the card and send it there.
ticket-sent_already = ⚠️ The answer had left already: the requester reads the earlier one.
ticket-not_sent = I sent nothing.
ticket-answer_here = <i>Reply to this message: other lines stay internal notes.</i>
ticket-done_here = { $text }
ticket-added = 💬 Added to request no. { $number }.
ticket-withdrawn = Withdrawn from request no. { $number }.
ticket-edit_told = ✏️ I have changed it in request no. { $number } too.
ticket-edit_late = That request is closed: the message stays as it was.
ticket-told_handed =
    👥 <b>Request no. { $number } is yours now</b>
    { $category }
    From { $name }
ticket-told_undelivered =
    ⚠️ <b>Request no. { $number }</b> · not delivered: { $name } gets no messages from the bot.

    { $text }
ticket_which-which-ask =
    <b>To which request shall I add it?</b>

    { $text }
ticket_which-which-ask_pod =
    <b>What shall I do with this message?</b>

    { $text }
ticket_which-button-none = 🆘 New request
ticket_which-button-search = 🔎 Look up POD { $pod }
desk-hand_over = Who takes request no. { $number }?
ticket_new-device-ask =
    <b>New request</b>
    { $text }

    With which device do you need help?
ticket_new-device-label = Device
ticket_new-device-edit = ✏️ Device
ticket_new-device-value = { $device }
ticket-about_outcome = “{ $outcome }” for POD { $pod }.
ticket-about_reference = The bot did not complete something. Reference: { $reference }.
ticket_new-two_devices = ⚠️ SID and NID are of two different devices: check them.
ticket_new-codes-not_yours = ⚠️ This device is not among yours.
ticket-topic_request =
    <b>{ $name }</b>
    { $text }
ticket-topic_answer =
    💬 <b>{ $name }, to the requester</b>
    { $text }
ticket-topic_note =
    🔒 <b>Internal note by { $name }</b>
    { $text }
desk-button-contact = ✉️ Write to an integrator
ticket_contact-words-ask = Whom do you write to? Search by name, e-mail, company or partita IVA.
ticket_contact-words-error-short = ⚠️ Write at least { $least } characters.
ticket_contact-words-error-nobody = ⚠️ I find nobody. Try other words.
ticket_contact-person-ask = Which of them?
ticket_contact-person-label = To
ticket_contact-person-edit = ✏️ Recipient
ticket_contact-person-value = { $name }
ticket_contact-device-ask = To: <b>{ $name }</b>. Which device is it about?
ticket_contact-device-label = Device
ticket_contact-device-edit = ✏️ Device
ticket_contact-device-value = { $device }
ticket_contact-text-ask = What do you write to { $name }?
ticket_contact-text-label = Message
ticket_contact-text-edit = ✏️ Message
ticket_contact-text-value = { $text }
ticket_contact-confirm-heading = 💬 <b>{ $name } will read this:</b>
ticket_contact-confirm-button = 💬 Send
ticket_contact-done = 💬 Message sent: the answer comes in this request.
ticket-told_begun =
    💬 <b>Assistance writes to you</b> (request no. { $number }):

    { $text }

    Reply to this message whenever you like.
ticket-listed_late = { $hours ->
    [0] 🔴 less than 1 h · no. { $number } · { $company } · { $category }
   *[other] 🔴 { $hours } h · no. { $number } · { $company } · { $category }
 }
ticket-hours = { $number ->
    [one] one working hour
   *[other] { $number } working hours
 }
ticket-minutes = { $number ->
    [0] less than a minute
    [one] one minute
   *[other] { $number } minutes
 }
ticket-due-answer = 🕘 First answer due by { $at }
ticket-due-solve = 🕘 To be solved by { $at }
ticket-overdue-answer = 🔴 First answer late by { $late }
ticket-overdue-solve = 🔴 Solution late by { $late }
ticket-nobody = 👤 Nobody has it
ticket-button-solved = ✅ Solved
ticket-button-unsolved = ❌ Not yet
ticket-rated-solved = ✅ The requester says that it is solved
ticket-rated-unsolved = ❌ The requester says that it is not solved
ticket-thanks-solved = ✅ <b>Thank you!</b> Good that it is solved.
ticket-thanks-unsolved = ❌ <b>Thank you for telling.</b> “Reopen” gives the request back to the support, within 30 days of its closing.
ticket-not_closed = This request is open again: you can say whether it is solved when it is closed.
ticket-already_rated = You have answered already, thank you. If the problem is still there, reopen the request within 30 days of its closing.
ticket-told_late-answer =
    🔔 <b>Request no. { $number }</b>: the first answer is missing, which was due by { $at }.
    { $category }
    { $operator }
ticket-told_late-solve =
    🔔 <b>Request no. { $number }</b>: it was to be solved by { $at }.
    { $category }
    { $operator }
ticket-told_escalated-answer =
    🔴 <b>Request no. { $number } is very late</b>: the first answer is missing, which was due by { $at }.
    { $category }
    { $operator }
ticket-told_escalated-solve =
    🔴 <b>Request no. { $number } is very late</b>: it was to be solved by { $at }.
    { $category }
    { $operator }

desk-head-late = <b>Late</b>, the most overdue first (in working hours):
desk-none-late = No request is late.
desk-queue-late = { $number ->
    [0] 🔴 Late
   *[other] 🔴 Late · { $number }
 }
desk-day-head = 📋 <b>Requests for assistance, today</b>
desk-day-numbers =
    ⏳ To be taken: { $unassigned }
    🛠 Yours: { $mine }
    🔴 Late: { $late }
    ✅ Closed since { $since }, up to yesterday: { $closed }
desk-day-oldest = The oldest open one: no. { $number }, of { $at }
notice-ticket_digest = Requests for assistance, every morning
ticket_report-menu = 📊 Report on requests
ticket_report-title = 📊 <b>Report on requests for assistance</b>
ticket_report-no_filter = No filter: I find all requests that you may see.
ticket_report-filter-number = Number
ticket_report-filter-state = State
ticket_report-filter-opened = Opened
ticket_report-filter-closed = Closed
ticket_report-filter-pod = POD
ticket_report-filter-production_pod = Production POD
ticket_report-filter-any_pod = POD or production POD
ticket_report-filter-sid = SID
ticket_report-filter-nid = NID
ticket_report-filter-requester = Requester
ticket_report-filter-words = Words
ticket_report-filter-integrator_id = Company
ticket_report-ask-number = What is the number of the request?
ticket_report-ask-state = Which state?
ticket_report-ask-opened =
    <b>Opened when?</b>
    Write a day (1/9/2026, today, yesterday) or a period (from 1/9/2026 to 15/9/2026), or choose.
ticket_report-ask-closed =
    <b>Closed when?</b>
    Write a day (1/9/2026, today, yesterday) or a period (from 1/9/2026 to 15/9/2026), or choose.
ticket_report-ask-pod = Which POD?
ticket_report-ask-production_pod = Which production POD?
ticket_report-ask-any_pod = Which POD, of the supply or of its production?
ticket_report-ask-sid = Which SID? A <b>photo of the label</b> will do, too.
ticket_report-ask-nid = Which NID? A <b>photo of the label</b> will do, too.
ticket_report-ask-requester = Who opened the request? Write the name or a part of it, or choose.
ticket_report-ask-words = Which words do you look for in the messages?
ticket_report-ask-integrator_id = Of which company? Write a part of its name, or the beginning of its partita IVA.
ticket_report-error-number = ⚠️ Write the number only, such as 12.
ticket_report-found = { $number ->
    [0] 📊 <b>No request found</b>
    [one] 📊 <b>One request found</b>
   *[other] 📊 <b>{ $number } requests found</b>
 }
ticket_report-line = <b>no. { $number }</b> · { $state } · { $at }
ticket_report-number = no. { $number }
ticket_report-file = { $number ->
    [one] Report on requests: one line
   *[other] Report on requests: { $number } lines
 }

ticket_find-button = 🔎 Find a request
ticket_find-what-ask =
    <b>What shall I look for among the requests?</b>
    Write the number, a POD, a SID, a NID, or a word of the messages. A <b>photo of the label</b> will do, too.
ticket_find-what-error-short = ⚠️ Write two characters at least, or the number of the request.

ticket_transcript-button = 📄 Transcript
ticket_transcript-caption = All that you may read of request no. { $number }.
ticket_transcript-title = Request for assistance no. { $number }
ticket_transcript-made = Transcript of { $at }
ticket_transcript-about = Request
ticket_transcript-messages = Messages
ticket_transcript-state = State
ticket_transcript-state-open = Open
ticket_transcript-state-in-progress = In progress
ticket_transcript-state-closed = Closed
ticket_transcript-device = Device
ticket_transcript-category = Subject
ticket_transcript-requester = Requester
ticket_transcript-company = Company
ticket_transcript-opened = Opened
ticket_transcript-operator = Operator
ticket_transcript-closed = Closed on
ticket_transcript-time = { $at }
ticket_transcript-said-request =
    { $name }
    { $text }
ticket_transcript-said-answer =
    Support, { $name }
    { $text }
ticket_transcript-said-note =
    INTERNAL NOTE by { $name }
    { $text }
ticket_transcript-signs = Emoji and other signs of the messages may be missing here.

canned-menu = 📝 Canned answers
canned-list =
    📝 <b>Canned answers</b>
    They are also buttons, where you answer a request.
canned-none =
    📝 <b>Canned answers</b>
    There are none yet. Add what you write often: it becomes a button where you answer.
canned-card =
    📝 <b>{ $title }</b>

    { $text }
canned-value = { $text }
canned-language-it = Italian
canned-language-en = English
canned-language-any = Any language
canned-button-add = ➕ Add
canned-button-change = ✏️ Change
canned-button-remove = 🗑 Delete
canned-button-remove_now = 🗑 Yes, delete
canned-button-keep = ↩️ No, keep
canned-remove_ask = Delete the canned answer «{ $title }»?
canned-kept = ✅ Canned answer kept.
canned-removed = 🗑 Canned answer deleted.
canned-gone = This canned answer is not there any more.
canned-too_many = There are { $number } canned answers, as many as there may be: delete one before you add another.
canned-error-gone = ⚠️ This canned answer is not there any more: choose another, or write.
canned_answer-title-ask = What is the canned answer called? The title stands on the button.
canned_answer-title-label = Title
canned_answer-title-edit = ✏️ Title
canned_answer-title-error-length = ⚠️ Write a title of { $least } to { $most } characters.
canned_answer-text-ask = What does it say? You always read it again before it is sent.
canned_answer-text-label = Text
canned_answer-text-edit = ✏️ Text
canned_answer-language-ask = In which language is it?
canned_answer-language-label = Language
canned_answer-language-edit = ✏️ Language
canned_answer-confirm-heading = <b>Keep this canned answer?</b>
canned_answer-confirm-button = ✅ Keep
ticket-too_many_words = You have sent { $number } messages within an hour, and all of them are read. This one was not sent: try again in a while.
ticket-noted = 🔒 Kept as an internal note. To write to the requester, reply to one of their messages, or press “Answer” on the card.
ticket-only_words = 🔒 Files stay here in the topic: the request has the text only.
ticket-answers_none = That person answers no requests for assistance: choose another colleague.
ticket_photo-purpose-ask_files = { $number ->
    [one] 📄 <b>Do you want to open a request with this file?</b>
   *[other] 📄 <b>Do you want to open a request with these { $number } files?</b>
 }
ticket-taken_here = ⚠️ Nothing was sent: request no. { $number } is { $name }’s.
ticket-handed = 👥 Handed over to { $name }.
ticket-reopened = 🔄 <b>Request reopened.</b> Write here what is still wrong.
