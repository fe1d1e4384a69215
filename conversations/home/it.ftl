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

help-title = <b>Che cosa posso fare</b>
help-can-look_up = • <b>Cercare un POD</b>: incollalo in qualsiasi momento, anche con spazi o minuscole.
help-can-associate = • <b>Associare</b> la fornitura a un MOME o a uno Smart Info, Standard o Prosumer.
help-can-scp = • <b>Inviarti il file SCP</b> da caricare sul dispositivo.
help-can-change = • <b>Modificare o eliminare</b> un’associazione.
help-can-device = • <b>Riconoscere un dispositivo</b> dal SID o dal NID, anche con una foto dell’etichetta.
help-can-gesis = • <b>Calcolare i valori al primario</b> di un contatore GESIS, con il suo fattore K.
help-can-bulk = • <b>Fare molte associazioni</b> insieme, da un file CSV o Excel.
help-can-program = • <b>Programmare i dispositivi</b> sul posto, con il tuo portatile.
help-can-report = • <b>Prepararti il report delle associazioni</b>: lo filtri, lo esporti in CSV o XLSX, lo ricevi ogni settimana.
help-can-assistance = • <b>Farti aiutare</b>: spiega il problema all’assistenza, o manda una foto.
help-can-members = • <b>Invitare persone</b> nella tua azienda, con il loro ruolo.
help-staff = <b>Che cosa fai nel servizio</b>
help-can-desk = • <b>Assistenza</b>: prendi in carico le richieste, rispondi, chiudile; il report le filtra e le esporta.
help-can-contracts = • <b>Registrazioni e contratti</b>: controlla chi chiede di entrare, abilita, carica i contratti.
help-can-report_all = • <b>Report delle associazioni</b> di tutte le aziende: lo filtri, lo esporti, lo ricevi ogni settimana.
help-can-documents = • <b>Documenti utili</b>: aggiungi documenti e versioni, o ritirali.
help-can-attach = • <b>File SCP</b>: allega quelli che arrivano dal distributore.
help-can-audit = • <b>Registro delle operazioni</b>: cerca, esporta, guarda i report.
help-can-staff = • <b>Persone e ruoli</b>: dai e togli ruoli nel servizio, sospendi chi serve.
help-can-operate = • <b>Servizio</b>: lo stato dice che cosa è in coda e che cosa non è riuscito.
help-commands = <b>Comandi</b>
help-command = /{ $name } – { $does }
help-recorded = Ricerche e associazioni vengono registrate, a tutela dei dati dei clienti finali.

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
