# A photo of a label, and what was read on it.
label-reading = 📷 Looking at the photo…
label-code = { $kind } <code>{ $code }</code>
label-read =
    📷 I read on the photo:
    { $codes }
label-right-ask =
    📷 I read on the photo:
    { $codes }

    <b>Is that right?</b>
label-right-ask_which = 📷 There are { $number } codes on the photo. <b>Which one is right?</b>
label-button-yes = ✅ Yes, it is right
label-button-no = ✏️ No, I will type it
label-button-none = ✏️ None, I will type it
label-button-attach = 📷 Only attach the photo
label-button-request = 🆘 Request with this photo
label-write = ✏️ All right: type the code that is on the label.
label-nothing =
    📷 I can read neither a SID nor a NID on the photo.
    If it is a label, take it <b>from closer by</b>, in focus, with the whole barcode, without reflections. Or type the code.
label-nothing_here = 📷 I can read neither a SID nor a NID on the photo.
label-unreadable =
    ⚠️ I can read no code on the photo.
    Take the label <b>from closer by</b>, in focus, with the whole barcode, without reflections. Or type the code.
label-kept =
    📷 I can read no code on the photo: I only attach it.
    If it is a label, take it <b>from closer by</b>, in focus, with the whole barcode, without reflections.
label-other_kind = ⚠️ I can read only the { $kind } <code>{ $code }</code> on the photo, and the <b>{ $wanted }</b> is needed here. Take the whole label, or type it.
label-format = ⚠️ I cannot read this format: send the photo from the camera, or type the code.
label-failed = ⚠️ I could not look at the photo. Send it again, or type the code.
label-gone = I no longer have this photo: send it again.
