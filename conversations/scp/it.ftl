scp-button-get = 📄 File SCP
scp-moment = ⏳ Preparo il file SCP…
scp-caption =
    📄 <b>File SCP</b> da caricare sul dispositivo
    Associazione n. { NUMBER($number, useGrouping: 0) } · { $configuration }
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Valido fino al { $until }. Contiene dati riservati: usalo solo per questo dispositivo.
scp-failed = ⚠️ Non sono riuscito a preparare il file SCP. L’associazione è valida: riprova tra poco.
scp-gone = L’associazione è stata eliminata: il file SCP non serve più.
scp-awaited =
    ⏳ <b>File SCP in attesa del distributore</b>
    POD <code>{ $pod }</code>
    L’associazione è valida. Ti avviso appena il file è pronto.
scp-told_ready =
    ✅ <b>Il file SCP è pronto</b>
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
scp-told_replaced =
    ⚠️ <b>Il file SCP è stato sostituito</b>
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Usa quello nuovo: il precedente non va più caricato.
scp-told_batch = ✅ I file SCP della <b>richiesta n. { NUMBER($number, useGrouping: 0) }</b> sono pronti: non ne manca nessuno.
scp-told_awaited = 📥 { $number ->
    [one] Un file SCP è da caricare: il System Integrator lo aspetta.
   *[other] { $number } file SCP sono da caricare: i System Integrator li aspettano.
    }
command-filescp = File SCP da caricare
scp-menu = 📥 File SCP da caricare
scp-awaited_list = <b>File SCP da caricare</b>, dal più vecchio:
scp-awaited_none = Nessun file SCP da caricare.
scp-awaited_listed = { $day } · { $pod } · { $sid }
scp-button-other = 🔎 Altra associazione
scp_attach-which-ask =
    <b>Per quale associazione?</b>
    Scrivi il POD o il SID. Anche una <b>foto dell’etichetta</b> va bene.
scp_attach-which-error-unknown = ⚠️ Non trovo un’associazione attiva con questo POD o SID. Controlla il codice.
scp_attach-file-ask =
    <b>Manda il file del distributore</b>
    Come documento, fino a 256 KB.
scp_attach-file-error-not_a_file = ⚠️ Mi serve il file SCP, inviato come documento.
scp_attach-file-error-photo = ⚠️ Questa è una foto. Manda il file SCP come documento.
scp_attach-file-error-several = ⚠️ Un file alla volta: manda solo quello di questa associazione.
scp_attach-file-error-too_big = ⚠️ Il file supera i 256 KB: non può essere un file SCP.
scp_attach-file-error-gone = ⚠️ Non sono riuscito a scaricare il file da Telegram. Mandalo di nuovo.
scp_attach-file-error-wrong_kind = ⚠️ Non è un file SCP: { $reason }. Non ho salvato nulla.
scp_attach-kind-empty = è vuoto
scp_attach-kind-image = è un’immagine
scp_attach-kind-pdf = è un PDF
scp_attach-kind-zip = è un archivio o un documento di Office
scp_attach-kind-html = è una pagina web
scp_attach-kind-envelope = l’ha preparato questo bot, mi serve quello del distributore
scp_attach-reading = ⏳ Controllo il file…
scp_attach-about =
    Associazione n. { NUMBER($number, useGrouping: 0) } · { $integrator }
    POD { $pod }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
    Configurazione { $configuration }
scp_attach-production = Produzione: POD { $pod }
scp_attach-replaces = ⚠️ C’è già un file pronto: questo prende il suo posto, e chi l’ha ricevuto viene avvisato.
scp_attach-received =
    <b>Carico questo file?</b>
    { $name } · { $size } byte
    SHA-256 <code>{ $digest }…</code>
scp_attach-button_attach = ✅ Carica
scp_attach-button_again = ✏️ Un altro file
scp_attach-attached = ✅ File SCP caricato per il POD { $pod }. Chi lo aspetta viene avvisato.
scp_attach-changed = ⚠️ Nel frattempo il file di questa associazione è cambiato: forse l’ha caricato un collega. Non ho salvato nulla.
scp_attach-gone = L’associazione non c’è più: il suo file SCP non serve.
