home-welcome =
    <b>A486 · MOME and Smart Info</b>
    You work for <b>{ $integrator }</b>

    Paste a POD at any time: I’ll tell you at once whether it can be associated.
home-welcome_to_see =
    <b>A486 · MOME and Smart Info</b>
    You work for <b>{ $integrator }</b>

    Choose from the menu, or paste a device’s SID.
home-not_enabled =
    <b>A486 · MOME and Smart Info</b>
    { $integrator }

    You are not enabled for this company. You can see useful documents, your profile and your data.
home-staff =
    <b>A486 · MOME and Smart Info</b>
    You are on the staff of the service.

state-menu = ℹ️ Status

help-text =
    <b>What I can do</b>
    • <b>Look up a POD</b>: paste it at any time, spaces and lower case are fine.
    • <b>Associate</b> the supply with a MOME or a Smart Info, Standard or Prosumer.
    • <b>Send you the SCP file</b> to load onto the device.
    • <b>Change or delete</b> an association.
    • <b>Recognise a device</b> by its SID or NID, or by a photo of its label.
    • <b>Get you help</b>: explain the problem to assistance, or send a photo.

    <b>Commands</b>
    /start – home
    /cancel – leave what you are doing
    /status – who you are and what is under way
    /watched – PODs that wait for their meter
    /bulk – many associations from a file
    /register – register your company
    /assistance – ask for help
    /requests – requests for assistance and the answers
    /documents – contract, specifications, firmware, drivers
    /statistics – associations, bulk requests and assistance in figures
    /team – who works for your company
    /profile – your data, notices, quiet hours
    /privacy – what I know about you
    /language – Italian or English
    /help – this page

    Look-ups and associations are recorded, to protect the final customers’ data.

state-title = <b>Status</b>
state-stranger = You are not among the enabled users.
state-number = Telegram user number: <code>{ $number }</code>
state-member = { $person } · { $integrator }
state-staff = You are on the staff of the service.
state-service = To be retried: { $failed } · waiting for Telegram: { $waiting }
state-central = Associations to tell the central system: { $untold } · not taken: { $refused }
state-declared = Declaration accepted, valid until { $until }
state-not_declared = Declaration: to be accepted at your next operation
state-waiting = { $number ->
    [0] No request under way
    [one] One request under way
   *[other] { $number } requests under way
 }
state-version = Version { $version }

command-start = Home
command-aiuto = What I can do
command-annulla = Leave what you are doing
command-stato = Who you are and what is under way
