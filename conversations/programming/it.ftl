command-lavori = I tuoi lavori di programmazione
programming-menu = 🧰 I miei lavori
programming-ours = 🏢 Lavori dell’azienda
programming-mine = <b>I tuoi lavori</b>, dal più recente:
programming-mine_none = Non hai lavori aperti. Da un’associazione, «🛠 Programma» ne crea uno.
programming-ours_list = <b>Lavori di { $company }</b>, dal più recente:
programming-ours_none = { $company } non ha ancora lavori di programmazione.
programming-listed = { $mark } …{ $pod } · { $about }
programming-button-begin = 🛠 Programma

programming-state-assigned = 🟡 da fare
programming-state-running = ⏳ in corso
programming-state-programmed = ✅ da confermare
programming-state-confirmed = 🟢 confermato
programming-state-failed = 🔴 non riuscito
programming-state-cancelled = ⚪ ritirato
programming-mark-assigned = 🟡
programming-mark-running = ⏳
programming-mark-programmed = ✅
programming-mark-confirmed = 🟢
programming-mark-failed = 🔴
programming-mark-cancelled = ⚪

programming-title = 🛠 <b>Lavoro n. { NUMBER($number, useGrouping: 0) }</b> · { $state }
programming-pod = POD <code>{ $pod }</code>
programming-production = POD produzione <code>{ $pod }</code>
programming-device =
    { $device } · { $configuration }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
programming-place = 📍 { $place }
programming-note = 📝 { $note }
programming-technician = 👤 { $name }

programming-step-identify = ⏳ <b>Passo { $number } di { $steps }</b>: riconosco il dispositivo
programming-step-check = ⏳ <b>Passo { $number } di { $steps }</b>: controllo il file SCP
programming-step-load = ⏳ <b>Passo { $number } di { $steps }</b>: carico il file SCP
programming-step-read_back = ⏳ <b>Passo { $number } di { $steps }</b>: rileggo il dispositivo
programming-step-hand_over =
    📥 <b>Carica il file con il programma del dispositivo</b>
    Il percorso è sullo schermo del portatile. Quando hai finito, dimmelo qui.
programming-nothing_proved = Il lavoro non risulta fatto.
programming-word_waits = 📷 La tua conferma è arrivata. Il lavoro si chiude quando il portatile torna in linea e manda il rapporto.
programming-file_awaited = ⏳ Il file SCP è in attesa del distributore. Potrai programmare appena è pronto: questa scheda si aggiorna da sola.
programming-repeated = ⚠️ Il dispositivo è stato programmato di nuovo dopo il primo rapporto.
programming-outcome-confirmed = ✅ <b>Programmato e riletto dal dispositivo</b>
programming-outcome-unread = ✅ <b>Programmato.</b> Il contatore non si legge ancora del tutto:
programming-by_hand = 📄 Caricato senza portatile: nulla è stato riletto dal dispositivo.
programming-read_nid = NID <code>{ $nid }</code>
programming-read_pod = POD <code>{ $pod }</code>
programming-read_nothing = La configurazione non si legge ancora
programming-read_model = Configurazione: { $model }
programming-read_link_primary = Contatore di scambio: { $said }
programming-read_link_production = Contatore di produzione: { $said }
programming-read_by = <i>Letto dal portatile { $host } il { $at }</i>
programming-simulated = ⚠️ Dispositivo simulato
programming-confirmed_at = 🟢 <b>Confermato in campo</b> il { $at } da { $name }
programming-link_ok = raggiunto
programming-model_0 = Standard
programming-model_1 = solo produzione
programming-model_2 = Prosumer
programming-model_other = sconosciuta ({ $model })
programming-model_none = non ancora leggibile

programming-button-connect = 🔌 Collega il dispositivo
programming-button-without = 📄 Senza portatile
programming-button-refresh = 🔄 Aggiorna
programming-button-loaded = 📥 Ho caricato il file
programming-button-again = 🔁 Riprova
programming-button-look_again = 🔄 Guarda di nuovo
programming-button-blink = 💡 Lampeggia
programming-button-program = ▶️ Programma
programming-button-replace = 🔁 Cambia dispositivo
programming-button-help = 🆘 Assistenza
programming-button-copy_help = 📋 Copia il messaggio
programming-button-confirm = ✅ Conferma in campo
programming-button-confirm_by_hand = ✅ L’ho caricato, conferma
programming-button-readings = 📊 Letture
programming-button-factor = 🧾 Valori al primario (K)
programming-button-report = 📄 Rapporto
programming-button-hand_over = 🤝 Passa a un collega
programming-button-cancel = 🗑 Ritira il lavoro
programming-button-cancel_now = 🗑 Sì, ritira il lavoro
programming-button-keep = ↩️ No, tienilo
programming-button-open = 🛠 Lavoro n. { NUMBER($number, useGrouping: 0) }

