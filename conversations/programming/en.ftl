command-lavori = My jobs of today
programming-menu = 🧰 My jobs
programming-ours = 🏢 The company’s jobs
programming-mine = <b>Your jobs</b>, newest first:
programming-mine_none = You have no open jobs. “🛠 Program” on an association makes one.
programming-ours_list = <b>Jobs of { $company }</b>, newest first:
programming-ours_none = { $company } has no programming jobs yet.
programming-listed = { $mark } …{ $pod } · { $about }
programming-button-begin = 🛠 Program

programming-state-assigned = 🟡 to be done
programming-state-running = ⏳ under way
programming-state-programmed = ✅ to be confirmed
programming-state-confirmed = 🟢 confirmed
programming-state-failed = 🔴 failed
programming-state-cancelled = ⚪ cancelled
programming-mark-assigned = 🟡
programming-mark-running = ⏳
programming-mark-programmed = ✅
programming-mark-confirmed = 🟢
programming-mark-failed = 🔴
programming-mark-cancelled = ⚪

programming-title = 🛠 <b>Job no. { NUMBER($number, useGrouping: 0) }</b> · { $state }
programming-pod = POD <code>{ $pod }</code>
programming-production = Production POD <code>{ $pod }</code>
programming-device =
    { $device } · { $configuration }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
programming-place = 📍 { $place }
programming-note = 📝 { $note }
programming-technician = 👤 { $name }

programming-step-identify = ⏳ <b>Step { $number } of { $steps }</b>: identifying the device
programming-step-check = ⏳ <b>Step { $number } of { $steps }</b>: checking the SCP file
programming-step-load = ⏳ <b>Step { $number } of { $steps }</b>: loading the SCP file
programming-step-read_back = ⏳ <b>Step { $number } of { $steps }</b>: reading the device back
programming-step-hand_over =
    📥 <b>Load the file with the device’s own program</b>
    Its path is on the laptop’s screen. Tell me here when you are done.
programming-nothing_proved = The job does not count as done.
programming-word_waits = 📷 Your confirmation has come. The job closes when the laptop is online again and sends the report.
programming-file_awaited = ⏳ The SCP file is awaited from the distributor. You can program as soon as it is ready: this card follows by itself.
programming-repeated = ⚠️ The device was programmed again after the first report.
programming-outcome-confirmed = ✅ <b>Programmed, and read back from the device</b>
programming-outcome-unread = ✅ <b>Programmed.</b> The meter cannot be read completely yet:
programming-by_hand = 📄 Loaded without a laptop: nothing was read back from the device.
programming-read_nid = NID <code>{ $nid }</code>
programming-read_pod = POD <code>{ $pod }</code>
programming-read_nothing = The configuration cannot be read yet
programming-read_model = Configuration: { $model }
programming-read_link_primary = Exchange meter: { $said }
programming-read_link_production = Production meter: { $said }
programming-read_by = <i>Read by the laptop { $host } on { $at }</i>
programming-simulated = ⚠️ Simulated device
programming-confirmed_at = 🟢 <b>Confirmed on site</b> on { $at } by { $name }
programming-link_ok = reached
programming-model_0 = Standard
programming-model_1 = production only
programming-model_2 = Prosumer
programming-model_other = unknown ({ $model })
programming-model_none = cannot be read yet

programming-button-connect = 🔌 Connect the device
programming-button-without = 📄 Without a laptop
programming-button-refresh = 🔄 Refresh
programming-button-loaded = 📥 I have loaded the file
programming-button-again = 🔁 Try again
programming-button-look_again = 🔄 Look again
programming-button-blink = 💡 Blink
programming-button-program = ▶️ Program
programming-button-replace = 🔁 Replace the device
programming-button-help = 🆘 Support
programming-button-copy_help = 📋 Copy the message
programming-button-confirm = ✅ Confirm on site
programming-button-confirm_by_hand = ✅ I have loaded it, confirm
programming-button-readings = 📊 Readings
programming-button-factor = 🧾 Values at the primary (K)
programming-button-report = 📄 Report
programming-button-hand_over = 🤝 Hand over
programming-button-cancel = 🗑 Cancel the job
programming-button-cancel_now = 🗑 Yes, cancel the job
programming-button-keep = ↩️ No, keep it
programming-button-open = 🛠 Job no. { NUMBER($number, useGrouping: 0) }

programming-asking-identify = ⏳ Looking at what is connected to { $host }…
programming-asking-read = ⏳ Reading the meter: this may take a minute…
programming-asking-blink = ⏳ Switching the LED on…
programming-asking-program = ⏳ Beginning…
programming-asking-loaded = ⏳ Reading the device back…
programming-no_bridge =
    <b>You have no paired laptop yet.</b>
    With a laptop connected to the device you program it from here. Without one I send you the SCP file, and you confirm.
