# Configurazione massiva.
command-massiva = Configurazione massiva da un file
bulk-menu = 📑 Massiva
bulk-none =
    <b>Configurazione massiva</b>

    Ancora nessuna richiesta. Mandami un file CSV o Excel con POD, SID e tipo di configurazione: lo controllo e ti dico che cosa succederebbe. Non creo nulla finché non confermi.
bulk-list = <b>Configurazione massiva</b> · { $integrator }
bulk-listed = n. { $number } · { $day } · { $name } · { $state }
bulk-new =
    Manda qui il file: CSV o Excel, fino a 100 righe per richiesta.

    • <b>POD</b>
    • <b>MOME-ID o SID</b> (17 caratteri), non il NID
    • <b>Tipo di Configurazione</b>: Standard o Prosumer

    Per un Prosumer scrivi il POD di scambio: userò il primo POD di produzione in ordine alfabetico. Se te ne serve un altro, crea l’associazione singolarmente.
bulk-reading = ⏳ Controllo { $name }…
bulk-reading_first = ⏳ Leggo un file alla volta. Controllo { $name }…
bulk-too_big = Questo file supera i 20 MB: da Telegram non posso scaricarlo. Togli quello che non serve o dividilo.
bulk-file_gone = Il file non è più su Telegram: mandalo di nuovo.
bulk-check_failed = ⚠️ Non sono riuscito a controllare il file. Mandalo di nuovo tra poco.
bulk-which_sheet = <b>{ $name }</b> ha più fogli. Quale devo controllare?
bulk-refused =
    ⚠️ Non posso usare <b>{ $name }</b>.

    { $reason }
bulk-budget_spent =
    Controllarlo richiede { $number ->
        [one] una ricerca
       *[other] { $number } ricerche
    }, e il limite è di { $limit }: quelle rimaste non bastano.

    Mandalo di nuovo dalle { $time } del { $day }, oppure dividilo.
bulk-over_budget =
    Controllarlo richiede { $number ->
        [one] una ricerca
       *[other] { $number } ricerche
    }, e il limite è di { $limit }.

    Dividilo in file più piccoli.
bulk-checked =
    <b>Controllo di { $name }</b>
    Non ho ancora creato nulla.
bulk-count-ready = { $mark } { $number ->
    [one] 1 riga da creare
   *[other] { $number } righe da creare
    }
bulk-count-later = { $mark } { $number ->
    [one] 1 riga incerta al momento
   *[other] { $number } righe incerte al momento
    }
bulk-count-wrong = { $mark } { $number ->
    [one] 1 riga da correggere
   *[other] { $number } righe da correggere
    }
bulk-count-already = { $mark } { $number ->
    [one] 1 già associata
   *[other] { $number } già associate
    }
bulk-count-waiting = { $mark } { $number } in attesa
bulk-count-created = { $mark } { $number ->
    [one] 1 creata
   *[other] { $number } create
    }
bulk-count-refused = { $mark } { $number ->
    [one] 1 non creata
   *[other] { $number } non create
    }
bulk-count-failed = { $mark } { $number ->
    [one] 1 da riprovare
   *[other] { $number } da riprovare
    }
bulk-group = { $mark } { $number ->
    [one] riga { $lines }: { $fault }
   *[other] righe { $lines }: { $fault }
    }
bulk-more_groups = … e { $number ->
    [one] un altro motivo: lo trovi
   *[other] altri { $number } motivi: li trovi
    } nel file delle righe da correggere.
bulk-several_of-same_pod = { $column }: il punto di prelievo è già in una riga precedente
bulk-several_of-same_device = { $column }: il dispositivo è già in una riga precedente
bulk-of_column = { $column }: { $reason }
bulk-same_file = ℹ️ Hai già caricato questo file: richiesta n. { $number } del { $at } ({ $outcomes }).
bulk-several = Ogni richiesta ha al massimo { $most } righe: dividerò il file in più richieste.
bulk-nothing_to_load = Così com’è non c’è nulla da caricare.
bulk-made = ✅ Ho creato { $number } richieste.
bulk-request = <b>Richiesta n. { $number }</b>
bulk-of_file = { $name } · { $rows ->
    [one] 1 riga
   *[other] { $rows } righe
    }
bulk-loaded_by = { $at }, { $name }
bulk-state-waiting = 🕓 In attesa
bulk-state-processing = ⚙️ In elaborazione
bulk-state-done = ☑️ Elaborata
bulk-state-cancelled = ✕ Annullata: non ho creato nulla.
bulk-state_short-waiting = in attesa
bulk-state_short-processing = { $done } di { $rows }
bulk-state_short-done = { $created } di { $rows } create
bulk-state_short-cancelled = annullata
bulk-done = ☑️ <b>Richiesta n. { $number } elaborata</b> · { $name }
bulk-rows_heading-all = <b>Richiesta n. { $number } · esiti</b>
bulk-rows_heading-failures = <b>Richiesta n. { $number } · non create</b>
bulk-row = { $mark } { $line } · <code>{ $pod }</code> · { $outcome }
bulk-no_rows = Nessuna riga.
bulk-discarded = Scartato: non ho creato nulla.
bulk-begun = L’elaborazione è già cominciata: non posso più annullarla.
bulk-gone = Questo file o questa richiesta non c’è più.
bulk-upload_gone = Questo controllo non vale più: il file è già stato caricato o è passato troppo tempo. Mandalo di nuovo.
bulk-nothing_left = Non c’è nulla da caricare.
bulk-original = Il file della richiesta n. { $number }, come è stato inviato.
bulk-making = ⏳ Preparo il file…
bulk-make_failed = ⚠️ Non sono riuscito a preparare il file. Riprova tra poco.
bulk-made_files = { $number ->
    [one] ✅ Ecco il file.
   *[other] ✅ Ecco i file.
    }
