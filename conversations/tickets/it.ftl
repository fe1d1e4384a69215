command-assistenza = Chiedi assistenza
command-richieste = Richieste di assistenza da gestire
assistance-menu = 🆘 Assistenza
assistance-title = <b>Assistenza</b>
assistance-device = Con quale dispositivo hai bisogno di aiuto?
assistance-which = Di che cosa si tratta?
assistance-back = ‹ Indietro
assistance-did_it_help = <b>Hai risolto?</b>
assistance-glad = ✅ Bene, sono contento che funzioni.
assistance-button-solved = ✅ Sì, risolto
assistance-button-unsolved = 🆘 No, scrivi all’assistenza
assistance-button-open = ✉️ Scrivi all’assistenza

ticket_new-description-ask =
    <b>Descrivi il problema</b>
    Che cosa stavi facendo, e che cosa è successo? Se scrivi anche POD, SID o NID, li riconosco.
ticket_new-description-label = Descrizione
ticket_new-description-edit = ✏️ Descrizione
ticket_new-description-value = { $text }
ticket_new-codes-ask =
    <b>Di quale fornitura e dispositivo si tratta?</b>
    Scrivi in un messaggio quello che hai: POD, POD di produzione, SID, NID.
ticket_new-codes-label = Codici
ticket_new-codes-edit = ✏️ Codici
ticket_new-codes-value = { $codes }
ticket_new-codes-error-none = ⚠️ Qui non vedo né un POD, né un SID, né un NID. Controlla il codice, oppure premi il pulsante.
ticket_new-codes-error-several = ⚠️ Una richiesta riguarda una fornitura sola: al massimo un POD con il suo POD di produzione, un SID e un NID.
ticket_new-button-no_codes = Nessun codice
ticket_new-confirm-heading =
    <b>Invio questa richiesta?</b>
    { $category }
ticket_new-confirm-button = ✅ Invia
ticket_new-opened = ✅ <b>Richiesta inviata.</b> Ti rispondono qui.

ticket-mine = Le mie richieste
ticket-none = Non hai ancora chiesto assistenza.
ticket-list = <b>Richieste di assistenza</b>, dalla più recente:
ticket-listed = { $mark } n. { $number } · { $category }
ticket-mark-open = ⏳
ticket-mark-in-progress = 🛠
ticket-mark-closed = ✅
ticket-state-open = ⏳ Aperto
ticket-state-in-progress = 🛠 In Lavorazione
ticket-state-closed = ✅ Chiuso
ticket-title = 🆘 <b>Richiesta n. { $number }</b> · { $state }
ticket-about =
    { $device }
    { $category }
ticket-code = { $name } <code>{ $code }</code>
ticket-production = POD di produzione
ticket-opened = Aperta il { $at } da { $name }, { $company }
ticket-opened_alone = Aperta il { $at } da { $name }
ticket-somebody = un utente cancellato
ticket-operator = 👤 { $name }
ticket-closed = { $days ->
    [0] Chiusa il { $at }, in giornata
    [one] Chiusa il { $at }, dopo un giorno
   *[other] Chiusa il { $at }, dopo { $days } giorni
 }
ticket-days = { $days ->
    [0] In attesa da meno di un giorno
    [one] In attesa da un giorno
   *[other] In attesa da { $days } giorni
 }
ticket-earlier = { $number ->
    [one] … un messaggio precedente
   *[other] … { $number } messaggi precedenti
 }
ticket-said-request =
    <b>{ $name }</b> · { $at }
    { $text }
ticket-said-answer =
    💬 <b>Assistenza, { $name }</b> · { $at }
    { $text }
ticket-said-note =
    🔒 <b>Nota interna di { $name }</b> · { $at }
    { $text }
ticket-button-open = 🆘 Richiesta n. { $number }
ticket-button-take = 👤 Prendi in carico
ticket-button-answer = 💬 Rispondi
ticket-button-note = 🔒 Nota interna
ticket-button-close = ✅ Chiudi
ticket-button-give_back = ↩️ Rilascia
ticket-button-add = 💬 Aggiungi un messaggio
ticket-button-reopen = 🔄 Riapri
ticket-button-again = ✏️ Riscrivi
ticket-error-length = { $least ->
    [one] ⚠️ Scrivi un testo fino a { $most } caratteri.
   *[other] ⚠️ Scrivi da { $least } a { $most } caratteri: più dettagli dai, prima ti aiutano.
 }
