# What all dialogues share.
dialogue-step = <i>Passo { $number } di { $total }</i>
dialogue-answer = <b>{ $label }:</b> { $value }
dialogue-button-cancel = ✕ Annulla
dialogue-button-back = ‹ Indietro
dialogue-button-summary = Riepilogo
dialogue-cancelled = Annullato: non è cambiato nulla.
dialogue-expired = ⌛ È passato troppo tempo e ho chiuso la procedura: non è cambiato nulla. Quando vuoi, ricomincia.
dialogue-outdated = Nel frattempo sono stato aggiornato e questa procedura è cambiata: ricomincia, per favore. Non è cambiato nulla.
dialogue-moment = ⏳ Un momento…
dialogue-progress = { $bar } { $done } di { $total }
dialogue-progress_left = { $bar } { $done } di { $total } · ancora { $left }
dialogue-asked_below = <i>La domanda è qui sotto.</i>
dialogue-comes_back = <i>↩︎ Torniamo a dove eravamo:</i>
dialogue-other_company = Questa procedura era per un’altra azienda: l’ho chiusa e non è cambiato nulla.
dialogue-result_of_other_company = È arrivata la risposta a una richiesta fatta per un’altra azienda: torna a quella azienda e ripetila.
dialogue-too_many = Avevi troppe procedure in sospeso: ho chiuso la più vecchia. Non è cambiato nulla.
dialogue-over = Questo pulsante non è più attivo. Da qui puoi ripartire:
dialogue-nothing_to_cancel = Non c’è nulla da annullare.
dialogue-unknown_command = Non conosco questo comando. Scrivi /aiuto per vedere che cosa so fare.
dialogue-edited = Non rileggo i messaggi modificati: scrivi di nuovo il testo corretto.
dialogue-garbled = Non riconosco questo pulsante.
dialogue-not_text = Leggo testo e tabelle in CSV o Excel; foto, documenti e messaggi vocali li porto all’assistenza. Di questo messaggio non so che cosa fare.
dialogue-not_understood = Qui non trovo né un POD né il codice di un dispositivo. Un POD comincia con <code>IT001E</code> e ha 14 o 15 caratteri.
dialogue-refused = La richiesta non è stata accettata e non è cambiato nulla. Ricomincia da /start.
dialogue-failed = ⚠️ Qualcosa è andato storto e non ho potuto completare la richiesta. Riprova; se succede ancora, comunica all’assistenza il riferimento <code>{ $reference }</code>.
dialogue-outage = ⏳ In questo momento non riesco a registrare le richieste. La tua non è andata persa: la riprendo appena possibile.
dialogue-error-press = ⚠️ Rispondi con uno dei pulsanti qui sotto.
dialogue-error-text = ⚠️ Qui serve un messaggio di testo.

button-help = ❓ Aiuto
button-home = 🏠 Inizio
button-register = 📝 Registrati
button-copy_number = 📋 Copia il numero
button-again = 🔄 Riprova
button-assistance = 🆘 Chiedi assistenza
button-look_up_again = 🔎 Cerca di nuovo il POD
button-copy_pod = 📋 POD
button-copy_sid = 📋 SID
button-copy_nid = 📋 NID
pages-place = { $first }–{ $last } di { $number }
button-older = Precedenti ›
button-newest = « Più recenti
button-next = Seguenti ›
button-first = « Dall’inizio

entry-stranger =
    <b>A486 · MOME e Smart Info</b>
    Questo bot è riservato ai System Integrator, e non risulti ancora tra gli utenti abilitati.

    Registra la tua azienda, oppure apri l’invito che hai ricevuto dal tuo referente.
entry-not_enabled = La tua utenza non è ancora abilitata a questa funzione. L’abilitazione avviene dopo la verifica del contratto.
entry-suspended = La tua utenza è sospesa. Rivolgiti all’assistenza.
entry-not_of_role = Il tuo ruolo in questa azienda non comprende questa funzione.
entry-not_permitted = Questa funzione è riservata al personale del servizio.
entry-group = Scrivimi in privato: qui nel gruppo non mostro dati delle forniture.

supply-gesis = ⚙️ <b>Contatore GESIS</b> (trifase semidiretto 2G): le misure che il dispositivo fornisce sono al secondario. Per averle al primario moltiplicale per il <b>fattore K</b>, che trovi sul display del contatore o nella documentazione dell’impianto.
supply-over_65_kw = ⚠️ Potenza oltre 65 kW: alcune letture di potenza del dispositivo possono superare il valore massimo e non essere attendibili.

about-short = POD, associazioni e file SCP per MOME e Smart Info
about-long = Per i System Integrator del servizio A486: cerca un POD, associalo a un MOME o a uno Smart Info, ricevi il file SCP. Premi Avvia.

