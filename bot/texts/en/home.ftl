home-welcome =
    <b>A486 · MOME and Smart Info</b>
    You work for <b>{ $integrator }</b>.

    Paste a POD at any time: I’ll tell you at once whether it can be associated.
home-stranger =
    <b>A486 · MOME and Smart Info</b>
    This bot is for System Integrators, and you are not among the enabled users yet.

    To be enabled, give your Telegram user number: <code>{ $number }</code>
home-not_enabled = Your user is not enabled for this yet. Users are enabled once the contract has been checked.
home-not_permitted = This is for the staff of the service only.
home-staff =
    <b>A486 · MOME and Smart Info</b>
    You are on the staff of the service.
home-group = Write to me in private: I don’t show supply data in a group.
home-button-look_up = 🔎 Look up a POD
home-button-recent = 🕘 Recent PODs
home-button-associations = 🔗 Associations
home-button-companies = 🏢 Change company
home-button-state = ℹ️ Status
home-button-help = ❓ Help
home-button-home = 🏠 Home
home-button-copy_number = 📋 Copy the number

help-text =
    <b>What I can do</b>
    • <b>Look up a POD</b>: paste it at any time, spaces and lower case are fine.
    • <b>Associate</b> the supply with a MOME or a Smart Info, Standard or Prosumer.
    • <b>Send you the SCP file</b> to load onto the device.
    • <b>Change or delete</b> an association.
    • <b>Recognise a device</b> by its SID or NID.

    <b>Commands</b>
    /start – home
    /cancel – leave what you are doing
    /status – who you are and what is under way
    /language – Italian or English
    /help – this page

    Look-ups and associations are recorded, to protect the final customers’ data.

state-title = <b>Status</b>
state-stranger = You are not among the enabled users.
state-member = { $person } · { $integrator }
state-staff = You are on the staff of the service.
state-service = To be retried: { $failed } · waiting for Telegram: { $waiting }
state-declared = Declaration accepted, valid until { $until }
state-not_declared = Declaration: to be accepted at your next operation
state-waiting = { $number ->
    [0] No request under way
    [one] One request under way
   *[other] { $number } requests under way
 }
state-version = Version { $version }

companies-ask = You now act for <b>{ $integrator }</b>. Which company do you want to act for?
companies-chosen = ✅ From now on you act for <b>{ $integrator }</b>.

language-ask = Which language shall I write in?
language-chosen = From now on I’ll write in English.

declaration-accept-ask =
    <b>Declaration by the System Integrator</b>
    Before going on, on behalf of <b>{ $integrator }</b> you declare that:

    • the final customer has asked you to work on their supply;
    • you use the supply’s data, its POD included, only to configure the A486 service;
    • you know that look-ups and associations are recorded and may be checked.

    The declaration holds for this access.
declaration-accept-button-yes = ✅ I accept
declaration-accepted = ✅ Declaration accepted, valid until { $until }.

command-start = Home
command-aiuto = What I can do
command-annulla = Leave what you are doing
command-stato = Who you are and what is under way
command-lingua = Italian or English
about-short = PODs, associations and SCP files for MOME and Smart Info
about-long = For System Integrators of the A486 service: look up a POD, associate it with a MOME or a Smart Info, get the SCP file. Press Start.
