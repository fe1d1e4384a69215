command-assistenza = Chiedi assistenza
command-richieste = Richieste di assistenza
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
    Scrivi in un messaggio quello che hai: POD, POD di produzione, SID, NID. Anche una <b>foto dell’etichetta</b> va bene.
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
ticket-listed_of = { $mark } n. { $number } · { $name } · { $category }
ticket-listed_desk = { $mark } n. { $number } · { $company } · { $category }
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
ticket-begun = Iniziata dall’assistenza il { $at } con { $name }, { $company }
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
ticket-too_long = ⚠️ Il testo è troppo lungo, e non è stato inviato: scrivi al massimo { $number } caratteri.
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
ticket_new-attachments-added = ✅ L’ho aggiunto alla descrizione.
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
    [one] ✅ Ricevuto: { $added }.
   *[other] ✅ Ricevuto: { $added }. Allegati in tutto: { $number }.
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
desk-queue-unassigned = { $number ->
    [0] ⏳ Da prendere
   *[other] ⏳ Da prendere · { $number }
 }
desk-queue-mine = { $number ->
    [0] 🛠 Le mie
   *[other] 🛠 Le mie · { $number }
 }
desk-queue-closed = ✅ Chiuse
desk-given_back = ↩️ Rilasciata: la può prendere chiunque del personale.

ticket-button-hand_over = 👥 Passa a…
ticket-button-take_over = 👤 Passa a me
ticket-button-scp = 📄 Carica il file SCP
ticket-button-withdraw = Togli il messaggio
ticket-edited = ✏️ <i>modificato</i>
ticket-undelivered = ⚠️ <i>Non consegnato: il richiedente non riceve messaggi dal bot</i>
ticket-topic = { $mark } n. { $number } · { $company } · { $category }
ticket-topic_rules = <i>Qui sotto ogni riga è una nota interna. Per scrivere a { $name }: rispondi a un suo messaggio, oppure premi «Rispondi».</i>
ticket-topic_reopened = 🔄 <b>{ $name } ha riaperto la richiesta.</b>
ticket-topic_withdrawn = <i>Messaggio tolto da chi l’aveva scritto.</i>
ticket-topic_undelivered =
    ⚠️ <b>Non consegnato:</b> { $name } non riceve messaggi dal bot.

    { $text }
ticket-topic_delivered =
    ✅ Consegnato a { $name }:

    { $text }
ticket-no_role = ⚠️ Non è stato inviato niente: non hai un ruolo nell’assistenza.
ticket-anonymous = ⚠️ Non è stato inviato niente: da amministratore anonimo non so chi sei. Scrivi con il tuo nome.
ticket-only_text = ⚠️ Un file arriva al richiedente solo dalla domanda: premi «Rispondi» sulla scheda e manda lì il file.
ticket-sent_already = ⚠️ La risposta era già partita: il richiedente legge quella di prima.
ticket-not_sent = Non ho inviato niente.
ticket-answer_here = <i>Rispondi a questo messaggio: le altre righe restano note interne.</i>
ticket-done_here = { $text }
ticket-added = 💬 Aggiunto alla richiesta n. { $number }.
ticket-withdrawn = Tolto dalla richiesta n. { $number }.
ticket-edit_told = ✏️ Ho corretto il messaggio anche nella richiesta n. { $number }.
ticket-edit_late = Quella richiesta è chiusa: il messaggio resta com’era.
ticket-told_handed =
    👥 <b>Ti è stata passata la richiesta n. { $number }</b>
    { $category }
    Da { $name }
ticket-told_undelivered =
    ⚠️ <b>Richiesta n. { $number }</b> · non consegnato: { $name } non riceve messaggi dal bot.

    { $text }
ticket_which-which-ask =
    <b>A quale richiesta lo aggiungo?</b>

    { $text }
ticket_which-which-ask_pod =
    <b>Che cosa faccio con questo messaggio?</b>

    { $text }
ticket_which-button-none = 🆘 Nuova richiesta
ticket_which-button-search = 🔎 Cerca il POD { $pod }
desk-hand_over = A chi passi la richiesta n. { $number }?
ticket_new-device-ask =
    <b>Nuova richiesta</b>
    { $text }

    Con quale dispositivo hai bisogno di aiuto?
