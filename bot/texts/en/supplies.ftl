# The outcome sentences stay in Italian, word for word: users paste them to the support desk. A line in English follows.
outcome-eligible = ✅ <b>Eligible supply</b>: you can associate a MOME or a Smart Info.
outcome-associated_by_us = 🔗 <b>Supply already associated</b>
outcome-associated_by_other = 🔒 <b>Supply already associated</b>
    POD <code>{ $pod }</code> is already associated with a device.
outcome-unknown = ❌ <b>POD inserito inesistente</b>
    <code>{ $pod }</code> is not a supply managed by e-distribuzione.
outcome-not_remotely_managed = ⛔ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    The supply is not low voltage with a remotely managed electronic meter.
outcome-unsuitable_meter = ⛔ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    The meter installed there is not suitable.
outcome-unreachable = ⏳ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    The meter does not answer the remote management now. It may be temporary: try again later.
outcome-production_pod = ℹ️ <code>{ $pod }</code> is a production POD: an association starts from the exchange POD.
outcome-unavailable = ⚠️ <b>Servizio non disponibile contattare l'assistenza</b>
    POD <code>{ $pod }</code>: the central system does not answer. It is usually brief: try again in a few minutes.
outcome-internal_error = ⚠️ <b>Errore Interno contattare l'assistenza</b>
    The data of POD <code>{ $pod }</code> cannot be read. Give the support desk this message and the POD.
outcome-generic_error = ⚠️ <b>Errore Generico contattare l'assistenza</b>
    The look-up of POD <code>{ $pod }</code> failed. Try again; if it happens again, report this message.

look_up-pod-ask = Type or paste the <b>POD</b>.
look_up-pod-error-unreadable = ⚠️ That is not a POD. It begins with <code>IT001E</code> and has 14 or 15 characters: it stands on the bill.
look_up-not_a_pod = That is not a POD that I can look up.
look_up-moment = ⏳ One moment, looking up <code>{ $pod }</code>…
look_up-checking = ⏳ One moment, checking the supply <code>{ $pod }</code>…
look_up-of_exchange = This is the supply of the exchange POD <code>{ $pod }</code>:
look_up-which = { $more ->
    [0] I found { $number } PODs: which shall I look up?
   *[other] I found { $number } PODs, these are the first { $shown }: which shall I look up?
 }
look_up-did_you_mean = Did you mean <code>{ $pod }</code>?
look_up-button-this_one = 🔎 Yes, look up { $pod }
look_up-button-associate = 🔌 Associate a device
look_up-button-association = 🔗 See the association
look_up-button-again = 🔄 Try again
look_up-button-look_up_again = 🔎 Look the POD up again

recent-list = Your recent PODs: which shall I look up?
recent-none = You have not looked up any POD yet. Paste one below to begin.

supply-single = <b>Supply</b>
supply-exchange = <b>Exchange POD</b> (M1 meter)
supply-detail =
    POD <code>{ $pod }</code>
    ENELTEL <code>{ $eneltel }</code>
    Meter serial <code>{ $serial }</code> · { $generation }
    Contractual power { $power } kW
supply-productions = { $number ->
    [one] <b>Production POD</b> (M2 meter)
   *[other] <b>Production PODs</b> (M2 meters)
 }
supply-production =
    { $number }. <code>{ $pod }</code>
    Meter serial <code>{ $serial }</code>
supply-more_productions = { $number ->
    [one] … and one more
   *[other] … and { $number } more
 }
supply-gesis = ⚙️ <b>GESIS meter</b> (2G three-phase semi-direct): the device gives readings at the secondary side. For the primary side multiply them by <b>factor K</b>, which is on the meter’s display or in the plant’s documents.
supply-over_65_kw = ⚠️ Power above 65 kW: some of the device’s power readings may overflow and be unreliable.

device-detail =
    <b>{ $device }</b> of your company
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
device-free = It is not associated with any supply. Look up the POD that you want to associate it with.
device-at = It is associated with POD <code>{ $pod }</code>.
device-which = { $more ->
    [0] There are { $number } codes: which device?
   *[other] There are { $number } codes, these are the first { $shown }: which device?
 }
device-unknown = This code is not of any device of your company. Check the SID (17 characters) or the NID (12) on the label. If it is a meter’s serial, look the POD up instead.

button-copy_pod = 📋 POD
button-copy_sid = 📋 SID
button-copy_nid = 📋 NID
