command-contratti = Contratti

contracts-menu = 📄 Contratti
contracts-title = <b>Contratti</b>
contracts-none =
    <b>Contratti</b>
    Nessun contratto. Carica un file con l’elenco degli utenti da abilitare (Allegato 5).
contracts-button-load = 📤 Carica
contracts-button-template = 📄 Modello
contracts-button-end = ⏹ Chiudi il contratto…
contracts-button-end_now = ⏹ Chiudi
contracts-button-keep = Lascia attivo
contracts-card =
    <b>Contratto { $number }</b>
    { $company }
    Partita IVA { $iva }

    <b>Utenti indicati:</b> { $people }
    <b>Abilitati:</b> { $enabled }
contracts-person = • { $email }
contracts-more = … e altri { $number }
contracts-state-standing = ✅ Attivo
contracts-state-ended = ⏹ Chiuso
contracts-gone = Questo contratto non c’è.
contracts-ended = Questo contratto è chiuso.
contracts-of_another = Il contratto { $number } è di un’altra azienda: non è stato caricato nulla.
contracts-ask_end = Chiudere il contratto <b>{ $number }</b>? Se l’azienda non ha altri contratti attivi, chi ci lavora non potrà più usare il servizio finché non ne carichi uno nuovo.
contracts-is_ended = ⏹ Contratto { $number } chiuso.

contracts-bad-number = il numero di contratto manca o è troppo lungo
contracts-bad-broken = la riga non si legge
contracts-bad-role = il ruolo non è Referente, Configuratore o Tecnico
contracts-bad-two_companies = lo stesso contratto ha due partite IVA
contracts-bad-twice = l’e-mail c’è due volte
contracts-bad-not_a_name = la ragione sociale non va bene
contracts-bad-too_short = la ragione sociale manca
contracts-bad-too_long = la ragione sociale è troppo lunga
contracts-bad-unprintable = contiene caratteri invisibili
contracts-bad-look_alike = contiene lettere di un altro alfabeto
contracts-bad-not_an_address = l’e-mail non è un indirizzo
contracts-bad-not_a_number = il numero non è di telefono
contracts-bad-not_mobile = il numero non è di cellulare
contracts-bad-cf_length = il codice fiscale non ha 16 caratteri
contracts-bad-cf_form = il codice fiscale non è fatto bene
contracts-bad-cf_checksum = il carattere di controllo del codice fiscale non corrisponde
contracts-bad-iva_length = la partita IVA non ha 11 cifre
contracts-bad-iva_checksum = la cifra di controllo della partita IVA non corrisponde

place-closed =
    ⏹ <b>Contratto chiuso</b>
    { $company } non ha più un contratto attivo: per ora non puoi usare il servizio.

    Per informazioni rivolgiti al referente della tua azienda.
place-closed_referent =
    ⏹ <b>Contratto chiuso</b>
    { $company } non ha più un contratto attivo: per ora né tu né i tuoi colleghi potete usare il servizio.

    Per rinnovarlo rivolgiti al servizio commerciale.
place-opened =
    ✅ <b>Contratto attivo</b>
    Puoi di nuovo usare il servizio per { $company }.

contract_load-file-ask =
    <b>Carica contratti</b>
    Manda il file, CSV o Excel, con una riga per ogni utente: Contratto, Partita IVA, Ragione sociale, E-mail, Codice Fiscale, e se vuoi il Ruolo.
contract_load-file-error-not_a_file = ⚠️ Serve un file: allegalo come documento.
contract_load-file-error-too_big = ⚠️ Il file supera i 20 MB.
contract_load-file-error-gone = ⚠️ Telegram non ha più il file: mandalo di nuovo.
contract_load-file-error-refused = ⚠️ Non posso leggere il file. { $reason }
contract_load-reading = ⏳ Leggo il file…
contract_load-template = Il modello: una riga per ogni utente. Il ruolo può restare vuoto: il primo utente di un’azienda è il referente.
contract_load-title = <b>Carico questi contratti?</b>
contract_load-nothing = Non ho caricato nulla: correggi il file e mandalo di nuovo.
contract_load-ended = · ⏹ chiuso: con questo numero non si può ricaricare
contract_load-changed = · già caricato: { $added } in più, { $removed } in meno
contract_load-unchanged = · già caricato, con gli stessi utenti
contract_load-contract = { $people ->
    [one] • <b>{ $number }</b> { $company }: un utente
   *[other] • <b>{ $number }</b> { $company }: { $people } utenti
 }
contract_load-more = … e altri { $number }
contract_load-bad_title = { $number ->
    [0] ⚠️ Il file non contiene utenti.
    [one] ⚠️ Una riga non va bene:
   *[other] ⚠️ { $number } righe non vanno bene:
 }
contract_load-bad = riga { $line }: { $reason }
contract_load-button = ✅ Carica
contract_load-button_again = 📤 Manda un altro file
contract_load-loaded = { $contracts ->
    [one] ✅ Contratto caricato.
   *[other] ✅ { $contracts } contratti caricati.
 } { $enabled ->
    [0] Chi è indicato viene abilitato appena si registra.
    [one] Una persona che aspettava è ora abilitata.
   *[other] { $enabled } persone che aspettavano sono ora abilitate.
 }
