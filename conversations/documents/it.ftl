# Documenti utili.
command-documenti = Documenti utili: contratto, specifiche, firmware, driver
notice-document_news = Novità nelle cartelle che segui

documents-menu = 🗂 Documenti utili
documents-menu_short = Documenti utili
documents-root =
    🗂 <b>Documenti utili</b>

    Contratto, specifiche, firmware, driver e software. Scegli una cartella.
documents-title = 🗂 <b>{ $trail }</b>
documents-empty = Qui non c’è ancora nessun documento. Segui la cartella: ti avviso quando arriva.
documents-no_folder = Questa cartella non c’è più: riparti da qui.
documents-gone = Questo documento non è più disponibile.
documents-bytes = { $number } byte
documents-kilobytes = { $number } KB
documents-megabytes = { $number } MB
documents-version = Versione { $label } del { $dated } · { $size }
documents-card =
    🗂 { $trail }

    <b>{ $title }</b>
    Versione { $label } del { $dated }
    📄 { $file } · { $size }
documents-caption = <b>{ $title }</b> · versione { $label } del { $dated }
documents-withdrawn = 🚫 Ritirato: lo vede solo il personale.
documents-downloads = { $number ->
    [0] Nessuno ha ancora scaricato questa versione.
    [one] Scaricato una volta.
   *[other] Scaricato { $number } volte.
 }
documents-by_link = È troppo grande per Telegram: te lo do con un link personale, che vale { $number } ore.
documents-too_large = ⚠️ È troppo grande per Telegram, e qui non posso darlo con un link. Chiedilo con /assistenza.
documents-link =
    <b>{ $title }</b> · versione { $label } · { $size }

    Il link è solo per te e vale fino al <b>{ $until }</b>. Se lo scaricamento si interrompe, riprendilo dallo stesso link.
documents-older = <b>{ $title }</b>: versioni precedenti
documents-no_older = <b>{ $title }</b>: nessuna versione precedente.

documents-button-find = 🔎 Cerca
documents-button-find_again = 🔎 Altra ricerca
documents-button-followed = 🔔 Cartelle seguite
documents-button-follow = 🔔 Segui questa cartella
documents-button-unfollow = 🔔 Non seguire più
documents-button-add = ➕ Carica un documento
documents-button-get = 📥 Scarica
documents-button-link = 📥 Scarica con un link
documents-button-open = 📥 Apri il link
documents-button-older = 🕘 Versioni precedenti ({ $number })
documents-button-card = 📄 Scheda del documento
documents-button-results = ‹ Risultati
documents-button-next = ➕ Nuova versione
documents-button-withdraw = 🗑 Ritira
documents-button-withdraw_now = 🗑 Sì, ritira
documents-button-keep = No, lascia
documents-button-restore = 🔄 Rimetti a disposizione
documents-button-up = ‹ Cartella superiore
documents-button-today = Oggi, { $dated }

documents-now_followed = 🔔 Ti avviso di ogni documento e versione nuovi in questa cartella.
documents-now_unfollowed = Non segui più questa cartella.
documents-all_followed = <b>Cartelle che segui</b>
documents-none_followed = Non segui nessuna cartella. Aprine una e premi «Segui questa cartella».
documents-too_many_followed = Segui già { $number } cartelle: lasciane una, prima. Chi segue una cartella segue anche quelle al suo interno.
documents-news = 🔔 <b>Documenti utili</b>
documents-news_document =
    Nuovo documento: <b>{ $title }</b>
    { $trail }
    { $version }
documents-news_version =
    Nuova versione: <b>{ $title }</b>
    { $trail }
    { $version }
documents-news_more = E altri { $number }: aprili dalle cartelle.

document_find-words-ask = Che cosa cerchi? Scrivi una o più parole del titolo, del file o della cartella.
document_find-words-error-unusable = ⚠️ Scrivi da una a { $number } parole, con almeno due lettere.
documents-found = { $number ->
    [0] 🔎 <b>{ $words }</b>: nessun documento. Prova con meno parole.
    [one] 🔎 <b>{ $words }</b>: un documento
   *[other] 🔎 <b>{ $words }</b>: { $number } documenti
 }
documents-line =
    <b>{ $title }</b>
    { $trail }
    { $version }