ticket_new-device-label = Dispositivo
ticket_new-device-edit = ✏️ Dispositivo
ticket_new-device-value = { $device }
ticket-about_outcome = «{ $outcome }» per il POD { $pod }.
ticket-about_reference = Il bot non ha completato un’operazione. Riferimento: { $reference }.
ticket_new-two_devices = ⚠️ SID e NID sono di due dispositivi diversi: controllali.
ticket_new-codes-not_yours = ⚠️ Questo dispositivo non risulta fra i vostri.
ticket-topic_request =
    <b>{ $name }</b>
    { $text }
ticket-topic_answer =
    💬 <b>{ $name }, al richiedente</b>
    { $text }
ticket-topic_note =
    🔒 <b>Nota interna di { $name }</b>
    { $text }
desk-button-contact = ✉️ Scrivi a un integratore
ticket_contact-words-ask = A chi scrivi? Cerca per nome, e-mail, azienda o partita IVA.
ticket_contact-words-error-short = ⚠️ Scrivi almeno { $least } caratteri.
ticket_contact-words-error-nobody = ⚠️ Non trovo nessuno. Prova con altre parole.
ticket_contact-person-ask = A chi di loro?
ticket_contact-person-label = A
ticket_contact-person-edit = ✏️ Destinatario
ticket_contact-person-value = { $name }
ticket_contact-device-ask = A: <b>{ $name }</b>. Di quale dispositivo si tratta?
ticket_contact-device-label = Dispositivo
ticket_contact-device-edit = ✏️ Dispositivo
ticket_contact-device-value = { $device }
ticket_contact-text-ask = Che cosa scrivi a { $name }?
ticket_contact-text-label = Messaggio
ticket_contact-text-edit = ✏️ Messaggio
ticket_contact-text-value = { $text }
ticket_contact-confirm-heading = 💬 <b>Questo lo leggerà { $name }:</b>
ticket_contact-confirm-button = 💬 Invia
ticket_contact-done = 💬 Messaggio inviato: la risposta arriva in questa richiesta.
ticket-told_begun =
    💬 <b>L’assistenza ti scrive</b> (richiesta n. { $number }):

    { $text }

    Rispondi a questo messaggio quando vuoi.
ticket-listed_late = { $hours ->
    [0] 🔴 meno di 1 h · n. { $number } · { $company } · { $category }
   *[other] 🔴 { $hours } h · n. { $number } · { $company } · { $category }
 }
ticket-hours = { $number ->
    [one] un’ora lavorativa
   *[other] { $number } ore lavorative
 }
ticket-minutes = { $number ->
    [0] meno di un minuto
    [one] un minuto
   *[other] { $number } minuti
 }
ticket-due-answer = 🕘 Prima risposta entro il { $at }
ticket-due-solve = 🕘 Soluzione entro il { $at }
ticket-overdue-answer = 🔴 Prima risposta in ritardo di { $late }
ticket-overdue-solve = 🔴 Soluzione in ritardo di { $late }
ticket-nobody = 👤 Non è in carico a nessuno
ticket-button-solved = ✅ Risolto
ticket-button-unsolved = ❌ Non ancora
ticket-rated-solved = ✅ Il richiedente dice che è risolta
ticket-rated-unsolved = ❌ Il richiedente dice che non è risolta
ticket-thanks-solved = ✅ <b>Grazie!</b> Bene che sia risolto.
ticket-thanks-unsolved = ❌ <b>Grazie di averlo detto.</b> Con «Riapri» la richiesta torna all’assistenza: puoi farlo entro 30 giorni dalla chiusura.
ticket-not_closed = Questa richiesta è di nuovo aperta: potrai dire se hai risolto quando sarà chiusa.
ticket-already_rated = Hai già risposto, grazie. Se il problema c’è ancora, riapri la richiesta entro 30 giorni dalla chiusura.
ticket-told_late-answer =
    🔔 <b>Richiesta n. { $number }</b>: manca la prima risposta, attesa entro il { $at }.
    { $category }
    { $operator }
ticket-told_late-solve =
    🔔 <b>Richiesta n. { $number }</b>: la soluzione era attesa entro il { $at }.
    { $category }
    { $operator }