programming-bridge_away =
    ⚪ <b>{ $host }</b> is not connected (last seen on { $at }).
    Type <code>a486-bridge run</code> on the laptop. Where it has no network, <code>a486-bridge program</code> works without: the result comes later.
programming-bridge_silent = ⚠️ The laptop does not answer. See that it is on and has a network, then try again.
programming-bridge_lost = ⚠️ The laptop has lost its connection. Check the network, then try again.
programming-right_device = ✅ <b>This is the right device</b>: NID <code>{ $nid }</code>, firmware { $firmware }
programming-not_configured = It is not configured yet.
programming-configured = It is configured for the POD <code>{ $pod }</code> now, { $model }.
programming-blinks = 💡 The green LED blinks fast: that device is yours.
programming-not_yours = This is a job of { $name }: only who has it can do it.
programming-gone = This job is not there any more, or is not your company’s.
programming-open_already = The association has an open job already.
programming-begun = Too late: the job was begun, or is over.
programming-association_over = The association was deleted: the job is not needed any more.
programming-no_technician = This person cannot program devices for your company.
programming-hand_over_to = Whom do I give the job to?
programming-nobody_else = Nobody else in your company can program devices.
programming-handed_over = 🤝 The job is { $name }’s now.
programming-ask_cancel = Cancel job no. { NUMBER($number, useGrouping: 0) } for the POD <code>{ $pod }</code>? The association stays.
programming-without =
    <b>Without a laptop</b>
    Get the SCP file, load it with the device’s own program, then confirm here. The report will say that nothing was read back from the device.
programming-help =
    Send this message to the support:

    <code>{ $text }</code>
programming-help_text =
    Job { NUMBER($number, useGrouping: 0) }, POD { $pod }, SID { $sid }, NID { $nid }. Step: { $step }, attempt { $attempt }. { $reason }
programming-help_none = The device cannot be programmed.
programming-making_report = ⏳ Making the report…
programming-no_report = ⚠️ The report could not be made: try again in a moment.
programming-report_caption = 📄 <b>Installation report</b> · job no. { NUMBER($number, useGrouping: 0) } · POD <code>{ $pod }</code>
programming-not_drawn = ⚠️ The chart of the log could not be drawn.
programming-log_file = 📊 Log of the meter: { $samples } samples
programming-log-import = Imported energy, day by day
programming-log-export = Exported energy, day by day
programming-log-production = Produced energy, day by day
programming-readings =
    📊 <b>Readings</b>
    NID <code>{ $nid }</code>
programming-at_primary = <b>Values at the primary</b> (K = { $factor })
programming-reading = { $name }: <b>{ $said }</b>
programming-missing = not available
programming-no_diagnostics = nothing to report
programming-value-imported = Imported energy
programming-value-exported = Exported energy
programming-value-produced = Produced energy
programming-value-today = Today
programming-value-power = Present power
programming-value-contractual = Contractual power
programming-value-available = Available power
programming-value-clock = Clock of the meter
programming-value-diagnostics = Diagnostics
factor-factor-ask = What is the factor K? Type a number, or the ratio of the transformer (250/5, for example).

programming-told_assigned = 🛠 <b>{ $name } has given you job no. { NUMBER($number, useGrouping: 0) }</b>
programming-told_taken = 🤝 Job no. { NUMBER($number, useGrouping: 0) } (POD <code>{ $pod }</code>) is { $name }’s now.
programming-told_cancelled = ⚪ Job no. { NUMBER($number, useGrouping: 0) } (POD <code>{ $pod }</code>) was cancelled.
programming-told_programmed = ✅ The device of the POD <code>{ $pod }</code> is programmed, and was read back. Your confirmation on site is missing.
programming-told_confirmed = 🟢 The report has come: the job of the POD <code>{ $pod }</code> is confirmed.
programming-told_repeated = ⚠️ The device of the POD <code>{ $pod }</code> was programmed again.
programming-told_failed =
    🔴 The programming for the POD <code>{ $pod }</code> has failed.
    { $reason }
programming-told_on_site = 🟢 <b>Installation confirmed</b>: POD <code>{ $pod }</code>, job no. { NUMBER($number, useGrouping: 0) }, by { $name }. The device was read back.
programming-told_by_hand = 🟢 <b>Installation confirmed</b>: POD <code>{ $pod }</code>, job no. { NUMBER($number, useGrouping: 0) }, by { $name }, without reading the device back.
notice-programming_confirmed = Installations confirmed on site

assign-technician-ask = Who programs the device of the POD <code>{ $pod }</code>?
assign-technician-me = 👤 Me
assign-place-ask = 📍 Where is it? Type the address, or how to get there.
assign-place-error-long = ⚠️ This is too long: { $most } characters at most.
assign-note-ask = 📝 Anything to know? Keys, hours, whom to ask for.
assign-note-error-long = ⚠️ This is too long: { $most } characters at most.
assign-skip = Skip
assign-done = ✅ <b>The job is assigned to { $name }.</b>
assign-taken = ✅ <b>The job is yours.</b>