programming-asking-identify = ⏳ Guardo che cosa è collegato a { $host }…
programming-asking-read = ⏳ Leggo il contatore: può volerci un minuto…
programming-asking-blink = ⏳ Accendo il LED…
programming-asking-program = ⏳ Comincio…
programming-asking-loaded = ⏳ Rileggo il dispositivo…
programming-no_bridge =
    <b>Non hai ancora un portatile abbinato.</b>
    Collegando un portatile al dispositivo lo programmi da qui. Senza, ti mando il file SCP e confermi tu.
programming-bridge_away =
    ⚪ <b>{ $host }</b> non è collegato (visto l’ultima volta il { $at }).
    Sul portatile scrivi <code>a486-bridge run</code>. Se lì non c’è rete, <code>a486-bridge program</code> funziona anche senza: il risultato arriva dopo.
programming-bridge_silent = ⚠️ Il portatile non risponde. Controlla che sia acceso e in rete, poi riprova.
programming-bridge_lost = ⚠️ Il portatile si è scollegato. Controlla la rete, poi riprova.
programming-right_device = ✅ <b>È il dispositivo giusto</b>: NID <code>{ $nid }</code>, firmware { $firmware }
programming-not_configured = Non è ancora configurato.
programming-configured = Al momento è configurato per il POD <code>{ $pod }</code>, { $model }.
programming-blinks = 💡 Il LED verde lampeggia veloce: quel dispositivo è il tuo.
programming-not_yours = Questo lavoro è di { $name }: può svolgerlo solo chi ne è incaricato.
programming-gone = Questo lavoro non c’è più, o non è della tua azienda.
programming-open_already = L’associazione ha già un lavoro aperto.
programming-begun = Troppo tardi: il lavoro è già cominciato, o è chiuso.
programming-association_over = L’associazione è stata eliminata: il lavoro non serve più.
programming-no_technician = Questa persona non può programmare dispositivi per la tua azienda.
programming-hand_over_to = A chi passo il lavoro?
programming-nobody_else = Nella tua azienda nessun altro può programmare dispositivi.
programming-handed_over = 🤝 Il lavoro è di { $name }.
programming-ask_cancel = Ritiro il lavoro n. { NUMBER($number, useGrouping: 0) } per il POD <code>{ $pod }</code>? L’associazione resta.
programming-without =
    <b>Senza portatile</b>
    Scarica il file SCP, caricalo con il programma del dispositivo, poi conferma qui. Il rapporto dirà che nulla è stato riletto dal dispositivo.
programming-help =
    Manda questo messaggio all’assistenza:

    <code>{ $text }</code>
programming-help_text =
    Lavoro { NUMBER($number, useGrouping: 0) }, POD { $pod }, SID { $sid }, NID { $nid }. Passo: { $step }, tentativo { $attempt }. { $reason }
programming-help_none = La programmazione del dispositivo non riesce.
programming-making_report = ⏳ Preparo il rapporto…
programming-no_report = ⚠️ Non sono riuscito a preparare il rapporto: riprova tra poco.
programming-report_caption = 📄 <b>Rapporto di installazione</b> · lavoro n. { NUMBER($number, useGrouping: 0) } · POD <code>{ $pod }</code>
programming-not_drawn = ⚠️ Non sono riuscito a disegnare il grafico del registro.
programming-log_file = 📊 Registro del contatore: { $samples } campioni
programming-log-import = Energia prelevata, giorno per giorno
programming-log-export = Energia immessa, giorno per giorno
programming-log-production = Energia prodotta, giorno per giorno
programming-readings =
    📊 <b>Letture</b>
    NID <code>{ $nid }</code>
programming-at_primary = <b>Valori al primario</b> (K = { $factor })
programming-reading = { $name }: <b>{ $said }</b>
programming-missing = non disponibile
programming-no_diagnostics = nessuna segnalazione
programming-value-imported = Energia prelevata
programming-value-exported = Energia immessa
programming-value-produced = Energia prodotta
programming-value-today = Oggi
programming-value-power = Potenza istantanea
programming-value-contractual = Potenza contrattuale
programming-value-available = Potenza disponibile
programming-value-clock = Orologio del contatore
programming-value-diagnostics = Diagnostica
factor-factor-ask = Qual è il fattore K? Scrivi un numero, oppure il rapporto del trasformatore (per esempio 250/5).

