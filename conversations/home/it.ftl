home-welcome =
    <b>A486 · MOME e Smart Info</b>
    Lavori per <b>{ $integrator }</b>

    Incolla un POD quando vuoi: ti dico subito se si può associare.
home-welcome_to_see =
    <b>A486 · MOME e Smart Info</b>
    Lavori per <b>{ $integrator }</b>

    Scegli dal menu, oppure incolla il SID di un dispositivo.
home-not_enabled =
    <b>A486 · MOME e Smart Info</b>
    { $integrator }

    La tua utenza per questa azienda non è abilitata. Puoi vedere i documenti utili, il tuo profilo e i tuoi dati.
home-staff =
    <b>A486 · MOME e Smart Info</b>
    Fai parte del personale del servizio.

state-menu = ℹ️ Stato

help-text =
    <b>Che cosa posso fare</b>
    • <b>Cercare un POD</b>: incollalo in qualsiasi momento, anche con spazi o minuscole.
    • <b>Associare</b> la fornitura a un MOME o a uno Smart Info, Standard o Prosumer.
    • <b>Inviarti il file SCP</b> da caricare sul dispositivo.
    • <b>Modificare o eliminare</b> un’associazione.
    • <b>Riconoscere un dispositivo</b> dal SID o dal NID, anche con una foto dell’etichetta.
    • <b>Farti aiutare</b>: spiega il problema all’assistenza, o manda una foto.

    <b>Comandi</b>
    /start – inizio
    /annulla – esci da quello che stai facendo
    /stato – chi sei e che cosa è in corso
    /attese – i POD che aspettano un contatore raggiungibile
    /massiva – molte associazioni da un file
    /registrati – registra la tua azienda
    /assistenza – chiedi aiuto
    /richieste – le richieste di assistenza e le risposte
    /documenti – contratto, specifiche, firmware, driver
    /statistiche – associazioni, massive e richieste in numeri
    /squadra – chi lavora per la tua azienda
    /profilo – i tuoi dati, avvisi, ore di silenzio
    /privacy – che cosa so di te
    /lingua – italiano o inglese
    /aiuto – questa pagina

    Ricerche e associazioni vengono registrate, a tutela dei dati dei clienti finali.

state-title = <b>Stato</b>
state-stranger = Non risulti tra gli utenti abilitati.
state-number = Numero utente Telegram: <code>{ $number }</code>
state-member = { $person } · { $integrator }
state-staff = Fai parte del personale del servizio.
state-service = Da riprendere: { $failed } · in coda verso Telegram: { $waiting }
state-central = Associazioni da comunicare al sistema centrale: { $untold } · non accettate: { $refused }
state-declared = Dichiarazione accettata, valida fino al { $until }
state-not_declared = Dichiarazione: da accettare alla prossima operazione
state-waiting = { $number ->
    [0] Nessuna operazione in corso
    [one] Una operazione in corso
   *[other] { $number } operazioni in corso
 }
state-version = Versione { $version }

command-start = Inizio
command-aiuto = Che cosa posso fare
command-annulla = Esci da quello che stai facendo
command-stato = Chi sei e che cosa è in corso
