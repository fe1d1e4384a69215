look_up-menu = 🔎 Cerca un POD

recent-menu = 🕘 Ultimi POD

# The outcome sentences are the service's own, word for word: users paste them to the support desk.
outcome-eligible = ✅ <b>Fornitura ammissibile</b>: puoi associare un MOME o uno Smart Info.
outcome-associated-by-us = 🔗 <b>Fornitura già associata</b>
outcome-associated-by-other = 🔒 <b>Fornitura già associata</b>
    Il POD <code>{ $pod }</code> risulta già associato a un dispositivo.
outcome-unknown = ❌ <b>POD inserito inesistente</b>
    <code>{ $pod }</code> non corrisponde a una fornitura gestita da e-distribuzione.
outcome-not-remotely-managed = ⛔ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    La fornitura non è in bassa tensione con un contatore elettronico telegestito.
outcome-unsuitable-meter = ⛔ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    Il contatore installato non è idoneo.
outcome-unreachable = ⏳ <b>Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info</b>
    Adesso il contatore non risponde alla telegestione. Può essere temporaneo: riprova più tardi.
outcome-production-pod = ℹ️ <code>{ $pod }</code> è un POD di produzione: l’associazione parte dal POD di scambio.
outcome-unavailable = ⚠️ <b>Servizio non disponibile contattare l'assistenza</b>
    POD <code>{ $pod }</code>: il sistema centrale non risponde. Di solito dura poco: riprova tra qualche minuto.
outcome-internal-error = ⚠️ <b>Errore Interno contattare l'assistenza</b>
    I dati del POD <code>{ $pod }</code> non si possono leggere. Segnala all’assistenza questo messaggio e il POD.
outcome-generic-error = ⚠️ <b>Errore Generico contattare l'assistenza</b>
    La ricerca del POD <code>{ $pod }</code> non è riuscita. Riprova; se succede ancora, segnala questo messaggio.

look_up-pod-ask = Scrivi o incolla il <b>POD</b>.
look_up-pod-error-unreadable = ⚠️ Non è un POD. Comincia con <code>IT001E</code> e ha 14 o 15 caratteri: lo trovi in bolletta.
look_up-pod-error-too_short = ⚠️ Questo POD è incompleto: ha { $length } caratteri, ne servono 14 o 15. Ricontrollalo e mandalo intero.
look_up-pod-error-too_long = ⚠️ Questo POD ha { $length } caratteri: un POD ne ha 14 o 15. Togli quelli in più.
look_up-pod-error-other_prefix = ⚠️ Non è un POD: comincia con <code>IT</code>, tre cifre e la lettera <code>E</code>, per esempio <code>IT001E</code>.
look_up-not_a_pod = Non è un POD che posso cercare.
look_up-moment = ⏳ Un momento, cerco <code>{ $pod }</code>…
look_up-of_exchange = Ecco la fornitura del POD di scambio <code>{ $pod }</code>:
look_up-which = { $more ->
    [0] Ho trovato { $number } POD: quale cerco?
   *[other] Ho trovato { $number } POD, questi sono i primi { $shown }: quale cerco?
 }
look_up-did_you_mean = Forse intendevi <code>{ $pod }</code>?
look_up-button-this_one = 🔎 Sì, cerca { $pod }

recent-list = I tuoi ultimi POD: quale cerco?
recent-none = Non hai ancora cercato nessun POD. Incollane uno qui sotto per cominciare.

supply-single = <b>Fornitura</b>
supply-exchange = <b>POD di scambio</b> (contatore M1)
supply-detail =
    POD <code>{ $pod }</code>
    ENELTEL <code>{ $eneltel }</code>
    Matricola <code>{ $serial }</code> · { $generation }
    Potenza contrattuale { $power } kW
supply-meter_replaced =
    ⚠️ <b>Il contatore è stato sostituito</b>: matricola <code>{ $now }</code>.
    L’associazione riporta ancora la precedente, <code>{ $before }</code>.
supply-factor_before = Un fattore K ricordato con l’associazione vale per il contatore precedente: per questo lo chiedo di nuovo.
supply-productions = { $number ->
    [one] <b>POD di produzione</b> (contatore M2)
   *[other] <b>POD di produzione</b> (contatori M2)
 }
supply-production =
    { $number }. <code>{ $pod }</code>
    Matricola <code>{ $serial }</code>
supply-more_productions = { $number ->
    [one] … e un altro
   *[other] … e altri { $number }
 }