programming-told_assigned = 🛠 <b>{ $name } ti ha dato il lavoro n. { NUMBER($number, useGrouping: 0) }</b>
programming-told_taken = 🤝 Il lavoro n. { NUMBER($number, useGrouping: 0) } (POD <code>{ $pod }</code>) ora è di { $name }.
programming-told_cancelled = ⚪ Il lavoro n. { NUMBER($number, useGrouping: 0) } (POD <code>{ $pod }</code>) è stato ritirato.
programming-told_programmed = ✅ Il dispositivo del POD <code>{ $pod }</code> è programmato e riletto. Manca la tua conferma in campo.
programming-told_confirmed = 🟢 Il rapporto è arrivato: il lavoro del POD <code>{ $pod }</code> è confermato.
programming-told_repeated = ⚠️ Il dispositivo del POD <code>{ $pod }</code> è stato programmato di nuovo.
programming-told_failed =
    🔴 La programmazione del POD <code>{ $pod }</code> non è riuscita.
    { $reason }
programming-told_on_site = 🟢 <b>Installazione confermata</b>: POD <code>{ $pod }</code>, lavoro n. { NUMBER($number, useGrouping: 0) }, da { $name }. Il dispositivo è stato riletto.
programming-told_by_hand = 🟢 <b>Installazione confermata</b>: POD <code>{ $pod }</code>, lavoro n. { NUMBER($number, useGrouping: 0) }, da { $name }, senza rilettura del dispositivo.
notice-programming_confirmed = Installazioni confermate in campo

assign-technician-ask = Chi programma il dispositivo del POD <code>{ $pod }</code>?
assign-technician-me = 👤 Io
assign-place-ask = 📍 Dove si trova? Scrivi l’indirizzo, o come arrivarci.
assign-place-error-long = ⚠️ È troppo lungo: al massimo { $most } caratteri.
assign-note-ask = 📝 Qualcosa da sapere? Chiavi, orari, a chi rivolgersi.
assign-note-error-long = ⚠️ È troppo lungo: al massimo { $most } caratteri.
assign-skip = Salta
assign-done = ✅ <b>Lavoro assegnato a { $name }.</b>
assign-taken = ✅ <b>Il lavoro è tuo.</b>

on_site-photo-ask = 📷 Vuoi allegare una foto dell’installazione? Mandala adesso.
on_site-photo-ask_by_hand =
    Nulla è stato riletto dal dispositivo: il rapporto lo dirà.

    📷 Vuoi allegare una foto dell’installazione? Mandala adesso.
on_site-photo-error-none = ⚠️ Non è una foto. Mandane una, o vai avanti senza.
on_site-position-ask = 📍 Vuoi allegare la posizione? Condividila dal menu della graffetta.
on_site-position-error-none = ⚠️ Non è una posizione. Condividila, o vai avanti senza.
on_site-word-ask =
    <b>Confermi l’installazione?</b>
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Foto: { $photo } · Posizione: { $place }
on_site-with = sì
on_site-without = no
on_site-button-no_photo = Senza foto
on_site-button-no_place = Senza posizione
on_site-button-confirm = ✅ Conferma in campo
on_site-confirmed = 🟢 <b>Confermato.</b> Il rapporto arriva qui sotto.
on_site-noted = 📷 <b>Conferma ricevuta.</b>
on_site-which = 📷 Per quale lavoro è la foto? Rimandala con il POD nella didascalia, oppure apri il lavoro.

programming-why-port-none = ⚠️ Al portatile non è collegato nulla: collega il dispositivo con il cavo USB.
programming-why-port-which = ⚠️ Al portatile sono collegati più dispositivi.
programming-why-port-missing = ⚠️ La porta { $port } non c’è più: controlla il cavo USB.
programming-why-port-busy = ⚠️ Un altro programma usa la porta { $port }: chiudilo e riprova.
programming-why-port-permission = ⚠️ Il portatile non ha il permesso di usare la porta { $port }: «a486-bridge doctor» dice come darlo.
programming-why-port-failed = ⚠️ La porta { $port } non si apre: scollega il cavo, ricollegalo e riprova.
programming-why-device-wrong =
    ⚠️ <b>È collegato un altro dispositivo.</b>
    Collegato: NID <code>{ $connected }</code>
    Atteso: NID <code>{ $expected }</code>
    Non ho scritto nulla.
