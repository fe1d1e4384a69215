associations-menu = 🔗 Associazioni

associate-checking = ⏳ Un momento, verifico la fornitura <code>{ $pod }</code>…
associate-button-begin = 🔌 Associa un dispositivo

association-button-open = 🔗 Vedi l’associazione

configuration-standard = Standard
configuration-prosumer = Prosumer

associate-type-ask =
    Associo il POD <code>{ $pod }</code>.
    Che dispositivo è?
associate-type-label = Tipo dispositivo
associate-type-edit = ✏️ Tipo
associate-device-ask = Scrivi il <b>SID</b> o il <b>NID</b> del { $device }. Se li hai entrambi, mandali nello stesso messaggio. Anche una <b>foto dell’etichetta</b> va bene.
associate-device-label = Dispositivo
associate-device-edit = ✏️ Dispositivo
associate-device-value = { "" }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
associate-device-error-unreadable = ⚠️ Non trovo un SID (17 lettere e cifre) né un NID (12 caratteri da 0 a 9 e da A a F). Ricontrolla l’etichetta.
associate-device-error-several = ⚠️ Ci sono i codici di più dispositivi: mandane uno solo.
associate-device-error-device-unknown = ⚠️ Questo codice non corrisponde a nessun dispositivo della tua azienda.
associate-device-error-device-mismatch = ⚠️ Il SID e il NID non sono dello stesso dispositivo. Mandane uno solo, oppure ricontrolla l’etichetta.
associate-device-error-device-type-mismatch = ⚠️ Il codice è di un dispositivo { $actual }. Manda un altro codice, oppure torna indietro e cambia il tipo.
associate-device-error-device-in-use = ⚠️ Il dispositivo è già associato al POD <code>{ $pod }</code>. Elimina prima quell’associazione, o usa un altro dispositivo.
associate-configuration-ask = { $number ->
    [one] Quale configurazione? La fornitura ha un POD di produzione.
   *[other] Quale configurazione? La fornitura ha { $number } POD di produzione.
 }
associate-configuration-ask_single = Quale configurazione? La fornitura non ha POD di produzione.
associate-configuration-label = Tipo configurazione
associate-configuration-edit = ✏️ Configurazione
associate-configuration-error-production-pod-missing = ⚠️ Prosumer richiede un POD di produzione, e questa fornitura non ne ha: scegli Standard.
associate-production-ask = { $number ->
    [one] Confermi il POD di produzione?
   *[other] Con quale POD di produzione? Se ne può associare uno solo.
 }
associate-production-more = Se non è in elenco, scrivi il POD.
associate-production-label = POD produzione
associate-production-edit = ✏️ POD produzione
associate-production-value = { "" }
    <code>{ $pod }</code>
associate-production-error-production-pod-unknown = ⚠️ Non è uno dei POD di produzione di questa fornitura: sceglilo dall’elenco.
associate-confirm-heading =
    <b>Riepilogo</b>
    POD <code>{ $pod }</code>
associate-confirm-heading_change =
    <b>Modifica dell’associazione</b>
    POD <code>{ $pod }</code>
    Cambia quello che serve e conferma: l’associazione attuale viene eliminata e ricreata in un’unica operazione.
associate-confirm-button = ✅ Conferma
associate-confirm-error-unchanged = ⚠️ Non hai ancora cambiato nulla.
associate-confirm-error-central = ⚠️ Non ho potuto confermare. { $outcome }
associate-confirm-error-budget-spent =
    ⏳ Non posso verificare la fornitura: limite di ricerche raggiunto ({ $limit }).
    Riprova dalle { $time } del { $day }.
