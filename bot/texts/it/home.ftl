home-welcome =
    <b>A486 · MOME e Smart Info</b>
    Lavori per <b>{ $integrator }</b>.

    Incolla un POD quando vuoi: ti dico subito se si può associare.
home-stranger =
    <b>A486 · MOME e Smart Info</b>
    Questo bot è riservato ai System Integrator, e non risulti ancora tra gli utenti abilitati.

    Per l’abilitazione comunica il tuo numero utente Telegram: <code>{ $number }</code>
home-not_enabled = La tua utenza non è ancora abilitata a questa funzione. L’abilitazione avviene dopo la verifica del contratto.
home-not_permitted = Questa funzione è riservata al personale del servizio.
home-staff =
    <b>A486 · MOME e Smart Info</b>
    Fai parte del personale del servizio.
home-group = Scrivimi in privato: qui nel gruppo non mostro dati delle forniture.
home-button-look_up = 🔎 Cerca un POD
home-button-recent = 🕘 Ultimi POD
home-button-associations = 🔗 Associazioni
home-button-companies = 🏢 Cambia azienda
home-button-state = ℹ️ Stato
home-button-help = ❓ Aiuto
home-button-home = 🏠 Inizio
home-button-copy_number = 📋 Copia il numero

help-text =
    <b>Che cosa posso fare</b>
    • <b>Cercare un POD</b>: incollalo in qualsiasi momento, anche con spazi o minuscole.
    • <b>Associare</b> la fornitura a un MOME o a uno Smart Info, Standard o Prosumer.
    • <b>Inviarti il file SCP</b> da caricare sul dispositivo.
    • <b>Modificare o eliminare</b> un’associazione.
    • <b>Riconoscere un dispositivo</b> dal SID o dal NID.

    <b>Comandi</b>
    /start – inizio
    /annulla – esci da quello che stai facendo
    /stato – chi sei e che cosa è in corso
    /lingua – italiano o inglese
    /aiuto – questa pagina

    Ricerche e associazioni vengono registrate, a tutela dei dati dei clienti finali.

state-title = <b>Stato</b>
state-stranger = Non risulti tra gli utenti abilitati.
state-member = { $person } · { $integrator }
state-staff = Fai parte del personale del servizio.
state-service = Da riprendere: { $failed } · in coda verso Telegram: { $waiting }
state-declared = Dichiarazione accettata, valida fino al { $until }
state-not_declared = Dichiarazione: da accettare alla prossima operazione
state-waiting = { $number ->
    [0] Nessuna richiesta in corso
    [one] Una richiesta in corso
   *[other] { $number } richieste in corso
 }
state-version = Versione { $version }

companies-ask = Ora lavori per <b>{ $integrator }</b>. Per quale azienda vuoi lavorare?
companies-chosen = ✅ Da ora lavori per <b>{ $integrator }</b>.

language-ask = In quale lingua preferisci che ti scriva?
language-chosen = Da ora ti scrivo in italiano.

declaration-accept-ask =
    <b>Dichiarazione da parte del System Integrator</b>
    Prima di proseguire, per conto di <b>{ $integrator }</b> dichiari che:

    • il cliente finale ti ha incaricato di intervenire sulla sua fornitura;
    • usi i dati della fornitura, compreso il POD, solo per configurare il servizio A486;
    • sai che ricerche e associazioni vengono registrate e possono essere controllate.

    La dichiarazione vale per questo accesso.
declaration-accept-button-yes = ✅ Accetto
declaration-accepted = ✅ Dichiarazione accettata, valida fino al { $until }.

command-start = Inizio
command-aiuto = Che cosa posso fare
command-annulla = Esci da quello che stai facendo
command-stato = Chi sei e che cosa è in corso
command-lingua = Italiano o inglese
about-short = POD, associazioni e file SCP per MOME e Smart Info
about-long = Per i System Integrator del servizio A486: cerca un POD, associalo a un MOME o a uno Smart Info, ricevi il file SCP. Premi Avvia.
