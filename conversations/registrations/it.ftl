command-registrati = Registra la tua azienda

registration-intro =
    <b>Registrazione</b>
    Serve a chi configura MOME e Smart Info per la propria azienda.

    Tieni pronti il tuo codice fiscale, i dati dell’azienda, l’e-mail e il cellulare: bastano cinque minuti. Puoi interrompere e riprendere entro una settimana.

    Hai ricevuto un invito da un collega? Apri quello: qui non serve.
registration-open =
    <b>Registrazione in corso</b>
    Quello che hai scritto resta fino al { $until }.
registration-submitted =
    ✅ <b>Registrazione inviata</b> per { $company }.

    Il servizio verifica i tuoi dati e il contratto: ti scrivo appena c’è una risposta.
registration-waiting =
    ⏳ <b>Registrazione in attesa</b> per { $company }, inviata il { $at }.

    Ti scrivo appena c’è una risposta.
    C’è un errore? Ritirala e correggila: quello che hai scritto resta.
registration-withdrawn_often = Hai già ritirato la registrazione più volte: ora attendi la risposta.
registration-enabled =
    ✅ <b>Utenza abilitata</b> per { $company }.

    Ora puoi usare il servizio: premi Inizio.
registration-places = ✅ La tua utenza è abilitata per: <b>{ $companies }</b>.
registration-no_place = La tua registrazione per { $company } era stata accettata, ma ora la tua utenza non è abilitata per nessuna azienda.
registration-account_left =
    ⚠️ <b>La tua utenza è passata a un altro account Telegram</b>
    Chi l’ha spostata ha confermato la tua e-mail, il tuo codice fiscale e il tuo cellulare. Da questo account non puoi più usare il servizio.

    Se non sei stato tu, avvisa subito l’assistenza.
registration-refused =
    La registrazione per { $company } non è stata accettata.
    Motivo: { $reason }
registration-gone = La registrazione è scaduta o già inviata. Riparti da /registrati.
registration-deleted = Ho eliminato quello che avevi scritto.

registration-button-begin = 📝 Comincia
registration-button-go_on = ▶️ Continua
registration-button-delete = 🗑 Elimina
registration-button-withdraw = ✏️ Ritira e correggi
registration-button-other = 📝 Nuova registrazione
registration-button-italian = Italiana
registration-button-no_code = Non ho un codice fiscale
registration-button-same = Uguale alla partita IVA
registration-button-accept = ✅ Accetto
registration-button-read = ✅ Ho letto

registration-first_name-ask = Qual è il <b>nome</b> del referente legale?
registration-first_name-label = Nome
registration-first_name-edit = ✏️ Nome
registration-last_name-ask = E il <b>cognome</b>?
registration-last_name-label = Cognome
registration-last_name-edit = ✏️ Cognome
registration-nationality-ask = <b>Nazionalità</b>?
registration-nationality-label = Nazionalità
registration-nationality-edit = ✏️ Nazionalità
registration-codice_fiscale-ask = <b>Codice fiscale</b> del referente legale (16 caratteri)?
registration-codice_fiscale-label = Codice fiscale
registration-codice_fiscale-edit = ✏️ Codice fiscale
registration-email-ask = A quale <b>e-mail</b> ti scriviamo? È quella indicata nel contratto (Allegato 5).
registration-email-label = E-mail
registration-email-edit = ✏️ E-mail
registration-company_name-ask = <b>Ragione sociale</b> dell’azienda?
registration-company_name-label = Ragione sociale
registration-company_name-edit = ✏️ Ragione sociale
registration-office-ask = <b>Sede legale</b> (via, numero, CAP, città)?
registration-office-label = Sede legale
registration-office-edit = ✏️ Sede legale
registration-partita_iva-ask = <b>Partita IVA</b> dell’azienda (11 cifre)?
registration-partita_iva-label = Partita IVA
registration-partita_iva-edit = ✏️ Partita IVA
registration-company_code-ask = <b>Codice fiscale dell’azienda</b>?
registration-company_code-label = C.F. azienda
registration-company_code-edit = ✏️ C.F. azienda
registration-mobile-ask = <b>Numero di cellulare</b>?
registration-mobile-label = Cellulare
registration-mobile-edit = ✏️ Cellulare
registration-terms-ask =
    <b>Condizioni del servizio</b>
    I dati delle forniture e i file SCP servono solo a configurare i dispositivi dei clienti che te ne hanno dato incarico. Ogni ricerca e ogni associazione viene registrata.
registration-terms-label = Condizioni
registration-terms-edit = ✏️ Condizioni
registration-privacy-ask =
    <b>Informativa sui dati personali</b>
    I tuoi dati servono per riconoscerti e per abilitarti. Con /privacy vedi che cosa resta e per quanto, e lo cancelli quando vuoi.
registration-privacy-label = Privacy
registration-privacy-edit = ✏️ Privacy
registration-confirm-heading = <b>È tutto giusto?</b>
registration-confirm-button = ✅ Conferma
registration-value = { $value }
registration-none = nessuno

registration-error-field = ⚠️ { $reason }
registration-error-not_a_name = Servono solo lettere, spazi, trattini e apostrofi.
registration-error-too_short = Qui manca qualcosa: scrivilo per intero.
registration-error-too_long = È troppo lungo: abbrevialo.
registration-error-unprintable = Contiene caratteri invisibili: scrivilo a mano.
registration-error-look_alike = Contiene lettere di un altro alfabeto, che a volte sembrano le nostre: scrivilo a mano.
registration-error-not_an_address = Non è un indirizzo e-mail: deve essere uno solo, come <code>nome@azienda.it</code>.
registration-error-not_a_number = Non è un numero di telefono: scrivilo come <code>333 1234567</code>, con il prefisso internazionale se non è italiano.
registration-error-not_mobile = Serve un cellulare: i numeri italiani cominciano con 3.
registration-error-cf_length = Il codice fiscale di una persona ha 16 caratteri.
registration-error-cf_form = Non è fatto come un codice fiscale: controlla lettere e cifre.
registration-error-cf_checksum = Il carattere di controllo non corrisponde: ricontrolla il codice.
registration-error-iva_length = La partita IVA ha 11 cifre.
registration-error-iva_checksum = La cifra di controllo non corrisponde: ricontrolla il numero.

verification-phone-ask =
    <b>Verifichiamo il cellulare</b>
    Condividi il tuo numero con il tasto in basso: Telegram conferma che è tuo.
verification-phone-keys = Il tasto è qui sotto.
verification-phone-share = 📱 Condividi il mio numero
verification-phone-not_now = Non ora
verification-phone-error-contact = ⚠️ Usa il tasto «Condividi il mio numero»: scriverlo non basta.
verification-phone-error-not_yours = ⚠️ Questo è il contatto di un’altra persona: condividi il tuo con il tasto.
verification-send-shared = Grazie, numero ricevuto.
verification-send-ask =
    <b>Verifichiamo l’e-mail</b>
    Mando un codice a <b>{ $address }</b>?
verification-send-button = ✉️ Manda il codice
verification-send-correct = ✏️ Correggi i dati

registrations-menu = 📝 Registrazioni
registrations-title = <b>Registrazioni in attesa</b>
registrations-none =
    <b>Registrazioni</b>
    Nessuna da decidere. Quando qualcuno si registra e nessun contratto ne indica i dati, ti avviso.
registrations-gone = Questa registrazione non c’è più.
registrations-decided = Qualcuno ha già deciso.
registrations-withdrawn = Chi l’ha inviata l’ha ritirata per correggerla: se la invia di nuovo, ti avviso.
registrations-notice = 📝 { $name } ({ $company }) ha chiesto la registrazione e attende una risposta.
registrations-card-title = <b>Registrazione n. { $number }</b>
registrations-card-person = <b>Referente legale:</b> { $name }, { $nationality }
registrations-card-code = <b>Codice fiscale:</b> { $code }
registrations-card-email = <b>E-mail:</b> { $email }
registrations-card-mobile = <b>Cellulare:</b> { $mobile }
registrations-card-company = <b>Azienda:</b> { $company }, { $office }
registrations-card-company_codes = <b>Partita IVA:</b> { $iva } · <b>C.F.:</b> { $code }
registrations-card-clauses = <b>Clausole:</b> versione { $version }, accettate il { $at }
registrations-card-known = <b>Azienda già presente:</b> { $company } · referenti: { $referents }
registrations-doubt-no-contract = ⚠️ Nessun contratto attivo dell’azienda indica questa e-mail e questo codice fiscale.
registrations-doubt-removed = ⚠️ Un referente dell’azienda ha tolto questa persona: senti l’azienda prima di riabilitarla.
registrations-doubt-other-phone = ⚠️ Il numero di Telegram ({ $phone }) non è il cellulare indicato.
registrations-doubt-other-person = ⚠️ L’e-mail, il codice fiscale o l’account sono già di un’altra persona, o di una persona sospesa: verifica chi è.
registrations-ask_same = È una persona che il servizio conosce già, con un altro account Telegram o un altro numero? Se lo confermi, la sua utenza passa a questo account e quello di prima non può più usarla. Fallo solo dopo averla sentita.
registrations-company_closed = L’azienda non ha più un contratto attivo: carica prima quello nuovo.
registrations-not_one_person = Non è una sola persona conosciuta, oppure fa parte del personale o è sospesa: non posso spostare l’utenza.
registrations-not_oneself = Su di te decide un’altra persona.
registrations-last_referent = È l’unico referente dell’azienda: abilitalo come referente.
registrations-state-submitted = ⏳ In attesa di una decisione
registrations-state-enabled = ✅ Utenza abilitata
registrations-state-refused = ✕ Richiesta rifiutata: { $reason }
registrations-state-withdrawn = ↩️ Ritirata da chi l’ha inviata, per correggerla
registrations-button-open = Apri
registrations-button-referent = ✅ Abilita come referente
registrations-button-configurator = ✅ Abilita come configuratore
registrations-button-technician = ✅ Abilita come tecnico
registrations-button-same = 🔁 È la stessa persona…
registrations-button-same_now = 🔁 Sì, sposta l’utenza
registrations-button-keep = ‹ No, torna indietro
registrations-button-refuse = ✕ Rifiuta…

registration_refusal-reason-ask = Perché rifiuti? Chi si è registrato legge quello che scrivi.
registration_refusal-reason-error-pod = ⚠️ Non scrivere POD: qui non servono.
registration_refusal-reason-error-length = ⚠️ Scrivi il motivo: almeno tre caratteri, al massimo { $most }.