associate-confirm-error-not-exchange-pod = ⚠️ L’associazione parte dal POD di scambio <code>{ $exchange }</code>.
associate-confirm-error-supply-not-eligible = ⚠️ Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info
associate-confirm-error-point-changed = ⚠️ La modifica riguarda un’altra fornitura: ricomincia.
associate-confirm-error-production-pod-missing = ⚠️ Prosumer richiede un POD di produzione.
associate-confirm-error-production-pod-unknown = ⚠️ Il POD di produzione non risulta più tra quelli di questa fornitura: cambialo.
associate-confirm-error-production-pod-not-wanted = ⚠️ Standard non prevede un POD di produzione.
associate-confirm-error-device-unknown = ⚠️ Il dispositivo non risulta più tra quelli della tua azienda.
associate-confirm-error-device-mismatch = ⚠️ Il SID e il NID non sono dello stesso dispositivo.
associate-confirm-error-device-type-mismatch = ⚠️ Il dispositivo è { $actual }: cambia il tipo.
associate-confirm-error-device-in-use = ⚠️ Nel frattempo il dispositivo è stato associato al POD <code>{ $pod }</code>: usane un altro.
associate-created = ✅ <b>Associazione creata.</b> Il file SCP arriva qui sotto.
associate-changed = ✅ <b>Associazione modificata.</b> Il nuovo file SCP arriva qui sotto.
associate-meanwhile = 🔗 Nel frattempo la fornitura è stata associata.

association-title = <b>Associazione n. { NUMBER($number, useGrouping: 0) }</b>
association-pod = POD <code>{ $pod }</code>
association-production = POD produzione <code>{ $pod }</code>
association-detail =
    Dispositivo { $device } · { $configuration }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
    ENELTEL <code>{ $eneltel }</code>
    Matricola <code>{ $serial }</code>
association-created = <i>Creata il { $at } da { $person }, { $integrator }</i>
association-factor = Fattore K: { $factor }
association-no_factor = Fattore K: non ancora indicato
association-confirmed = 🟢 Confermata in campo il { $at } da { $person }
association-deleted_at = 🗑 Eliminata il { $at } da { $person }.
association-untold-association-waiting = ⏳ Non ancora comunicata al sistema centrale: avviene da sé.
association-untold-association-refused = ⏳ Il sistema centrale non l’ha ancora registrata: si riprova da sé. Se resta così, chiedi assistenza.
association-untold-deletion-waiting = ⏳ Eliminazione non ancora comunicata al sistema centrale: avviene da sé.
association-untold-deletion-refused = ⏳ Il sistema centrale non ha ancora registrato l’eliminazione: si riprova da sé. Se resta così, chiedi assistenza.
association-not_found = Questa associazione non c’è più, o non è della tua azienda.
association-not_now = Adesso non si può modificare: riprova tra poco.
association-button-change = ✏️ Modifica
association-button-delete = 🗑 Elimina

associations-list = <b>Associazioni di { $integrator }</b>, dalla più recente:
associations-none = La tua azienda non ha ancora associazioni. Cerca un POD per crearne una.
associations-button = { $pod } · …{ $sid }

delete-sure-ask =
    Elimino l’associazione tra il POD <code>{ $pod }</code> e il dispositivo { $device } <code>{ $sid }</code>?

    Il dispositivo tornerà libero e i file SCP già scaricati non vanno più usati.
delete-sure-button = 🗑 Sì, elimina
delete-done = 🗑 <b>Associazione eliminata.</b>
    POD <code>{ $pod }</code>, { $device } <code>{ $sid }</code>. Il dispositivo è di nuovo libero.

association_report-menu = 📊 Report associazioni
association_report-title = 📊 <b>Report associazioni</b>
association_report-no_filter = Imposta almeno un filtro, per esempio <b>Data associazione</b> con «Al: oggi».
association_report-filter-pod = POD
association_report-filter-sid = SID
association_report-filter-nid = NID
association_report-filter-device_type = Tipo dispositivo
association_report-filter-configuration = Tipo associazione
association_report-filter-production_pod = POD produzione
association_report-filter-configurator = Configuratore
association_report-filter-integrator_id = Ditta
association_report-filter-created = Data associazione
association_report-filter-confirmed = Conferma in campo
association_report-filter-live = Stato
association_report-ask-pod = Quale POD cerchi?
association_report-ask-sid = Quale SID cerchi? Scrivilo, o manda una <b>foto dell’etichetta</b>.
association_report-ask-nid = Quale NID cerchi? Scrivilo, o manda una <b>foto dell’etichetta</b>.
association_report-ask-device_type = Quale dispositivo cerchi?
association_report-ask-configuration = Quale tipo di associazione cerchi?
association_report-ask-production_pod = Quale POD di produzione cerchi?
association_report-ask-configurator = Chi ha fatto l’associazione? Scrivi il nome, anche solo una parte, oppure scegli.
association_report-ask-integrator_id = Di quale ditta? Scrivi una parte del nome, o l’inizio della partita IVA.
association_report-ask-created =
    <b>Associate da quando?</b>
    Scegli il primo giorno o un periodo, oppure scrivilo (dal 1/9/2026 al 15/9/2026).
