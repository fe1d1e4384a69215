privacy-menu = 🔒 Privacy
privacy-text =
    <b>Your data</b>
    I only keep what is needed to recognise you, enable you and answer you.

    • <b>Profile and companies</b>: as long as you use the service.
    • <b>A registration not sent</b>: { $registration } days. With an answer, { $decided } days.
    • <b>Messages I wrote to you</b>: { $messages } days, so that buttons work.
    • <b>What you write to me</b>: until I have answered. If something goes wrong, { $failed } days.
    • <b>Watched PODs</b>: until you end them or they end, then 30 days.
    • <b>Notices</b>: { $notices } days.
    • <b>Bulk requests</b>: { $requests } days; they belong to your company.
    • <b>Programming jobs</b>, with photo and position: { $programming } days; they belong to your company.
    • <b>Requests for assistance</b>: { $tickets } days after they are closed; what you look for among them, 30 days.
    • <b>Record of what was done</b>: it stays, to protect the final customers, with a random code in place of your name.

    You can have a copy of everything, or erase it.
privacy-button-export = 📄 My data
privacy-button-erase = 🗑 Erase my data
privacy-button-erase_now = 🗑 Yes, erase everything
privacy-button-keep = ‹ No, leave it as it is
privacy-gathering = ⏳ Gathering your data…
privacy-gathered = I have gathered your data: it is in the document below.
privacy-document =
    Everything I know about you, as JSON.
    I keep no copy of it for more than a day or two. Do not pass it on.
privacy-failed = ⚠️ I could not do it, and nothing has changed. Try again soon.
privacy-ask =
    <b>Shall I erase your data?</b>
    Name, e-mail, mobile, Codice Fiscale, messages, notices, recent and watched PODs and your companies go: you will no longer be able to use the service. This cannot be undone.

    <b>What was done stays</b>, without your name: associations, the company’s bulk requests, declarations, deliveries and the record of operations. The protection of the final customers requires it.

    You can delete the messages already in this chat yourself, in Telegram.
privacy-erasing = ⏳ Erasing your data…
privacy-erased =
    Your data is erased.
    I keep no copy of this message. Should you ever want to come back, write /start.
privacy-last_referent =
    ⛔ Not yet: you are the last referent of <b>{ $company }</b>, which has other users.
    First tell your colleagues and the service, and have another referent named; then come back here.

command-privacy = Your data: what I keep, a copy, erasure
privacy-last_administrator = ⛔ Not yet: you are the service’s only administrator. First name another one with /people; then come back here.
