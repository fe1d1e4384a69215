look_up-menu = 🔎 Look up a POD

recent-menu = 🕘 Recent PODs

# The outcome sentences stay in Italian, word for word: users paste them to the support desk. A line in English follows.
outcome-eligible = ✅ <b>Eligible supply</b>: you can associate a MOME or a Smart Info.
outcome-associated-by-us = 🔗 <b>Supply already associated</b>
outcome-associated-by-other = 🔒 <b>Supply already associated</b>
    POD <code>{ $pod }</code> is already associated with a device.
outcome-unknown = ❌ <b>POD inserito inesistente</b>
    <code>{ $pod }</code> is not a supply managed by e-distribuzione.
outcome-not-remotely-managed = ⛔ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    The supply is not low voltage with a remotely managed electronic meter.
outcome-unsuitable-meter = ⛔ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    The meter installed there is not suitable.
outcome-unreachable = ⏳ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    The meter does not answer the remote management now. It may be temporary: try again later.
outcome-production-pod = ℹ️ <code>{ $pod }</code> is a production POD: an association starts from the exchange POD.
outcome-unavailable = ⚠️ <b>Servizio non disponibile contattare l'assistenza</b>
    POD <code>{ $pod }</code>: the central system does not answer. It is usually brief: try again in a few minutes.
outcome-internal-error = ⚠️ <b>Errore Interno contattare l'assistenza</b>
    The data of POD <code>{ $pod }</code> cannot be read. Give the support desk this message and the POD.
outcome-generic-error = ⚠️ <b>Errore Generico contattare l'assistenza</b>
    The look-up of POD <code>{ $pod }</code> failed. Try again; if it happens again, report this message.

look_up-pod-ask = Type or paste the <b>POD</b>.
look_up-pod-error-unreadable = ⚠️ That is not a POD. It begins with <code>IT001E</code> and has 14 or 15 characters: it stands on the bill.
look_up-pod-error-too_short = ⚠️ This POD is incomplete: it has { $length } characters, and 14 or 15 are needed. Check it and send all of it.
look_up-pod-error-too_long = ⚠️ This POD has { $length } characters: a POD has 14 or 15. Remove the extra ones.
look_up-pod-error-other_prefix = ⚠️ This is not a POD: a POD begins with <code>IT</code>, three digits and the letter <code>E</code>, such as <code>IT001E</code>.
look_up-not_a_pod = That is not a POD that I can look up.
look_up-moment = ⏳ One moment, looking up <code>{ $pod }</code>…
look_up-of_exchange = This is the supply of the exchange POD <code>{ $pod }</code>:
look_up-which = { $more ->
    [0] I found { $number } PODs: which shall I look up?
   *[other] I found { $number } PODs, these are the first { $shown }: which shall I look up?
 }
look_up-did_you_mean = Did you mean <code>{ $pod }</code>?
look_up-button-this_one = 🔎 Yes, look up { $pod }

recent-list = Your recent PODs: which shall I look up?
recent-none = You have not looked up any POD yet. Paste one below to begin.

supply-single = <b>Supply</b>
supply-exchange = <b>Exchange POD</b> (M1 meter)
supply-detail =
    POD <code>{ $pod }</code>
    ENELTEL <code>{ $eneltel }</code>
    Meter serial <code>{ $serial }</code> · { $generation }
    Contractual power { $power } kW
supply-meter_replaced =
    ⚠️ <b>The meter was replaced</b>: serial number <code>{ $now }</code>.
    The association still has the one before, <code>{ $before }</code>.
supply-factor_before = A factor K that is remembered with the association is of the meter before: it is asked for again.
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