ticket-gone = Questa richiesta non c’è, o non è tua.
ticket-taken = Di questa richiesta si occupa già { $name }.
ticket-over = Questa richiesta è chiusa.
ticket-too_many = Hai già { $number } richieste aperte: aggiungi un messaggio a una di quelle, in «Le mie richieste».
ticket-too_late = Questa richiesta è chiusa da più di 30 giorni: aprine una nuova.

ticket-told_opened =
    🆘 <b>Nuova richiesta n. { $number }</b>
    { $category }
    Da { $name }
ticket-told_reopened =
    🔄 <b>Richiesta n. { $number } riaperta</b>
    { $category }
    Da { $name }
ticket-told_said =
    💬 <b>Richiesta n. { $number }</b> · { $name } scrive:

    { $text }
ticket-told_taken = 🛠 <b>Richiesta n. { $number }</b>: se ne occupa { $name }.
ticket-told_answer =
    💬 <b>Richiesta n. { $number }</b> · l’assistenza risponde:

    { $text }
ticket-told_closed =
    ✅ <b>Richiesta n. { $number } chiusa.</b>

    { $text }

    Se non hai risolto, riaprila entro 30 giorni.

ticket_add-text-ask = Che cosa vuoi aggiungere alla richiesta n. { $number }?
ticket_add-send-ask =
    <b>Lo aggiungo alla richiesta n. { $number }?</b>

    { $text }
ticket_add-button-send = ✅ Invia
ticket_add-done = ✅ Aggiunto.
ticket_answer-text-ask = Che cosa rispondi alla richiesta n. { $number }?
ticket_answer-send-ask =
    💬 <b>Questo lo leggerà { $name }</b> (richiesta n. { $number }):

    { $text }
ticket_answer-button-send = 💬 Invia al richiedente
ticket_answer-done = 💬 Risposta inviata.
ticket_close-text-ask = Come si è risolta la richiesta n. { $number }? Il richiedente leggerà la tua risposta.
ticket_close-send-ask =
    ✅ <b>Chiudo la richiesta n. { $number }</b>. Questo lo leggerà { $name }:

    { $text }
ticket_close-button-send = ✅ Invia e chiudi
ticket_close-done = ✅ Richiesta chiusa.
ticket_note-text-ask = 🔒 Che cosa annoti sulla richiesta n. { $number }? Lo legge solo il personale.
ticket_note-send-ask =
    🔒 <b>Nota interna sulla richiesta n. { $number }</b>, solo per il personale:

    { $text }
ticket_note-button-send = 🔒 Salva la nota
ticket_note-done = 🔒 Nota salvata.

ticket_new-attachments-ask =
    <b>Vuoi allegare qualcosa?</b>
    Manda foto, documenti o un messaggio vocale: una foto delle spie o dell’etichetta aiuta molto.
ticket_new-attachments-more = Manda altri file, oppure continua.
ticket_new-attachments-label = Allegati
ticket_new-attachments-edit = ✏️ Allegati
ticket_new-attachments-error-none = ⚠️ Manda un file, oppure premi un pulsante.
ticket_new-button-no_files = Continua senza

ticket-files-receiving = { $number ->
    [one] ⏳ Ricevo il file…
   *[other] ⏳ Ricevo { $number } file…
 }
ticket-files-asking_laptop = ⏳ Chiedo la diagnostica al portatile. Può volerci un minuto.
ticket-files-added = { $number ->
    [one] ✅ Aggiunto: { $added } · 1 allegato
   *[other] ✅ Aggiunto: { $added } · { $number } allegati
 }
ticket-files-photo = { $number ->
    [one] 1 foto
   *[other] { $number } foto
 }
ticket-files-document = { $number ->
    [one] 1 documento
   *[other] { $number } documenti
 }
ticket-files-voice = { $number ->
    [one] 1 messaggio vocale
   *[other] { $number } messaggi vocali
 }