# Why a line of an imported file is rejected.
import-file-empty = È vuoto: servono un’intestazione e almeno una riga.
import-file-not_text = Non è una tabella: serve un file CSV o Excel.
import-file-workbook = È una cartella di lavoro o un archivio: salvalo come CSV.
import-file-page = È una pagina web con un altro nome: aprila con un foglio di calcolo e salvala come CSV o .xlsx.
import-file-damaged = È danneggiato: aprilo con il programma che lo ha creato e salvalo di nuovo.
import-file-password = È protetto da una password: salvalo senza.
import-file-macros = Contiene macro: salvalo come .xlsx senza macro.
import-file-too_large = È troppo grande: contiene più celle di quante ne leggo.
import-file-too_slow = Non sono riuscito a leggerlo: salvalo come CSV e mandalo di nuovo.
import-file-too_many = Ha { $rows } righe; posso caricarne al massimo { $most } alla volta: dividilo.
import-file-columns = Manca: { $columns }. Controlla i nomi delle colonne nella prima riga.
import-file-production = Contiene POD di produzione o il loro ENELTEL, che non vanno indicati: togli la colonna. Per un Prosumer scrivi il POD di scambio; userò il primo POD di produzione in ordine alfabetico.
import-file-twice = La colonna { $column } c’è due volte: tienine una.
import-file-no_sheet = Il foglio scelto non c’è.
import-file-nid = Contiene NID: servono i MOME-ID o SID (17 caratteri).
import-file-no_line = Nessuna riga è valida.
import-file-not_stored = Non si può registrare: { $error }.
import-file-unreadable = Non si può leggere: { $error }.
import-reason-empty = manca
import-reason-nid_given = è un NID: serve il MOME-ID o SID (17 caratteri)
import-reason-same_pod = lo stesso punto di prelievo è alla riga { $earlier }
import-reason-same_device = lo stesso dispositivo è alla riga { $earlier }
import-reason-date = un foglio di calcolo l’ha trasformato in una data: imposta la colonna come Testo e riscrivilo
import-reason-too_long = più lunga di { $limit } caratteri
import-reason-not_csv = virgolette non corrette
import-reason-width = { $found } colonne invece di { $expected }
import-reason-mangled = un foglio di calcolo l’ha trasformato in un numero: imposta la colonna come Testo e riscrivilo
import-reason-not_a_pod = non è un POD
import-reason-not_a_sid = non è un SID
import-reason-not_a_nid = non sono 12 caratteri esadecimali
import-reason-not_an_eneltel = non sono 9 cifre
import-reason-not_a_serial = non sono da 6 a 32 lettere e cifre
import-reason-not_watts = non è un numero intero di watt
import-reason-not_boolean = né vero né falso
import-reason-none_of = non è uno di { $allowed }
import-reason-no_configuration = deve essere Standard o Prosumer
import-reason-exchange_pod_unwanted = solo una fornitura di produzione (M2) ha un POD di scambio
import-reason-exchange_pod_missing = una fornitura di produzione (M2) richiede il suo POD di scambio
import-reason-duplicate = il punto di prelievo è già in una riga precedente
import-reason-contradiction = la riga { $earlier } dice altro di questo SID
import-reason-other_nid = è il NID di un altro dispositivo
import-reason-integrator_unknown = nessun System Integrator ha questa partita IVA
notice-mail =
    { $text }

    Te lo scrivo per e-mail perché su Telegram non riesco a raggiungerti.
    Per continuare apri il bot: { $link }


# A code by e-mail.
email_code-ask =
    Scrivi il <b>codice di sei cifre</b> che ho mandato a { $address }.
    Vale 15 minuti; guarda anche nella posta indesiderata.
email_code-sending = ⏳ Mando il codice…
email_code-button-again = ✉️ Invia un altro codice
email_code-error-digits = ⚠️ Il codice ha sei cifre.
email_code-error-wrong = { $left ->
    [one] ⚠️ Il codice non è giusto. Hai ancora un tentativo.
   *[other] ⚠️ Il codice non è giusto. Hai ancora { $left } tentativi.
 }
email_code-error-void = ⚠️ Questo codice non vale più: richiedine uno nuovo.
email_code-error-too_many = ⚠️ Per ora non posso mandare altri codici: riprova tra un minuto, o domani se ne hai già chiesti cinque.
email_code-error-address = ⚠️ Il server di posta rifiuta questo indirizzo: controllalo e correggilo.
email_code-error-mail = ⚠️ Al momento non riesco a inviare e-mail. Riprova tra poco.
email_code-mail-subject = Il codice per A486
email_code-mail-text =
    Il codice per verificare la tua e-mail è { $code }.

    Scrivilo nella chat con il bot A486. Vale 15 minuti.
    Se non l’hai chiesto tu, ignora questo messaggio.