association_report-ask-confirmed = Confermate in campo da un tecnico?
association_report-ask-live = Quali associazioni cerchi?
association_report-confirmed-yes = Sì
association_report-confirmed-no = No
association_report-live-yes = In essere
association_report-live-no = Eliminate
association_report-found = { $number ->
    [0] 📊 <b>Nessuna associazione trovata</b>
    [one] 📊 <b>Un’associazione trovata</b>
   *[other] 📊 <b>{ $number } associazioni trovate</b>
 }
association_report-none = Togli un filtro o cambialo per trovare altro.
association_report-not_enabled = Il report si riempie quando la tua azienda è abilitata e associa i primi dispositivi.
association_report-line_made =
    <b>{ $pod }</b> · { $device } · { $configuration }
    n. { $number } · { $at } · { $person }
association_report-line_confirmed =
    <b>{ $pod }</b> · { $device } · { $configuration }
    n. { $number } · { $at } · { $person } · 🟢 confermata
association_report-line_deleted =
    <b>{ $pod }</b> · { $device } · { $configuration }
    n. { $number } · { $at } · { $person } · 🗑 eliminata
association_report-file = { $number ->
    [0] Report associazioni: nessuna riga
    [one] Report associazioni: una riga
   *[other] Report associazioni: { $number } righe
 }
association_report-button-back = ‹ Ai risultati

weekly-menu = 🔔 Report settimanali
weekly-begun = 🔔 Fatto: dal { $day } ricevi qui questo report ogni lunedì alle 8, in CSV.
weekly-instead = Ogni lunedì riguarda i 7 giorni appena chiusi: il filtro Data associazione che avevi non vale qui.
weekly-everything = Ricevi ogni volta tutte le associazioni trovate. Con il filtro Data associazione «7 giorni» ricevi solo quelle della settimana.
weekly-spent = ⚠️ Hai già { $most } report settimanali: terminane uno per aggiungerne un altro.
weekly-none = Non hai report settimanali. Fai una ricerca nel report associazioni e premi «Ricevilo ogni settimana».
weekly-list =
    🔔 <b>I tuoi report settimanali</b>
    Il prossimo invio è lunedì { $day } alle 8.
weekly-one = <b>{ $number }.</b>
weekly-one_company = <b>{ $number }.</b> { $company }
weekly-one_all = <b>{ $number }.</b> Tutte le aziende
weekly-ended = Report settimanale terminato: non lo ricevi più.
weekly-gone = Questo report settimanale non c’è più, o è di un’altra azienda.
weekly-told = { $number ->
    [0] 🔔 <b>Report settimanale del { $day }</b>: nessuna associazione.
    [one] 🔔 <b>Report settimanale del { $day }</b>: un’associazione.
   *[other] 🔔 <b>Report settimanale del { $day }</b>: { $number } associazioni.
 }
weekly-told_company = { $number ->
    [0] 🔔 <b>Report settimanale del { $day }</b>, { $company }: nessuna associazione.
    [one] 🔔 <b>Report settimanale del { $day }</b>, { $company }: un’associazione.
   *[other] 🔔 <b>Report settimanale del { $day }</b>, { $company }: { $number } associazioni.
 }
weekly-failed = 🔔 Non sono riuscito a preparare il report settimanale del { $day }. Puoi aprirlo da qui.
weekly-button-begin = 🔔 Ricevilo ogni settimana
weekly-button-now = 📊 Apri il report
weekly-button-end = ✕ Non riceverlo più
weekly-button-end_one = ✕ Termina il n. { $number }

command-report = Report associazioni