on_site-photo-ask = 📷 Do you want to add a photo of the installation? Send it now.
on_site-photo-ask_by_hand =
    Nothing was read back from the device: the report will say so.

    📷 Do you want to add a photo of the installation? Send it now.
on_site-photo-error-none = ⚠️ This is no photo. Send one, or go on without.
on_site-position-ask = 📍 Do you want to add the position? Share it with the paper clip.
on_site-position-error-none = ⚠️ This is no position. Share it, or go on without.
on_site-word-ask =
    <b>Do you confirm the installation?</b>
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Photo: { $photo } · Position: { $place }
on_site-with = yes
on_site-without = no
on_site-button-no_photo = No photo
on_site-button-no_place = No position
on_site-button-confirm = ✅ Confirm on site
on_site-confirmed = 🟢 <b>Confirmed.</b> The report comes below.
on_site-noted = 📷 <b>Your confirmation is noted.</b>
on_site-which = 📷 Which job is the photo for? Send it again with the POD as its caption, or open the job.

programming-why-port-none = ⚠️ Nothing is connected to the laptop: connect the device with the USB cable.
programming-why-port-which = ⚠️ Several devices are connected to the laptop.
programming-why-port-missing = ⚠️ The port { $port } is gone: check the USB cable.
programming-why-port-busy = ⚠️ Another program uses the port { $port }: close it and try again.
programming-why-port-permission = ⚠️ The laptop may not use the port { $port }: “a486-bridge doctor” says how to allow it.
programming-why-port-failed = ⚠️ The port { $port } does not open: unplug the cable, plug it in and try again.
programming-why-device-wrong =
    ⚠️ <b>Another device is connected.</b>
    Connected: NID <code>{ $connected }</code>
    Expected: NID <code>{ $expected }</code>
    Nothing was written.
programming-why-device-absent = ⚠️ No connected device is the expected one (NID <code>{ $expected }</code>). Nothing was written.
programming-why-device-lost = ⚠️ The device was disconnected: check the cable and the power, then try again.
programming-why-device-silent = ⚠️ The device does not answer: see that it has power, then try again.
programming-why-device-strange = ⚠️ The device’s answer makes no sense: try again.
programming-why-envelope-device = ⚠️ The SCP file is for another device. Nothing was written.
programming-why-envelope-pods = ⚠️ The SCP file is for another supply. Nothing was written.
programming-why-envelope-sequence = ⚠️ The SCP file is older than the one that was loaded. Nothing was written: connect the laptop to the network and try again.
programming-why-envelope-expired = ⚠️ The SCP file has expired, or the laptop’s clock is wrong. Check date and time, then try again.
programming-why-envelope-changed = ⚠️ The SCP file is not genuine. Nothing was written.
programming-why-content-other = ⚠️ The device holds something else than was sent. Try again.
programming-why-read-pod = ⚠️ The device says another POD. Try again; if it happens again, ask the support.
programming-why-read-model = ⚠️ The device says another configuration. Try again; if it happens again, ask the support.
programming-why-read-configuration = ⚠️ The device is not configured: the file was not loaded. Try again.
programming-why-load-failed = ⚠️ The device did not take the file. Try again; if it happens again, ask the support.
programming-why-report-simulated = ⚠️ The device is simulated: this service does not take it.
programming-why-report-refused = ⚠️ The laptop’s report does not match the job. Try again; if it happens again, ask the support.
programming-why-interrupted = ⚠️ The laptop went off, or its program was closed, during the job. The device may have got a part of the file only: try again.
programming-why-busy = ⏳ The laptop is working with this device already.
programming-why-gone = ⚠️ The laptop has not got this job yet: the SCP file is being made. Try again in a few seconds.
programming-why-failed = ⚠️ The laptop’s program had a problem. Try again; if it happens again, send “a486-bridge logs --bundle” to the support.
programming-why-nack-MESSAGE = ⚠️ The device did not understand the message. Try again.
programming-why-nack-ATTRIBUTE = ⚠️ The device does not know this request: its firmware may be too old.
programming-why-nack-PARAMETER = ⚠️ The device does not know this parameter: its firmware may be too old.
programming-why-nack-NOT_ENROLLED = ⚠️ The device has lost the laptop. Try again.
programming-why-nack-NO_DATUM = not reached yet: wait some minutes
programming-why-nack-NO_LOG = ⚠️ The device has no log yet.
programming-why-nack-NO_BUFFER = ⚠️ The device is busy: wait some seconds and try again.
programming-why-nack-LIMIT = ⚠️ The device has sent what it may: wait some minutes and try again.
programming-why-nack-NOT_COMMISSIONED = ⚠️ The device is not configured: it needs its SCP file.
programming-why-nack-AUTHENTICATION = ⚠️ The keys do not fit this meter: ask for a new SCP file
programming-why-nack-NO_TARGET = ⚠️ The device’s configuration has no such meter.
programming-why-nack-unknown = ⚠️ The device has refused the request (code { $code }).
programming-why_unknown = ⚠️ It did not work ({ $reason }).