programming-why-device-absent = ⚠️ Nessun dispositivo collegato è quello atteso (NID <code>{ $expected }</code>). Non ho scritto nulla.
programming-why-device-lost = ⚠️ Il dispositivo si è scollegato: controlla cavo e alimentazione, poi riprova.
programming-why-device-silent = ⚠️ Il dispositivo non risponde: controlla che sia alimentato, poi riprova.
programming-why-device-strange = ⚠️ La risposta del dispositivo non è comprensibile: riprova.
programming-why-envelope-device = ⚠️ Il file SCP è di un altro dispositivo. Non ho scritto nulla.
programming-why-envelope-pods = ⚠️ Il file SCP è di un’altra fornitura. Non ho scritto nulla.
programming-why-envelope-sequence = ⚠️ Il file SCP è più vecchio di quello già caricato. Non ho scritto nulla: collega il portatile alla rete e riprova.
programming-why-envelope-expired = ⚠️ Il file SCP è scaduto, o l’orologio del portatile è sbagliato. Controlla data e ora, poi riprova.
programming-why-envelope-changed = ⚠️ Il file SCP non è autentico. Non ho scritto nulla.
programming-why-content-other = ⚠️ Il dispositivo ha in memoria un contenuto diverso da quello inviato. Riprova.
programming-why-read-pod = ⚠️ Il dispositivo riporta un altro POD. Riprova; se si ripete, chiedi all’assistenza.
programming-why-read-model = ⚠️ Il dispositivo riporta un’altra configurazione. Riprova; se si ripete, chiedi all’assistenza.
programming-why-read-configuration = ⚠️ Il dispositivo non risulta configurato: il file non è stato caricato. Riprova.
programming-why-load-failed = ⚠️ Il dispositivo non ha accettato il file. Riprova; se si ripete, chiedi all’assistenza.
programming-why-report-simulated = ⚠️ Il dispositivo è simulato: questo servizio non lo accetta.
programming-why-report-refused = ⚠️ Il rapporto del portatile non corrisponde al lavoro. Riprova; se si ripete, chiedi all’assistenza.
programming-why-interrupted = ⚠️ Il portatile si è spento o il programma è stato chiuso durante il lavoro. Il dispositivo può aver ricevuto il file solo in parte: riprova.
programming-why-busy = ⏳ Il portatile sta già lavorando su questo dispositivo.
programming-why-gone = ⚠️ Il portatile non ha ancora ricevuto questo lavoro: il file SCP è in preparazione. Riprova tra qualche secondo.
programming-why-failed = ⚠️ Il programma del portatile ha avuto un problema. Riprova; se si ripete, manda «a486-bridge logs --bundle» all’assistenza.
programming-why-nack-MESSAGE = ⚠️ Il dispositivo non ha capito il messaggio. Riprova.
programming-why-nack-ATTRIBUTE = ⚠️ Il dispositivo non conosce questa richiesta: il firmware può essere troppo vecchio.
programming-why-nack-PARAMETER = ⚠️ Il dispositivo non conosce questo parametro: il firmware può essere troppo vecchio.
programming-why-nack-NOT_ENROLLED = ⚠️ Il dispositivo ha perso il collegamento con il portatile. Riprova.
programming-why-nack-NO_DATUM = non ancora raggiunto, attendi qualche minuto
programming-why-nack-NO_LOG = ⚠️ Il dispositivo non ha ancora un registro dei consumi.
programming-why-nack-NO_BUFFER = ⚠️ Il dispositivo è occupato: attendi qualche secondo e riprova.
programming-why-nack-LIMIT = ⚠️ Il dispositivo ha già trasmesso quanto può: attendi qualche minuto e riprova.
programming-why-nack-NOT_COMMISSIONED = ⚠️ Il dispositivo non è configurato: va caricato il file SCP.
programming-why-nack-AUTHENTICATION = ⚠️ Le chiavi non vanno bene per questo contatore, chiedi un nuovo file SCP
programming-why-nack-NO_TARGET = ⚠️ La configurazione del dispositivo non comprende questo contatore.
programming-why-nack-unknown = ⚠️ Il dispositivo ha rifiutato la richiesta (codice { $code }).
programming-why_unknown = ⚠️ Operazione non riuscita ({ $reason }).

