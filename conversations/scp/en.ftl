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