bulk-no_files = Non c’è nessun file da scaricare.
bulk-file-template = Il modello: compila una riga per ogni associazione e manda il file qui. Sostituisci la riga di esempio.
bulk-file-corrections = Le righe da correggere, con il motivo nell’ultima colonna. Correggile nel file e mandalo qui: la colonna del motivo può restare.
bulk-file-zip = I file SCP della richiesta n. { $number }, con l’elenco in <code>elenco.csv</code>.{ $awaited ->
    [0] { "" }
    [one] { " " }Un file è ancora in arrivo: chiedi di nuovo l’archivio tra poco.
   *[other] { " " }{ $awaited } file sono ancora in arrivo: chiedi di nuovo l’archivio tra poco.
    }
bulk-file_zip_distributor = { $number ->
    [one] ⏳ Un file è in attesa del distributore.
   *[other] ⏳ { $number } file sono in attesa del distributore.
    } Ti avviso quando non ne manca nessuno.
bulk-button-new = + Nuova richiesta
bulk-button-template = 📄 Modello da compilare
bulk-button-load = ▶️ { $number ->
    [one] Carica la riga buona
   *[other] Carica le { $number } righe buone
    }
bulk-button-load_all = { $number ->
    [one] Carica anche la riga incerta
   *[other] Carica anche le { $number } incerte
    }
bulk-button-load_later = { $number ->
    [one] Carica la riga incerta
   *[other] Carica le { $number } righe incerte
    }
bulk-button-left_out = ✏️ { $number ->
    [one] Scarica la riga non caricata
   *[other] Scarica le { $number } non caricate
    }
bulk-button-corrections = ✏️ { $number ->
    [one] Scarica la riga da correggere
   *[other] Scarica le { $number } da correggere
    }
bulk-button-discard = ✕ Scarta
bulk-button-open = Richiesta n. { $number }
bulk-button-cancel = ✕ Annulla la richiesta
bulk-button-rows = 📋 Esiti
bulk-button-failures = ❌ Non create ({ $number })
bulk-button-run_again = 🔁 { $number ->
    [one] Riprova 1 riga
   *[other] Riprova { $number } righe
    }
bulk-button-file = 📄 File inviato
bulk-button-zip = 📦 File SCP
bulk-button-refresh = 🔄 Aggiorna
bulk-button-first = « Dall’inizio
bulk-button-next = Avanti ›
bulk-button-show_all = Tutte le righe
bulk-button-show_failures = Solo le non create
bulk-outcome-waiting = in attesa
bulk-outcome-ready = da creare
bulk-outcome-created = creata
bulk-outcome-unanswered = nessuna risposta finora: si vedrà durante l’elaborazione
bulk-outcome-associated-by-us = già associato
bulk-outcome-other-device = già associato, a un altro dispositivo
bulk-outcome-other-configuration = già associato, con un’altra configurazione
bulk-outcome-associated-by-other = già associato
bulk-outcome-supply-associated = già associato
bulk-outcome-unknown = POD inserito inesistente
bulk-outcome-not-remotely-managed = POD inserito non telegestibile
bulk-outcome-unsuitable-meter = Siamo spiacenti ma al momento la fornitura selezionata non consente l’utilizzo del dispositivo MOME/Smart Info
bulk-outcome-unreachable = Siamo spiacenti ma al momento la fornitura selezionata non consente l’utilizzo del dispositivo MOME/Smart Info (contatore non raggiungibile adesso)
bulk-outcome-production-pod = è un POD di produzione: scrivi il POD di scambio
bulk-outcome-unavailable = Servizio non disponibile contattare l’assistenza
bulk-outcome-internal-error = Errore Interno contattare l’assistenza
bulk-outcome-generic-error = Errore Generico contattare l’assistenza
bulk-outcome-budget-spent = limite di ricerche raggiunto: riprova più tardi
bulk-outcome-device-unknown = nessun dispositivo della tua azienda ha questo SID
bulk-outcome-device-in-use = il dispositivo è già associato a un’altra fornitura
bulk-outcome-device-mismatch = i codici sono di dispositivi diversi
bulk-outcome-device-type-mismatch = il dispositivo è di un altro tipo
bulk-outcome-production-pod-missing = Prosumer senza POD di produzione: la fornitura non ne ha
bulk-outcome-production-pod-unknown = il POD di produzione non è di questa fornitura
bulk-outcome-production-pod-not-wanted = una configurazione Standard non ha POD di produzione
bulk-outcome-supply-not-eligible = la fornitura non è più ammissibile
bulk-outcome-not-exchange-pod = scrivi il POD di scambio
bulk-outcome-scp-not-ready = il file SCP non si può chiedere adesso
bulk-outcome-not-permitted = chi ha caricato la richiesta non è più abilitato
bulk-scp-ready = pronto
bulk-scp-awaited = in arrivo
bulk-scp-distributor = in attesa del distributore
bulk-scp-deleted = associazione eliminata
bulk-outcome-scp-association-gone = l’associazione non c’è più
bulk-assistance = Richiesta massiva n. { NUMBER($number, useGrouping: 0) }, file { $name }. Righe non riuscite:
