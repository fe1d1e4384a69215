port-none = No serial port: connect the device with the USB cable.
port-which = There are several serial ports. Say which one to use.
port-missing = { $port }: there is no such port. Check the USB cable, then run "a486-bridge ports" again.
port-busy = { $port }: another program uses the port. Close it and try again.
port-permission = { $port }: you may not use the port. On Linux, add yourself to the group "dialout" (sudo usermod -aG dialout $USER), then log out and in again.
port-failed = { $port }: the port does not open. Unplug the cable, plug it in again, and try again.

device-lost = The device is no longer connected: check cable and power, then try again.
device-silent = The device does not answer. Check that it has power and that the port is the right one, then try again.
device-strange = The device's answer makes no sense. Try again; if it happens again, make a log and send it to the assistance.

nack-MESSAGE = The device did not understand the message. Try again.
nack-ATTRIBUTE = The device does not know this request: its firmware may be too old.
nack-PARAMETER = The device does not know this parameter: its firmware may be too old.
nack-NOT_ENROLLED = The device has lost its connection with the computer. Try again.
nack-NO_DATUM = The datum is not available yet: the device has not read it from the meter. Wait a few minutes and try again.
nack-NO_LOG = The device has no log yet.
nack-NO_BUFFER = The device is busy. Wait a few seconds and try again.
nack-LIMIT = The device has sent as much as it may: wait a few minutes and try again.
nack-NOT_COMMISSIONED = The device is not configured: no SCP file was loaded. Load it and try again.
nack-AUTHENTICATION = The device's keys do not fit this meter: they are wrong or old. Ask for a new SCP file and load it.
nack-NO_TARGET = The device's configuration has no such meter: a Standard one has no production meter.
nack-unknown = The device refused the request (code { $code }).

identify-info = NID { $nid } · firmware { $firmware }
identify-blank = Not configured: no SCP file was loaded.
identify-pod = POD { $pod } · { $model }
model-0 = Standard
model-1 = Production only
model-2 = Prosumer
model-unknown = unknown configuration ({ $model })
link-primary = Exchange meter
link-production = Production meter
link-ok = reached
read-imported = Energy imported
read-exported = Energy exported
read-produced = Energy produced
read-today = Today
read-power = Power now
read-contractual = Contractual power
read-available = Available power
read-tariff = Tariff
read-clock = Meter's clock
read-missing = not available
read-log = Reading the log
read-written = { $samples } samples written to { $file }
read-diagnostics = Diagnostics
read-no_diagnostics = none
simulate-ready = Simulated device on { $port } (NID { $nid }). Ctrl+C ends it.
simulate-unavailable = A device cannot be simulated on this system: use Linux or macOS.

device-wrong = Another device is connected (NID { $connected }); the job is for NID { $expected }. Nothing was written: connect the right one and try again.
device-absent = No connected device is that of the job (NID { $expected }). Nothing was written: connect the right one and try again.
envelope-device = The SCP file is for another device. Nothing was written: ask the support.
envelope-pods = The SCP file is for another supply. Nothing was written: ask the support.
envelope-sequence = The SCP file is older than the one that was loaded. Nothing was written: connect the laptop to the network, start "a486-bridge run" and try again.
envelope-expired = The SCP file has expired, or the laptop's clock is wrong. Check date and time; if they are right, connect the laptop to the network to get a new file.
envelope-changed = The SCP file is not genuine. Nothing was written: connect the laptop to the network, start "a486-bridge run" and try again.
read-pod = The device says another POD. Try again; if it happens again, ask the support.
read-model = The device says another configuration. Try again; if it happens again, ask the support.
read-configuration = The device is not configured: the file was not loaded. Try again.
content-other = The device holds something else than was sent. Try again.
load-failed = The device did not take the file. Try again; if it happens again, send "a486-bridge logs --bundle" to the support.
report-simulated = The device is simulated: this service does not take it. Connect a real device.
report-refused = The report does not match the job. Try again; if it happens again, ask the support.
interrupted = The job was interrupted. The device may have got a part of the file only: try again.
busy = The laptop is working with this device already. Wait until it is done.
gone = This job is not on this laptop any more. "a486-bridge jobs" shows those that are.
failed = The program had a problem. Try again; if it happens again, send "a486-bridge logs --bundle" to the support.

away-code = The code is not right, or was used already. Check it in the chat and type it again, or ask for a new one with /portatili.
away-expired = The code has expired: it is valid for ten minutes. Ask for a new one in the chat with /portatili.
away-tries = Too many tries with this code: it is not valid any more. Ask for a new one in the chat with /portatili.
away-unknown = The service does not know this laptop. Ask for a code in the chat with /portatili and pair it again.
away-revoked = The pairing of this laptop was revoked. If you still use it, ask for a code in the chat with /portatili and pair it again.
away-not_permitted = Your profile may not program devices, or not any more. Ask whoever manages your company.
away-declined = The pairing was not confirmed in the chat. Ask for a new code with /portatili and confirm within ten minutes.
away-busy = The service gets too many requests to pair. Wait a minute and try again.
away-version = The service uses another version of the protocol: update a486-bridge and try again.
server-other = The code and the service do not belong together. Check the address and the code, character by character; if they are right, tell the support and do not go on.
server-unencrypted = The address is not encrypted. Use the one that the chat shows, which begins with "wss://".
nolink-certificate = The certificate of the service is not valid. Check date and time of the laptop; in a company's network ask whoever manages it.
nolink-name = The address of the service is not found. Check the internet connection.
nolink-silent = The service does not answer in time. Check the internet connection and try again.
nolink-stranger = Something else answers at this address. See whether the network asks for a login in the browser, then try again.
nolink-lost = The connection with the service was lost: check the network.
nolink-unreachable = The service cannot be reached. Check the internet connection and try again.
home-not_paired = This laptop is not paired. Ask for a code in the chat with /portatili, then type "a486-bridge pair" as the chat shows.
home-at_work = Another a486-bridge is at work on this laptop. Close it, or use the chat.
home-unusable = The folder or a file of it cannot be used: { $folder } ({ $error }). Check the permissions and the space on the disk.
loader-unknown = The way to load "{ $name }" is not installed. There are: { $names }.