ticket-told_escalated-answer =
    🔴 <b>Richiesta n. { $number } in forte ritardo</b>: manca la prima risposta, attesa entro il { $at }.
    { $category }
    { $operator }
ticket-told_escalated-solve =
    🔴 <b>Richiesta n. { $number } in forte ritardo</b>: la soluzione era attesa entro il { $at }.
    { $category }
    { $operator }

desk-head-late = <b>In ritardo</b>, prima quelle in ritardo da più tempo (in ore lavorative):
desk-none-late = Nessuna richiesta in ritardo.
desk-queue-late = { $number ->
    [0] 🔴 In ritardo
   *[other] 🔴 In ritardo · { $number }
 }
desk-day-head = 📋 <b>Richieste di assistenza, oggi</b>
desk-day-numbers =
    ⏳ Da prendere in carico: { $unassigned }
    🛠 In carico a te: { $mine }
    🔴 In ritardo: { $late }
    ✅ Chiuse dal { $since } a ieri: { $closed }
desk-day-oldest = La più vecchia ancora aperta: n. { $number }, del { $at }
notice-ticket_digest = Richieste di assistenza, ogni mattina
ticket_report-menu = 📊 Report richieste
ticket_report-title = 📊 <b>Report richieste di assistenza</b>
ticket_report-no_filter = Nessun filtro: trovo tutte le richieste che puoi vedere.
ticket_report-filter-number = Numero
ticket_report-filter-state = Stato
ticket_report-filter-opened = Apertura
ticket_report-filter-closed = Chiusura
ticket_report-filter-pod = POD
ticket_report-filter-production_pod = POD di produzione
ticket_report-filter-any_pod = POD o POD di produzione
ticket_report-filter-sid = SID
ticket_report-filter-nid = NID
ticket_report-filter-requester = Richiedente
ticket_report-filter-words = Parole
ticket_report-filter-integrator_id = Azienda
ticket_report-ask-number = Qual è il numero della richiesta?
ticket_report-ask-state = Quale stato cerchi?
ticket_report-ask-opened =
    <b>Aperte quando?</b>
    Scrivi un giorno (1/9/2026, oggi, ieri) o un periodo (dal 1/9/2026 al 15/9/2026), oppure scegli.
ticket_report-ask-closed =
    <b>Chiuse quando?</b>
    Scrivi un giorno (1/9/2026, oggi, ieri) o un periodo (dal 1/9/2026 al 15/9/2026), oppure scegli.
ticket_report-ask-pod = Quale POD cerchi?
ticket_report-ask-production_pod = Quale POD di produzione cerchi?
ticket_report-ask-any_pod = Quale POD cerchi, della fornitura o della produzione?
ticket_report-ask-sid = Quale SID cerchi? Anche una <b>foto dell’etichetta</b> va bene.
ticket_report-ask-nid = Quale NID cerchi? Anche una <b>foto dell’etichetta</b> va bene.
ticket_report-ask-requester = Chi ha aperto la richiesta? Scrivi il nome, anche solo una parte, oppure scegli.
ticket_report-ask-words = Quali parole cerchi nei messaggi?
ticket_report-ask-integrator_id = Di quale azienda? Scrivi una parte del nome, o l’inizio della partita IVA.
ticket_report-error-number = ⚠️ Scrivi solo il numero, per esempio 12.
ticket_report-found = { $number ->
    [0] 📊 <b>Nessuna richiesta trovata</b>
    [one] 📊 <b>Una richiesta trovata</b>
   *[other] 📊 <b>{ $number } richieste trovate</b>
 }
ticket_report-line = <b>n. { $number }</b> · { $state } · { $at }
ticket_report-number = n. { $number }
ticket_report-file = { $number ->
    [one] Report richieste: una riga
   *[other] Report richieste: { $number } righe
 }

ticket_find-button = 🔎 Cerca una richiesta
ticket_find-what-ask =
    <b>Che cosa cerco tra le richieste?</b>
    Scrivi il numero, un POD, un SID, un NID, oppure una parola dei messaggi. Anche una <b>foto dell’etichetta</b> va bene.
ticket_find-what-error-short = ⚠️ Scrivi almeno due caratteri, oppure il numero della richiesta.