programming-report-title = Rapporto di installazione
programming-report-subtitle = Lavoro n. { NUMBER($number, useGrouping: 0) } · { $integrator }
programming-report-supply = Fornitura
programming-report-pod = POD
programming-report-production = POD produzione
programming-report-serial = Matricola
programming-report-place = Luogo
programming-report-device_heading = Dispositivo
programming-report-device = Tipo
programming-report-configuration = Configurazione
programming-report-read_heading = Lettura dal dispositivo
programming-report-outcome = Esito
programming-report-outcome_confirmed = Programmato; POD, configurazione e contatori riletti
programming-report-outcome_unread = Programmato; il contatore non si legge ancora del tutto
programming-report-outcome_none = Nulla è stato riletto
programming-report-read_pod = POD letto
programming-report-nothing = non ancora leggibile
programming-report-model = Configurazione letta
programming-report-firmware = Firmware
programming-report-link_primary = Contatore di scambio
programming-report-link_production = Contatore di produzione
programming-report-file = File SCP
programming-report-file_value = n. { NUMBER($number, useGrouping: 0) }, caricato con { $loader }
programming-report-sha256 = SHA-256 del file
programming-report-held = SHA-256 nel dispositivo
programming-report-not_told = non comunicato dal dispositivo
programming-report-laptop = Portatile
programming-report-laptop_value = { $host }, chiave { $fingerprint }
programming-report-began = Inizio
programming-report-ended = Fine
programming-report-time = { $at }
programming-report-attempt = Tentativo
programming-report-site_heading = Conferma in campo
programming-report-technician = Tecnico
programming-report-confirmed = Confermato il
programming-report-position = Posizione
programming-report-photo = Foto
programming-report-photo_below = qui sotto
programming-report-photo_none = nessuna
programming-report-note_read = Le letture sono quelle del portatile indicato, firmate con la sua chiave. Il protocollo del dispositivo non ne autentica l’identità.
programming-report-note_by_hand = Il tecnico ha caricato il file senza un portatile abbinato: nulla è stato riletto dal dispositivo.
programming-report-note_simulated = DISPOSITIVO SIMULATO: questo rapporto non prova alcuna installazione.
programming-report-note_repeated = Il dispositivo è stato programmato di nuovo dopo questo rapporto.
programming-report-footer = Lavoro { NUMBER($number, useGrouping: 0) } · associazione { $association }
programming-repeated_failed = ⚠️ Dopo il primo rapporto un altro tentativo è rimasto a metà: ricontrolla il dispositivo.
programming-outcome-unproved = ⚠️ <b>La lettura corrisponde, ma corrispondeva già prima.</b> Non si sa se il file nuovo è stato caricato:
programming-a_laptop = abbinato
programming-read_by_wrong_clock = <i>Letto dal portatile { $host }, ricevuto il { $at }: l’orologio del portatile è sbagliato</i>
programming-cancelled_but_programmed = ⚠️ Il dispositivo è stato programmato anche se il lavoro era stato ritirato.
programming-told_although_cancelled = ⚠️ Il dispositivo del POD <code>{ $pod }</code> è stato programmato, anche se il lavoro era stato ritirato.
programming-told_again_failed = ⚠️ Un altro tentativo sul dispositivo del POD <code>{ $pod }</code>, già confermato, è rimasto a metà: ricontrollalo.
programming-told_stray = ⚠️ Un portatile ha programmato un dispositivo per il lavoro n. { NUMBER($number, useGrouping: 0) } (POD <code>{ $pod }</code>) dopo che il lavoro è passato ad altri o il dispositivo è cambiato. Il rapporto è conservato; il lavoro resta com’è.
on_site-another = 📷 Il codice nella didascalia non è di un tuo lavoro aperto: non ho confermato nulla.
programming-report-outcome_unproved = Corrisponde, ma corrispondeva già prima del caricamento
programming-report-note_clock = L’orologio del portatile era sbagliato: gli orari sono quelli di ricezione.
programming-which_laptop = Hai più portatili collegati. A quale è attaccato il dispositivo?
programming-on_laptop = 🔌 Portatile <b>{ $host }</b>
programming-wrong_devices =
    ⚠️ <b>Nessuno dei dispositivi collegati è quello giusto.</b>
    Collegati: NID { $nids }
    Atteso: NID <code>{ $expected }</code>
    Non ho scritto nulla.
programming-asked_replacement = 📨 Per cambiare dispositivo serve un configuratore: ho avvisato { $name }.
programming-told_replace = 🔁 <b>{ $name } chiede di cambiare il dispositivo</b> del lavoro n. { NUMBER($number, useGrouping: 0) }, POD <code>{ $pod }</code>.
programming-told_changed =
    🔁 <b>Il dispositivo del lavoro n. { NUMBER($number, useGrouping: 0) } è cambiato</b>
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
programming-ask_hand_over = Passo il lavoro n. { NUMBER($number, useGrouping: 0) } a { $name }?
programming-button-hand_over_now = 🤝 Sì, passalo
programming-log_at_primary = { $title } · al primario (K = { $factor })
on_site-no_job = 📷 Non hai lavori aperti che aspettano una conferma.
