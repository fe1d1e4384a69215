# Useful documents.
command-documenti = Useful documents: contract, specifications, firmware, drivers
notice-document_news = News in the folders you follow

documents-menu = 🗂 Useful documents
documents-menu_short = Useful documents
documents-root =
    🗂 <b>Useful documents</b>

    Contract, specifications, firmware, drivers and software. Choose a folder.
documents-title = 🗂 <b>{ $trail }</b>
documents-empty = There is no document here yet. Follow the folder, and I’ll tell you when one comes.
documents-no_folder = This folder is not there any more: start from here.
documents-gone = This document is not available any more.
documents-bytes = { $number } bytes
documents-kilobytes = { $number } KB
documents-megabytes = { $number } MB
documents-version = Version { $label } of { $dated } · { $size }
documents-card =
    🗂 { $trail }

    <b>{ $title }</b>
    Version { $label } of { $dated }
    📄 { $file } · { $size }
documents-caption = <b>{ $title }</b> · version { $label } of { $dated }
documents-withdrawn = 🚫 Withdrawn: only the staff sees it.
documents-downloads = { $number ->
    [0] Nobody has downloaded this version yet.
    [one] Downloaded once.
   *[other] Downloaded { $number } times.
 }
documents-by_link = It is too large for Telegram: you get it by a personal link, good for { $number } hours.
documents-too_large = ⚠️ It is too large for Telegram, and I cannot give it by a link here. Ask for it with /assistance.
documents-link =
    <b>{ $title }</b> · version { $label } · { $size }

    The link is for you alone, and good until <b>{ $until }</b>. If the download breaks off, resume it from the same link.
documents-older = <b>{ $title }</b>: earlier versions
documents-no_older = <b>{ $title }</b>: no earlier version.

documents-button-find = 🔎 Search
documents-button-find_again = 🔎 Search again
documents-button-followed = 🔔 Followed folders
documents-button-follow = 🔔 Follow this folder
documents-button-unfollow = 🔔 Stop following
documents-button-add = ➕ Add a document
documents-button-get = 📥 Download
documents-button-link = 📥 Download by a link
documents-button-open = 📥 Open the link
documents-button-older = 🕘 Earlier versions ({ $number })
documents-button-card = 📄 The document
documents-button-results = ‹ Results
documents-button-next = ➕ New version
documents-button-withdraw = 🗑 Withdraw
documents-button-withdraw_now = 🗑 Yes, withdraw
documents-button-keep = No, leave it
documents-button-restore = 🔄 Put it back
documents-button-up = ‹ Folder above
documents-button-today = Today, { $dated }

documents-now_followed = 🔔 I’ll tell you of each new document and version in this folder.
documents-now_unfollowed = You no longer follow this folder.
documents-all_followed = <b>Folders you follow</b>
documents-none_followed = You follow no folder. Open one and press “Follow this folder”.
documents-too_many_followed = You follow { $number } folders already: leave one first. Following a folder covers those inside it.
documents-news = 🔔 <b>Useful documents</b>
documents-news_document =
    New document: <b>{ $title }</b>
    { $trail }
    { $version }
documents-news_version =
    New version: <b>{ $title }</b>
    { $trail }
    { $version }
documents-news_more = And { $number } more: open them from their folders.

document_find-words-ask = What are you looking for? Write one or more words of the title, the file or the folder.
document_find-words-error-unusable = ⚠️ Write one to { $number } words, with two letters at least.
documents-found = { $number ->
    [0] 🔎 <b>{ $words }</b>: no document. Try fewer words.
    [one] 🔎 <b>{ $words }</b>: one document
   *[other] 🔎 <b>{ $words }</b>: { $number } documents
 }
documents-line =
    <b>{ $title }</b>
    { $trail }
    { $version }
documents-search_gone = This search is too old: search again.

document_new-about = New version of <b>{ $title }</b>. The present one is { $label }.
document_new-file-ask = Send the file, as a document: up to { $number } MB. The operator adds larger ones.
document_new-file-label = File
document_new-file-edit = ✏️ File
document_new-file-error-not_a_file = ⚠️ Send a file as a document, not as a photo or a text.
document_new-file-error-several = ⚠️ One file at a time.
document_new-folder-ask = Which folder does it belong in?
document_new-folder-label = Folder
document_new-folder-edit = ✏️ Folder
document_new-title-ask = What is its title? Write it, or use the file’s.
document_new-title-label = Title
document_new-title-edit = ✏️ Title
document_new-title-error-length = ⚠️ A title has 1 to { $number } characters.
document_new-version-ask = Which version is it? Write it, for example <code>1.2</code>.
document_new-version-label = Version
document_new-version-edit = ✏️ Version
document_new-version-error-length = ⚠️ A version has 1 to { $number } characters.
document_new-date-ask = Which date does it bear? Write it like this: <code>31/12/2026</code>.
document_new-date-label = Date
document_new-date-edit = ✏️ Date
document_new-date-error-unreadable = ⚠️ That is no date: write it like this, <code>31/12/2026</code>.
document_new-date-error-out_of_range = ⚠️ The date must be past, or today’s.
document_new-confirm-heading = <b>Publish this document?</b>
document_new-confirm-heading_version = <b>Publish this version of { $title }?</b>
document_new-confirm-button = ✅ Publish
documents-value = { $value }
documents-file_value = { $file } · { $size }
documents-reading = ⏳ Looking at the file…
documents-published = ✅ Published. Whoever follows the folder is told.
documents-title_taken = ⚠️ This folder has a document of this title already: change the title, or add a version to that one.
documents-version_taken = ⚠️ Version { $label } is there already: write another one.
documents-forgotten = ⚠️ It took too long and the file is gone: send it again.
documents-why-empty = ⚠️ The file is empty.
documents-why-kind = ⚠️ I do not publish files of this kind. PDF, Word, Excel, PowerPoint, text, pictures and archives are fine, and for tools installers and firmware too.
documents-why-disguised = ⚠️ The content is not what the file’s name says: I do not publish it.
documents-why-active = ⚠️ The PDF holds scripts or starts programs: save it again without.
documents-why-macros = ⚠️ The file holds macros: save it again without.
documents-why-broken = ⚠️ The file is broken: I cannot read it.
documents-why-gone = ⚠️ Telegram no longer has the file: send it again.
documents-why-too_big = ⚠️ The file is larger than { $number } MB: the operator adds it with <code>a486 documents sync</code>.
documents-why-failed = ⚠️ I could not read the file: send it again.
documents-why-tool = ⚠️ This file can run: it belongs in “Software tools” only.

documents-withdraw_ask = Withdraw <b>{ $title }</b>, with all its versions? You can put it back.
documents-withdraw_version_ask = Withdraw version { $label } of <b>{ $title }</b>? This one cannot be put back.
documents-version_withdrawn = Version withdrawn.
documents-restored = ✅ Available again.
documents-only_version = It is the only version: withdraw the document.

documents-http-unknown = This link is not valid.
documents-http-expired = This link has expired: ask for another one in the chat.
documents-http-gone = This document is not available any more.
documents-http-not_permitted = You may not download documents any more.
documents-http-busy = Too many downloads at once: try again soon.
documents-http-yours = You have other downloads under way: let them end, then try again.
