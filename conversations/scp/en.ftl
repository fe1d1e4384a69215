scp-button-get = 📄 SCP file
scp-moment = ⏳ Preparing the SCP file…
scp-caption =
    📄 <b>SCP file</b> to load onto the device
    Association no. { NUMBER($number, useGrouping: 0) } · { $configuration }
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Valid until { $until }. It holds confidential data: use it for this device only.
scp-failed = ⚠️ I could not prepare the SCP file. The association is valid: try again shortly.
scp-gone = The association has been deleted: its SCP file is no longer needed.
scp-awaited =
    ⏳ <b>SCP file awaited from the distributor</b>
    POD <code>{ $pod }</code>
    The association is valid. I will tell you as soon as the file is ready.
scp-told_ready =
    ✅ <b>The SCP file is ready</b>
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
scp-told_replaced =
    ⚠️ <b>The SCP file was replaced</b>
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Use the new one: the one before must not be loaded any more.
scp-told_batch = ✅ The SCP files of <b>request no. { NUMBER($number, useGrouping: 0) }</b> are ready: none is missing.
scp-told_awaited = 📥 { $number ->
    [one] An SCP file is to be attached: the System Integrator waits for it.
   *[other] { $number } SCP files are to be attached: the System Integrators wait for them.
    }
command-filescp = SCP files to attach
scp-menu = 📥 SCP files to attach
scp-awaited_list = <b>SCP files to attach</b>, oldest first:
scp-awaited_none = No SCP file is to be attached.
scp-awaited_listed = { $day } · { $pod } · { $sid }
scp-button-other = 🔎 Another association
scp_attach-which-ask =
    <b>For which association?</b>
    Write the POD or the SID. A <b>photo of the label</b> will do, too.
scp_attach-which-error-unknown = ⚠️ I find no live association with this POD or SID. Check the code.
scp_attach-file-ask =
    <b>Send the distributor’s file</b>
    As a document, up to 256 KB.
scp_attach-file-error-not_a_file = ⚠️ I need the SCP file, sent as a document.
scp_attach-file-error-photo = ⚠️ This is a photo. Send the SCP file as a document.
scp_attach-file-error-several = ⚠️ One file at a time: send only the one of this association.
scp_attach-file-error-too_big = ⚠️ The file is larger than 256 KB: it cannot be an SCP file.
scp_attach-file-error-gone = ⚠️ I could not fetch the file from Telegram. Send it again.
scp_attach-file-error-wrong_kind = ⚠️ This is no SCP file: { $reason }. I have stored nothing.
scp_attach-kind-empty = it is empty
scp_attach-kind-image = it is a picture
scp_attach-kind-pdf = it is a PDF
scp_attach-kind-zip = it is an archive or an Office document
scp_attach-kind-html = it is a web page
scp_attach-kind-envelope = this bot has made it, and I need the distributor’s
scp_attach-reading = ⏳ Checking the file…
scp_attach-about =
    Association no. { NUMBER($number, useGrouping: 0) } · { $integrator }
    POD { $pod }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
    Configuration { $configuration }
scp_attach-production = Production: POD { $pod }
scp_attach-replaces = ⚠️ There is a file already: this one takes its place, and whoever received it is told.
scp_attach-received =
    <b>Attach this file?</b>
    { $name } · { $size } bytes
    SHA-256 <code>{ $digest }…</code>
scp_attach-button_attach = ✅ Attach
scp_attach-button_again = ✏️ Another file
scp_attach-attached = ✅ SCP file attached for POD { $pod }. Whoever waits for it is told.
scp_attach-changed = ⚠️ The file of this association has changed meanwhile: a colleague may have attached it. I have stored nothing.
scp_attach-gone = The association is gone: its SCP file is not needed.
