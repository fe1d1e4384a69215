# A photo of a label, and what was read on it.
label-reading = 📷 Guardo la foto…
label-code = { $kind } <code>{ $code }</code>
label-read =
    📷 Nella foto ho letto:
    { $codes }
label-right-ask =
    📷 Nella foto ho letto:
    { $codes }

    <b>È giusto?</b>
label-right-ask_which = 📷 Nella foto ci sono { $number } codici. <b>Qual è quello giusto?</b>
label-button-yes = ✅ Sì, è giusto
label-button-no = ✏️ No, lo scrivo
label-button-none = ✏️ Nessuno, lo scrivo
label-button-attach = 📷 Allega solo la foto
label-button-request = 🆘 Richiesta con questa foto
label-write = ✏️ Va bene: scrivi il codice che c’è sull’etichetta.
label-nothing =
    📷 Nella foto non leggo né un SID né un NID.
    Se è un’etichetta, fotografala <b>più da vicino</b>, a fuoco, con il codice a barre intero, senza riflessi. Oppure scrivi il codice.
label-nothing_here = 📷 Nella foto non leggo né un SID né un NID.
label-unreadable =
    ⚠️ Nella foto non leggo nessun codice.
    Fotografa l’etichetta <b>più da vicino</b>, a fuoco, con il codice a barre intero, senza riflessi. Oppure scrivi il codice.
label-kept =
    📷 Nella foto non leggo nessun codice: la allego e basta.
    Se è un’etichetta, fotografala <b>più da vicino</b>, a fuoco, con il codice a barre intero, senza riflessi.
label-other_kind = ⚠️ Nella foto leggo solo il { $kind } <code>{ $code }</code>, e qui serve il <b>{ $wanted }</b>. Fotografa tutta l’etichetta, oppure scrivilo.
label-format = ⚠️ Questo formato non lo leggo: invia la foto dalla fotocamera, oppure scrivi il codice.
label-failed = ⚠️ Non sono riuscito a guardare la foto. Mandala di nuovo, oppure scrivi il codice.
label-gone = Non ho più questa foto: mandala di nuovo.