ticket-files-one-photo = foto
ticket-files-one-document = documento
ticket-files-one-voice = messaggio vocale
ticket-files-none = nessuno
ticket-files-with = 📄 <b>Allegati</b>: { $files }
ticket-files-line = { $number }. { $name } ({ $size })
ticket-files-text = { $text }
ticket-files-words = Se vuoi, scrivi un messaggio che li accompagna, o manda altri file.
ticket-files-wordless = (solo allegati)
ticket-files-not = ⚠️ { $why }
ticket-files-named = ⚠️ <b>{ $name }</b>: { $why }
ticket-files-why-gone = Telegram non ha più questo file: mandalo di nuovo.
ticket-files-why-too_big = È troppo grande: al massimo 20 MB.
ticket-files-why-too_many = Al massimo 10 allegati per messaggio: questo non l’ho preso.
ticket-files-why-full = Gli allegati di una richiesta arrivano al massimo a 50 MB: questo non l’ho preso.
ticket-files-why-empty = Il file è vuoto.
ticket-files-why-program = È un programma: non si può allegare.
ticket-files-why-script = È uno script: non si può allegare. Se serve il testo, incollalo nel messaggio.
ticket-files-why-markup = Pagine HTML, XML e immagini SVG non si possono allegare: manda una foto dello schermo.
ticket-files-why-macros = Può contenere macro: salvalo come XLSX senza macro o come PDF.
ticket-files-why-picture = Non riesco a leggere l’immagine: mandala come foto, in JPEG o PNG.
ticket-files-why-archive = Tra gli archivi prendo solo i file ZIP.
ticket-files-why-audio = Questo audio non si può allegare: registra un messaggio vocale.
ticket-files-why-video = I video non si possono allegare: manda una foto o un messaggio vocale.
ticket-files-why-sticker = Gli sticker non si possono allegare.
ticket-files-why-mixed = Il file è più cose insieme: non si può allegare.
ticket-files-why-active = Questo PDF contiene azioni automatiche o altri file: stampalo in un nuovo PDF.
ticket-files-why-broken = Il file è rovinato o incompleto: mandalo di nuovo.
ticket-files-why-type = Questo tipo di file non si può allegare. Vanno bene foto, PDF, CSV, XLSX, TXT, ZIP e messaggi vocali.
ticket-files-why-failed = Non sono riuscito a ricevere il file: mandalo di nuovo.
ticket-files-why-away = Il portatile si è scollegato prima di rispondere.
ticket-files-why-silent = Il portatile non ha risposto in tempo.
ticket-files-ticket_full = ⚠️ Gli allegati di una richiesta arrivano al massimo a { $megabytes } MB: togline qualcuno.
ticket-files-forgotten = ⚠️ Gli allegati non sono più disponibili: mandali di nuovo.
ticket-files-laptop_away = ⚠️ Il portatile { $host } non è collegato (visto l’ultima volta il { $at }). Avvia <code>a486-bridge run</code> e riprova.
ticket-files-button-show = 📄 Allegati ({ $number })
ticket-files-button-go_on = Continua
ticket-files-button-wordless = Continua senza testo
ticket-files-button-drop = 🗑 Togli gli allegati
ticket-files-button-laptop = 🔌 Diagnostica dal portatile
ticket-files-button-this_laptop = 🔌 Diagnostica da { $host }
ticket-files-button-earlier = « Prima
ticket-files-which = <b>Allegati della richiesta n. { $number }</b>, dai più recenti:
ticket-files-of = { $at } · { $name } · { $files }
ticket-files-no_more = Non ci sono allegati da mostrare.
ticket-files-from-request = Richiesta n. { $number } · richiedente, { $at }
ticket-files-from-answer = 💬 Richiesta n. { $number } · Assistenza, { $at }
ticket-files-from-note = 🔒 Richiesta n. { $number } · Nota interna, { $at }
ticket-report-title = Diagnostica dal portatile
ticket-report-laptop = Portatile
ticket-report-reason = Non riuscito
ticket-report-nothing = Nessun dispositivo collegato.

ticket_photo-purpose-ask = { $number ->
    [one] 📷 <b>Vuoi aprire una richiesta con questa foto?</b>
   *[other] 📷 <b>Vuoi aprire una richiesta con queste { $number } foto?</b>
 }
ticket_photo-button-new = 🆘 Nuova richiesta
ticket_photo-button-add = ➕ { $ticket }

desk-menu = 📥 Richieste
desk-head-unassigned = <b>Da prendere in carico</b>, dalla più vecchia:
desk-head-mine = <b>In carico a te</b>, dalla più vecchia:
desk-head-closed = <b>Chiuse</b>, dalla più recente:
desk-none-unassigned = Nessuna richiesta da prendere in carico.
desk-none-mine = Non hai richieste in carico.
desk-none-closed = Nessuna richiesta chiusa.
desk-queue-unassigned = ⏳ Da prendere
desk-queue-mine = 🛠 Le mie
desk-queue-closed = ✅ Chiuse
desk-first = « Dall’inizio
desk-next = Altre ›
desk-given_back = ↩️ Rilasciata: la può prendere chiunque del personale.
