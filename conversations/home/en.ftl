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

help-title = <b>What I can do</b>
help-can-look_up = • <b>Look up a POD</b>: paste it at any time, spaces and lower case are fine.
help-can-associate = • <b>Associate</b> the supply with a MOME or a Smart Info, Standard or Prosumer.
help-can-scp = • <b>Send you the SCP file</b> to load onto the device.
help-can-change = • <b>Change or delete</b> an association.
help-can-device = • <b>Recognise a device</b> by its SID or NID, or by a photo of its label.
help-can-gesis = • <b>Calculate the values at the primary</b> of a GESIS meter, with its factor K.
help-can-bulk = • <b>Make many associations</b> at once, from a CSV or Excel file.
help-can-program = • <b>Program devices</b> on site, with your laptop.
help-can-report = • <b>Make you the report on associations</b>: filter it, export it as CSV or XLSX, get it each week.
help-can-assistance = • <b>Get you help</b>: explain the problem to assistance, or send a photo.
help-can-members = • <b>Invite people</b> into your company, with their role.
help-staff = <b>What you do in the service</b>
help-can-desk = • <b>Assistance</b>: take requests over, answer and close them; the report filters and exports them.
help-can-contracts = • <b>Registrations and contracts</b>: check who asks to be let in, enable them, load contracts.
help-can-report_all = • <b>Report on associations</b> of all companies: filter it, export it, get it each week.
help-can-documents = • <b>Useful documents</b>: add documents and versions, or withdraw them.
help-can-attach = • <b>SCP files</b>: attach those that come from the distributor.
help-can-audit = • <b>Record of operations</b>: search it, export it, see its reports.
help-can-staff = • <b>People and roles</b>: give and take roles in the service, suspend who must be.
help-can-operate = • <b>Service</b>: the status says what is waiting and what has failed.
help-commands = <b>Commands</b>
help-command = /{ $name } – { $does }
help-recorded = Look-ups and associations are recorded, to protect the final customers’ data.

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
