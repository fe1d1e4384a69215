privacy-menu = 🔒 Privacy
privacy-text =
    <b>I tuoi dati</b>
    Tengo solo quello che serve per riconoscerti, abilitarti e risponderti.

    • <b>Profilo e aziende</b>: finché usi il servizio.
    • <b>Registrazione non inviata</b>: { $registration } giorni. Con una risposta, { $decided } giorni.
    • <b>Messaggi che ti ho scritto</b>: { $messages } giorni, per far funzionare i pulsanti.
    • <b>Quello che mi scrivi</b>: finché ti rispondo. Se qualcosa va storto, { $failed } giorni.
    • <b>POD in attesa</b>: finché li togli o finiscono, poi 30 giorni.
    • <b>Avvisi</b>: { $notices } giorni.
    • <b>Richieste massive</b>: { $requests } giorni; sono della tua azienda.
    • <b>Richieste di assistenza</b>: { $tickets } giorni dalla chiusura; quello che vi cerchi, 30 giorni.
    • <b>Lavori di programmazione</b>, con foto e posizione: { $programming } giorni; sono della tua azienda.
    • <b>Registro delle operazioni</b>: resta, a tutela dei clienti finali, con un codice casuale al posto del tuo nome.

    Puoi avere una copia di tutto, o cancellarlo.
privacy-button-export = 📄 I miei dati
privacy-button-erase = 🗑 Cancella i miei dati
privacy-button-erase_now = 🗑 Sì, cancella tutto
privacy-button-keep = ‹ No, lascia tutto com’è
privacy-gathering = ⏳ Raccolgo i tuoi dati…
privacy-gathered = Ho raccolto i tuoi dati: sono nel documento qui sotto.
privacy-document =
    Tutto quello che so di te, in formato JSON.
    Io non ne tengo copia oltre un giorno o due. Non inoltrarlo.
privacy-failed = ⚠️ Non ci sono riuscito e non è cambiato nulla. Riprova tra poco.
privacy-ask =
    <b>Cancello i tuoi dati?</b>
    Spariscono nome, e-mail, cellulare, codice fiscale, messaggi, avvisi, POD cercati o in attesa e le tue aziende: non potrai più usare il servizio. Non si torna indietro.

    <b>Resta</b>, senza il tuo nome, quello che è stato fatto: associazioni, lavori, richieste massive dell’azienda, dichiarazioni, consegne e registro delle operazioni. Lo richiede la tutela dei clienti finali.

    I messaggi già in questa chat li puoi cancellare tu, da Telegram.
privacy-erasing = ⏳ Cancello i tuoi dati…
privacy-erased =
    I tuoi dati sono cancellati.
    Di questo messaggio non tengo copia. Se un giorno vorrai tornare, scrivi /start.
privacy-last_referent =
    ⛔ Non posso ancora: sei l’ultimo referente di <b>{ $company }</b>, che ha altri utenti.
    Prima avvisa i colleghi e il servizio, e fai nominare un altro referente; poi torna qui.

command-privacy = I tuoi dati: che cosa tengo, copia e cancellazione
privacy-last_administrator = ⛔ Non posso ancora: sei l’unico amministratore del servizio. Prima nominane un altro con /persone; poi torna qui.
