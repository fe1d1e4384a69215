# Il registro, per chi controlla.
command-registro = Il registro delle operazioni
audit-menu = 🗂 Registro
audit-ask =
    <b>Registro delle operazioni</b>

    Ogni consultazione viene registrata, anche la tua.
audit-button-search = 🔎 Cerca nel registro
audit-button-unused = 📊 Ricerche senza associazione
audit-button-csv = 📄 Scarica in CSV
audit_search-about-ask =
    <b>Che cosa cerco nel registro?</b>

    Scrivi un POD, oppure un’azienda: una parte del nome o la partita IVA.
audit_search-about-which = { $number } aziende corrispondono a «{ $words }».{ $shown ->
    [8] { " " }Ne mostro al massimo { $shown }: se la tua non c’è, scrivi di più.
   *[other] { " " }Quale?
    }
audit_search-about-everything = Tutto il registro
audit_search-about-error-unknown = ⚠️ Non è un POD e nessuna azienda corrisponde.
audit_search-period-ask = <b>Per quale periodo?</b>
audit-period-today = Oggi
audit-period-week = Ultimi 7 giorni
audit-period-month = Ultimi 30 giorni
audit-period-all = Da sempre
audit-about-everything = tutto
audit-about-pod = POD <code>{ $pod }</code>
audit-about-company = { $company }
audit-since-all = da sempre
audit-since-day = dal { $at }
audit-found =
    <b>Registro</b> · { $about }
    { $number ->
        [0] Nessuna operazione
        [one] 1 operazione
       *[other] { $number } operazioni
    }, { $since }
audit-entry =
    <b>{ $at }</b> · { $who }
    { $what }
audit-watched = da solo, per un POD in attesa
audit-of = { $name } ({ $company })
audit-person = { $name }
audit-erased = persona cancellata
audit-by_service = il servizio
audit-pod = <code>{ $pod }</code>
audit-other_outcome = { $outcome }
audit-action-declaration-accepted = Dichiarazione accettata
audit-action-pod-looked-up = Ricerca di un POD
audit-action-association-created = Associazione creata
audit-action-association-deleted = Associazione eliminata
audit-action-factor-kept = Fattore K indicato
audit-action-watch-begun = Avviso su un POD richiesto
audit-action-watch-ended = Avviso su un POD finito
audit-action-bulk-loaded = Richiesta massiva caricata
audit-action-bulk-run-again = Righe massive riprovate
audit-action-bulk-cancelled = Richiesta massiva annullata
audit-action-scp-ready = File SCP preparato
audit-action-scp-failed = File SCP non riuscito
audit-action-scp-attached = File SCP caricato dall’assistenza
audit-action-scp-replaced = File SCP sostituito dall’assistenza
audit-action-scp-delivered = File SCP consegnato
audit-action-bridge-paired = Portatile abbinato
audit-action-bridge-revoked = Portatile revocato
audit-action-programming-assigned = Programmazione assegnata
audit-action-programming-handed-over = Programmazione passata a un altro tecnico
audit-action-programming-cancelled = Programmazione annullata
audit-action-device-programmed = Dispositivo programmato
audit-action-programming-failed = Programmazione non riuscita
audit-action-programming-confirmed = Installazione confermata in campo
audit-action-ticket-opened = Richiesta di assistenza aperta
audit-action-ticket-taken = Richiesta di assistenza presa in carico
audit-action-ticket-answered = Risposta dell’assistenza
audit-action-ticket-closed = Richiesta di assistenza chiusa
audit-action-ticket-reopened = Richiesta di assistenza riaperta
audit-action-staff-group-chosen = Gruppo dell’assistenza scelto
audit-action-staff-group-left = Gruppo dell’assistenza lasciato
audit-action-tickets-exported = Richieste di assistenza in un file
audit-action-associations-exported = Associazioni in un file
audit-action-integrator-added = Azienda aggiunta
audit-action-member-added = Persona aggiunta a un’azienda
audit-action-member-changed = Ruolo o abilitazione cambiati
audit-action-staff-added = Ruolo nel servizio assegnato
audit-action-staff-removed = Ruolo nel servizio tolto
audit-action-person-erased = Persona cancellata
audit-action-member-removed = Persona tolta da un’azienda
audit-action-registered = Registrazione completata
audit-action-registration-enabled = Utente abilitato
audit-action-registration-refused = Registrazione rifiutata
audit-action-registration-withdrawn = Registrazione ritirata
audit-action-account-changed = Account Telegram cambiato
audit-action-contract-loaded = Contratto caricato
audit-action-contract-ended = Contratto chiuso
audit-action-invited = Invito creato
audit-action-invitation-used = Invito usato
audit-action-invitation-refused = Invito: ingresso rifiutato
audit-action-invitation-revoked = Invito ritirato
audit-action-person-suspended = Persona sospesa
audit-action-person-restored = Persona riammessa
audit-action-look-up-budget-spent = Limite di ricerche raggiunto
audit-action-document-added = Documento pubblicato
audit-action-document-withdrawn = Documento ritirato
audit-action-document-restored = Documento rimesso a disposizione
audit-action-document-delivered = Documento consegnato
audit-action-audit-searched = Registro consultato
audit-action-audit-exported = Registro esportato
audit-outcome-eligible = ammissibile
audit-outcome-associated-by-us = già associato dalla sua azienda
audit-outcome-associated-by-other = già associato da altri
audit-outcome-unknown = inesistente
audit-outcome-not-remotely-managed = non telegestibile
audit-outcome-unsuitable-meter = contatore non idoneo
audit-outcome-unreachable = contatore non raggiungibile
audit-outcome-production-pod = POD di produzione
audit-outcome-unavailable = servizio non disponibile
audit-outcome-internal-error = errore interno
audit-outcome-generic-error = errore generico
audit-unused_ask =
    <b>Ricerche senza associazione</b>

    Chi cerca POD che poi la sua azienda non associa. Per quale periodo?
audit-unused =
    <b>Ricerche senza associazione</b>
    { $number ->
        [0] Nessuno ha cercato POD
        [one] 1 persona ha cercato POD
       *[other] { $number } persone hanno cercato POD
    }, { $since }
audit-unused_line =
    { $who }
    <b>{ $rest }</b> su { $points } POD mai associati dopo ({ $share } %)
audit-unused_more = … e { $number ->
    [one] un’altra persona: la trovi
   *[other] altre { $number }: le trovi
    } nel CSV.
audit-making = ⏳ Preparo il file…
audit-made = { $number ->
    [one] ✅ Ecco il file.
   *[other] ✅ Ecco i file.
    }
audit-make_failed = ⚠️ Non sono riuscito a preparare il file. Riprova tra poco.
audit-no_file = Non c’è nulla da scaricare.
audit-file-entries = Il registro: { $number ->
    [one] 1 operazione
   *[other] { $number } operazioni
    }, dalla più recente. Contiene dati personali: conservalo con cura.
audit-file-unused = Le ricerche senza associazione: { $number ->
    [one] 1 persona
   *[other] { $number } persone
    }. Contiene dati personali: conservalo con cura.
audit-column-number = Numero
audit-column-at = Data e ora
audit-column-person = Persona
audit-column-company = Azienda
audit-column-action = Operazione
audit-column-whom = Chi riguarda
audit-column-outcome = Esito
audit-column-pod = POD
audit-column-association = Associazione
audit-column-detail = Dettaglio
audit-column-sealed = Sigillo
audit-column-correlation = Correlazione
audit-column-vat = Partita IVA
audit-column-points = POD cercati
audit-column-followed = Poi associati
audit-column-rest = Mai associati
audit-column-share = Mai associati (%)