programming-report-title = Installation report
programming-report-subtitle = Job no. { NUMBER($number, useGrouping: 0) } · { $integrator }
programming-report-supply = Supply
programming-report-pod = POD
programming-report-production = Production POD
programming-report-serial = Serial number
programming-report-place = Place
programming-report-device_heading = Device
programming-report-device = Type
programming-report-configuration = Configuration
programming-report-read_heading = Read from the device
programming-report-outcome = Outcome
programming-report-outcome_confirmed = Programmed; POD, configuration and meters were read back
programming-report-outcome_unread = Programmed; the meter cannot be read completely yet
programming-report-outcome_none = Nothing was read back
programming-report-read_pod = POD as read
programming-report-nothing = cannot be read yet
programming-report-model = Configuration as read
programming-report-firmware = Firmware
programming-report-link_primary = Exchange meter
programming-report-link_production = Production meter
programming-report-file = SCP file
programming-report-file_value = no. { NUMBER($number, useGrouping: 0) }, loaded with { $loader }
programming-report-sha256 = SHA-256 of the file
programming-report-held = SHA-256 in the device
programming-report-not_told = not told by the device
programming-report-laptop = Laptop
programming-report-laptop_value = { $host }, key { $fingerprint }
programming-report-began = Begun
programming-report-ended = Ended
programming-report-time = { $at }
programming-report-attempt = Attempt
programming-report-site_heading = Confirmation on site
programming-report-technician = Technician
programming-report-confirmed = Confirmed on
programming-report-position = Position
programming-report-photo = Photo
programming-report-photo_below = below
programming-report-photo_none = none
programming-report-note_read = The readings are those of the laptop named here, signed with its key. The device’s protocol does not authenticate the device.
programming-report-note_by_hand = The technician has loaded the file without a paired laptop: nothing was read back from the device.
programming-report-note_simulated = SIMULATED DEVICE: this report proves no installation.
programming-report-note_repeated = The device was programmed again after this report.
programming-report-footer = Job { NUMBER($number, useGrouping: 0) } · association { $association }
programming-repeated_failed = ⚠️ After the first report another try ended half-way: check the device again.
programming-outcome-unproved = ⚠️ <b>What was read is right, but was so before.</b> Whether the new file was loaded is not known:
programming-a_laptop = paired
programming-read_by_wrong_clock = <i>Read by the laptop { $host }, received on { $at }: the laptop’s clock is wrong</i>
programming-cancelled_but_programmed = ⚠️ The device was programmed although the job had been cancelled.
programming-told_although_cancelled = ⚠️ The device of the POD <code>{ $pod }</code> was programmed although the job had been cancelled.
programming-told_again_failed = ⚠️ Another try at the device of the POD <code>{ $pod }</code>, confirmed before, ended half-way: check it again.
programming-told_stray = ⚠️ A laptop has programmed a device for job no. { NUMBER($number, useGrouping: 0) } (POD <code>{ $pod }</code>) after the job was given to others or the device was replaced. The report is kept; the job stays as it is.
on_site-another = 📷 The code in the caption is of none of your open jobs: nothing was confirmed.
programming-report-outcome_unproved = As it should be, but it was so before the loading
programming-report-note_clock = The laptop’s clock was wrong: the times are those of receipt.
programming-which_laptop = Several of your laptops are connected. To which one is the device attached?
programming-on_laptop = 🔌 Laptop <b>{ $host }</b>
programming-wrong_devices =
    ⚠️ <b>None of the connected devices is the right one.</b>
    Connected: NID { $nids }
    Expected: NID <code>{ $expected }</code>
    Nothing was written.
programming-asked_replacement = 📨 To replace the device it takes a configurator: { $name } has been told.
programming-told_replace = 🔁 <b>{ $name } asks for another device</b> for job no. { NUMBER($number, useGrouping: 0) }, POD <code>{ $pod }</code>.
programming-told_changed =
    🔁 <b>The device of job no. { NUMBER($number, useGrouping: 0) } has changed</b>
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
programming-ask_hand_over = Hand job no. { NUMBER($number, useGrouping: 0) } over to { $name }?
programming-button-hand_over_now = 🤝 Yes, hand it over
programming-log_at_primary = { $title } · at the primary (K = { $factor })
on_site-no_job = 📷 You have no open job that waits for a confirmation.