ticket_transcript-button = 📄 Trascrizione
ticket_transcript-caption = Tutto quello che puoi leggere della richiesta n. { $number }.
ticket_transcript-title = Richiesta di assistenza n. { $number }
ticket_transcript-made = Trascrizione del { $at }
ticket_transcript-about = Richiesta
ticket_transcript-messages = Messaggi
ticket_transcript-state = Stato
ticket_transcript-state-open = Aperto
ticket_transcript-state-in-progress = In Lavorazione
ticket_transcript-state-closed = Chiuso
ticket_transcript-device = Dispositivo
ticket_transcript-category = Argomento
ticket_transcript-requester = Richiedente
ticket_transcript-company = Azienda
ticket_transcript-opened = Apertura
ticket_transcript-operator = Operatore
ticket_transcript-closed = Chiusura
ticket_transcript-time = { $at }
ticket_transcript-said-request =
    { $name }
    { $text }
ticket_transcript-said-answer =
    Assistenza, { $name }
    { $text }
ticket_transcript-said-note =
    NOTA INTERNA di { $name }
    { $text }
ticket_transcript-signs = Emoji e altri simboli dei messaggi qui possono mancare.

canned-menu = 📝 Risposte pronte
canned-list =
    📝 <b>Risposte pronte</b>
    Le trovi anche come pulsanti, quando rispondi a una richiesta.
canned-none =
    📝 <b>Risposte pronte</b>
    Non ce n’è ancora nessuna. Aggiungi quelle che scrivi spesso: le trovi come pulsanti, quando rispondi.
canned-card =
    📝 <b>{ $title }</b>

    { $text }
canned-value = { $text }
canned-language-it = Italiano
canned-language-en = Inglese
canned-language-any = Qualunque lingua
canned-button-add = ➕ Aggiungi
canned-button-change = ✏️ Modifica
canned-button-remove = 🗑 Elimina
canned-button-remove_now = 🗑 Sì, elimina
canned-button-keep = ↩️ No, tieni
canned-remove_ask = Elimino la risposta pronta «{ $title }»?
canned-kept = ✅ Risposta pronta salvata.
canned-removed = 🗑 Risposta pronta eliminata.
canned-gone = Questa risposta pronta non c’è più.
canned-too_many = Le risposte pronte sono già { $number }, il massimo: eliminane una prima di aggiungerne un’altra.
canned-error-gone = ⚠️ Questa risposta pronta non c’è più: scegline un’altra, oppure scrivi.
canned_answer-title-ask = Come si chiama la risposta pronta? Il titolo sta sul pulsante.
canned_answer-title-label = Titolo
canned_answer-title-edit = ✏️ Titolo
canned_answer-title-error-length = ⚠️ Scrivi un titolo da { $least } a { $most } caratteri.
canned_answer-text-ask = Che cosa dice? Prima di inviarla la rileggi sempre.
canned_answer-text-label = Testo
canned_answer-text-edit = ✏️ Testo
canned_answer-language-ask = In che lingua è?
canned_answer-language-label = Lingua
canned_answer-language-edit = ✏️ Lingua
canned_answer-confirm-heading = <b>Salvo questa risposta pronta?</b>
canned_answer-confirm-button = ✅ Salva
ticket-too_many_words = Hai già mandato { $number } messaggi in un’ora, e l’assistenza li legge tutti. Questo non è partito: riprova tra un po’.
ticket-noted = 🔒 Salvato come nota interna. Per scrivere al richiedente rispondi a un suo messaggio, oppure premi «Rispondi» sulla scheda.
ticket-only_words = 🔒 I file restano qui nell’argomento: nella richiesta c’è solo il testo.
ticket-answers_none = Quella persona non risponde alle richieste di assistenza: scegli un altro collega.
ticket_photo-purpose-ask_files = { $number ->
    [one] 📄 <b>Vuoi aprire una richiesta con questo file?</b>
   *[other] 📄 <b>Vuoi aprire una richiesta con questi { $number } file?</b>
 }
ticket-taken_here = ⚠️ Non è stato inviato niente: la richiesta n. { $number } è in carico a { $name }.
ticket-handed = 👥 Passata a { $name }.
ticket-reopened = 🔄 <b>Richiesta riaperta.</b> Scrivi qui che cosa non va ancora.