pair-address = "{ $gateway }" is no address. Copy the one that the chat shows.
pair-malformed = The code is not whole or has a wrong character: it is seven groups of four characters. Copy it from the chat.
pair-already = This laptop is paired with { $person } already ({ $gateway }). To pair it again, add --again.
pair-untold = { $number ->
    [one] There is a result that the service does not know yet.
   *[other] There are { $number } results that the service does not know yet.
 } Start "a486-bridge run" with a network first. If the pairing is not valid any more and you give them up, add --anyway.
pair-waiting =
    Laptop: { $host }
    Key: { $fingerprint }
    Open the chat, compare the key and confirm that the laptop is yours. Waiting…
pair-done = Paired with { $person }. Now type "a486-bridge run" and leave it open.
pair-given_up = Pairing given up: this laptop has not changed.

event-connecting = Connecting to the service…
event-online = Connected as { $person }.
event-offline = Not connected, it goes on trying. { $why }
event-clock_differs = The clocks of the laptop and of the service differ by { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
 }: set date and time of the laptop.
event-jobs = { $number ->
    [0] No jobs on this laptop.
    [one] One job on this laptop.
   *[other] { $number } jobs on this laptop.
 }
event-begun = Job no. { $job }: it begins.
event-step = Job no. { $job }: { $step }
event-by_hand = The file to load is { $file }. Load it with the device's program, then say so in the chat.
event-enter = The file to load is { $file }. Load it with the device's program, close that, then press Enter here.
event-done_confirmed = Job no. { $job }: programmed and read back.
event-done_unread = Job no. { $job }: programmed. The meter cannot be read yet, or not all of it.
event-ended = Job no. { $job }: it did not work. { $why }
event-told = The service has received the result.
step-identify = identifying the device
step-check = checking the file
step-load = loading the file
step-hand_over = waiting for the file to be loaded
step-read_back = reading the device back
run-ended = Closed. Jobs and results stay on this laptop.

jobs-none = No jobs on this laptop. With a network, "a486-bridge run" gets those that are yours.
jobs-place = Place
jobs-note = Note
jobs-state = State
jobs-lease = Yours until
jobs-file = File
jobs-state_waiting = to do
jobs-state_running = under way
jobs-state_done = done
jobs-state_failed = failed
jobs-untold = the service does not know it yet
jobs-lease_over = { $until } (over)
jobs-file_ready = ready
jobs-file_expired = expired
jobs-file_changed = not valid

program-none = No job to do on this laptop. With a network, "a486-bridge run" gets those that are yours.
program-which = There are several jobs to do: say the number, for example "a486-bridge program 12".
program-one_of = { $job } · { $pod } · { $place }
program-unknown = Job no. { $job } is not on this laptop. "a486-bridge jobs" shows those that are.
program-done = Job no. { $job } is done already. To program the device again, add --again: it will count as another attempt.
program-again = The job is done already: this counts as another attempt, no. { $attempt }.
program-lease_over = The job was yours until { $until }: another laptop may have it now. Connect the laptop to the network and start "a486-bridge run". To do it all the same, add --anyway.
program-anyway = The job may be another laptop's by now: it is done all the same, as you asked. The service may not take the result.
program-unread = The device has the file, but does not say its POD yet: wait some minutes and repeat "a486-bridge identify".
program-simulated = The device is simulated.
program-later = The result stays on this laptop: the service gets it with the next "a486-bridge run" with a network.

status-not_paired = This laptop is not paired. Ask for a code in the chat with /portatili. Folder: { $folder }
status-paired = Paired with { $person } · { $gateway }
status-key = Key { $fingerprint }
status-reached = The service answers.
status-at_work = Another a486-bridge is at work now.
status-jobs = Jobs: { $open } to do, { $running } under way, { $done } done
status-untold = { $number ->
    [0] The service knows all results.
    [one] One result waits for the network.
   *[other] { $number } results wait for the network.
 }
status-loader = Way to load: { $loader }
status-folder = Folder: { $folder }

logs-none = The log is empty.
logs-written = Wrote { $file }: send it to the support. It holds no PODs, names, keys or SCP files.

doctor-ok = OK
doctor-not = NO
doctor-skipped = –
doctor-unknown = This cannot be checked.
doctor-name_folder = Folder
doctor-name_alone = One a486-bridge only
doctor-name_loader = Way to load
doctor-name_gateway = Service
doctor-name_paired = Pairing
doctor-name_clock = Clock
doctor-name_port = Serial port
doctor-name_permission = Permission
doctor-name_free = Free port
doctor-name_device = Device
doctor-at_work = “a486-bridge run” is at work.
doctor-alone = Nobody else is at work.
doctor-paired = The service knows this laptop.
doctor-clock = As that of the service.
doctor-permission = The port may be used.
doctor-free = No other program uses it.