documents-search_gone = Questa ricerca è troppo vecchia: ripetila.

document_new-about = Nuova versione di <b>{ $title }</b>. Quella attuale è la { $label }.
document_new-file-ask = Manda il file, come documento: fino a { $number } MB. Quelli più grandi li carica l’operatore.
document_new-file-label = File
document_new-file-edit = ✏️ File
document_new-file-error-not_a_file = ⚠️ Manda un file come documento, non come foto o testo.
document_new-file-error-several = ⚠️ Un file alla volta.
document_new-folder-ask = In quale cartella va?
document_new-folder-label = Cartella
document_new-folder-edit = ✏️ Cartella
document_new-title-ask = Che titolo ha? Scrivilo, o usa quello del file.
document_new-title-label = Titolo
document_new-title-edit = ✏️ Titolo
document_new-title-error-length = ⚠️ Un titolo ha da 1 a { $number } caratteri.
document_new-version-ask = Che versione è? Scrivila, per esempio <code>1.2</code>.
document_new-version-label = Versione
document_new-version-edit = ✏️ Versione
document_new-version-error-length = ⚠️ Una versione ha da 1 a { $number } caratteri.
document_new-date-ask = Che data porta? Scrivila così: <code>31/12/2026</code>.
document_new-date-label = Data
document_new-date-edit = ✏️ Data
document_new-date-error-unreadable = ⚠️ Non è una data: scrivila così, <code>31/12/2026</code>.
document_new-date-error-out_of_range = ⚠️ La data dev’essere passata, o di oggi.
document_new-confirm-heading = <b>Pubblico questo documento?</b>
document_new-confirm-heading_version = <b>Pubblico questa versione di { $title }?</b>
document_new-confirm-button = ✅ Pubblica
documents-value = { $value }
documents-file_value = { $file } · { $size }
documents-reading = ⏳ Guardo il file…
documents-published = ✅ Pubblicato. Chi segue la cartella riceve un avviso.
documents-title_taken = ⚠️ In questa cartella c’è già un documento con questo titolo: cambia il titolo, o aggiungi una versione a quello.
documents-version_taken = ⚠️ La versione { $label } c’è già: scrivine un’altra.
documents-forgotten = ⚠️ È passato troppo tempo e il file non c’è più: mandalo di nuovo.
documents-why-empty = ⚠️ Il file è vuoto.
documents-why-kind = ⚠️ Non pubblico file di questo tipo. Vanno bene PDF, Word, Excel, PowerPoint, testo, immagini, archivi, e per i tool anche installer e firmware.
documents-why-disguised = ⚠️ Il contenuto non è quello che il nome del file dice: non lo pubblico.
documents-why-active = ⚠️ Il PDF contiene script o avvia programmi: salvalo di nuovo senza.
documents-why-macros = ⚠️ Il file contiene macro: salvalo di nuovo senza.
documents-why-broken = ⚠️ Il file è rovinato: non riesco a leggerlo.
documents-why-gone = ⚠️ Telegram non ha più il file: mandalo di nuovo.
documents-why-too_big = ⚠️ Il file supera { $number } MB: lo carica l’operatore con <code>a486 documents sync</code>.
documents-why-failed = ⚠️ Non sono riuscito a leggere il file: mandalo di nuovo.
documents-why-tool = ⚠️ Questo file si può eseguire: va solo in «Tool e strumenti software».

documents-withdraw_ask = Ritiro <b>{ $title }</b>, con tutte le versioni? Lo potrai rimettere a disposizione.
documents-withdraw_version_ask = Ritiro la versione { $label } di <b>{ $title }</b>? Questa non si può rimettere.
documents-version_withdrawn = Versione ritirata.
documents-restored = ✅ Di nuovo a disposizione.
documents-only_version = È l’unica versione: ritira il documento.

documents-http-unknown = Questo link non è valido.
documents-http-expired = Questo link è scaduto: chiedine un altro nella chat.
documents-http-gone = Questo documento non è più disponibile.
documents-http-not_permitted = Non puoi più scaricare documenti.
documents-http-busy = Troppi scaricamenti in corso: riprova tra poco.
documents-http-yours = Hai già altri scaricamenti in corso: aspetta che finiscano, poi riprova.