look_ups-spent =
    ⏳ <b>Limite di ricerche raggiunto</b>
    { $limit }.

    Riprova dalle { $time } del { $day }.
    Se te ne servono di più, scrivi all’assistenza.
look_ups-limit-person_hour = { $limit ->
    [one] 1 ricerca all’ora per persona
   *[other] { $limit } ricerche all’ora per persona
 }
look_ups-limit-person_day = { $limit ->
    [one] 1 ricerca in 24 ore per persona
   *[other] { $limit } ricerche in 24 ore per persona
 }
look_ups-limit-integrator_hour = { $limit ->
    [one] 1 ricerca all’ora per tutta l’azienda
   *[other] { $limit } ricerche all’ora per tutta l’azienda
 }
look_ups-limit-integrator_day = { $limit ->
    [one] 1 ricerca in 24 ore per tutta l’azienda
   *[other] { $limit } ricerche in 24 ore per tutta l’azienda
 }

filters-press = Premi un filtro per impostarlo o toglierlo.
filters-set = ☑️ { $name }
filters-on = { $day }
filters-since = dal { $day } a oggi
filters-until = fino al { $day }
filters-between = dal { $first } al { $last }
filters-which = { $number ->
    [one] Con «{ $words }» trovo un’azienda: è questa?
   *[other] Con «{ $words }» trovo { $number } aziende: quale?
 }
filters-which_first = Con «{ $words }» trovo { $number } aziende, queste sono le prime { $shown }: quale? Puoi anche scrivere un nome più lungo.
filters-period-today = Oggi
filters-period-week = 7 giorni
filters-period-month = 30 giorni
filters-period-year = Quest’anno
filters-error-pod = ⚠️ Questo non è un POD. Controlla il codice, per esempio sulla bolletta.
filters-error-sid = ⚠️ Questo non è un SID: sono 17 caratteri, lettere e cifre.
filters-error-nid = ⚠️ Questo non è un NID: sono 12 caratteri, cifre e lettere dalla A alla F.
filters-error-words = ⚠️ Scrivi da { $least } a { $most } caratteri.
filters-error-period = ⚠️ Non riconosco la data. Scrivi per esempio 1/9/2026, oppure dal 1/9/2026 al 15/9/2026.
filters-error-company = ⚠️ Nessuna azienda si chiama così.
filters-button-find = 🔎 Cerca
filters-button-any = ✕ Togli il filtro
filters-button-new = 🔄 Nuova ricerca
filters-button-filters = ✏️ Filtri
filters-button-csv = 📄 Esporta CSV
filters-button-xlsx = 📄 Esporta XLSX
filters-gone = Questa ricerca non c’è più: le ricerche restano per 30 giorni.
filters-making = ⏳ Preparo il file…
filters-made = { $number ->
    [one] ✅ Il file è pronto, qui sotto.
   *[other] ✅ I file sono pronti, qui sotto: sono { $number }.
 }
filters-failed = Non sono riuscito a preparare il file. Riprova tra poco.
filters-today = oggi
filters-last_days = { $number ->
    [one] ultimo giorno
   *[other] ultimi { $number } giorni
 }
filters-to_today = fino a oggi
filters-until_ask =
    <b>Fino a quando?</b>
    Dal { $day } al… Scegli l’ultimo giorno, oppure scrivilo (15/9/2026).
filters-until_ask_start =
    <b>Fino a quando?</b>
    Scegli l’ultimo giorno, oppure scrivilo (15/9/2026).
filters-error-day = ⚠️ Non riconosco il giorno. Scrivi per esempio 15/9/2026.
filters-error-before = ⚠️ L’ultimo giorno non può venire prima del { $day }.
filters-button-today = Al: oggi
filters-button-start = Dall’inizio

calendar-month-1 = gen { $year }
calendar-month-2 = feb { $year }
calendar-month-3 = mar { $year }
calendar-month-4 = apr { $year }
calendar-month-5 = mag { $year }
calendar-month-6 = giu { $year }
calendar-month-7 = lug { $year }
calendar-month-8 = ago { $year }
calendar-month-9 = set { $year }
calendar-month-10 = ott { $year }
calendar-month-11 = nov { $year }
calendar-month-12 = dic { $year }
calendar-weekday-1 = lu
calendar-weekday-2 = ma
calendar-weekday-3 = me
calendar-weekday-4 = gi
calendar-weekday-5 = ve
calendar-weekday-6 = sa
calendar-weekday-7 = do
