companies-menu = 🏢 Cambia azienda
companies-ask = Ora lavori per <b>{ $integrator }</b>. Per quale azienda vuoi lavorare?
companies-chosen = ✅ Da ora lavori per <b>{ $integrator }</b>.

command-squadra = Chi lavora per la tua azienda
command-persone = Persone e ruoli

role-referent = Referente
role-configurator = Configuratore
role-technician = Tecnico
staff_role-administrator = Amministratore
staff_role-commercial = Commerciale
staff_role-support = Assistenza
staff_role-auditor = Auditor

team-menu = 👥 Squadra
team-title = { $number ->
    [one] <b>{ $company }</b>: una persona
   *[other] <b>{ $company }</b>: { $number } persone
 }
team-line = • { $name } · { $role }
team-suspended = sospeso
team-not_enabled = non abilitato
team-gone = Questa persona non è più in squadra.
team-last_referent = Serve almeno un referente: prima nominane un altro.
team-card-name = <b>{ $name }</b> · { $role }
team-card-company = <b>Azienda:</b> { $company }
team-card-since = <b>In squadra dal:</b> { $since }
team-card-email = <b>E-mail:</b> { $email }
team-card-mobile = <b>Cellulare:</b> { $mobile }
team-button-invite = 🤝 Invita
team-button-pending = 📨 Inviti aperti
team-button-make_referent = Nomina referente
team-button-make_configurator = Nomina configuratore
team-button-make_technician = Nomina tecnico
team-button-remove = 🗑 Rimuovi dalla squadra…
team-button-remove_now = 🗑 Rimuovi
team-button-keep = ‹ Mantieni
team-ask_removal = Rimuovere <b>{ $name }</b> da { $company }? Dal prossimo messaggio non potrà più usare il servizio per l’azienda. Quello che ha fatto resta.
team-removed = { $name } non è più in squadra.

people-menu = 👤 Persone
people-title =
    <b>Personale del servizio</b>
    Per dare un ruolo a qualcuno, o sospenderlo, cercalo.
people-found = { $number ->
    [one] Ho trovato una persona:
   *[other] Ho trovato { $number } persone:
 }
people-gone = Questa persona non c’è.
people-not_oneself = Non puoi farlo a te stesso: serve un altro amministratore.
people-card-name = <b>{ $name }</b>
people-card-email = <b>E-mail:</b> { $email }
people-card-company = <b>{ $company }</b>: { $role }
people-card-staff = <b>Personale:</b> { $role }
people-card-suspended = ⛔ Utenza sospesa dal { $at }
people-button-search = 🔎 Cerca una persona
people-button-suspend = ⛔ Sospendi
people-button-restore = ✅ Riammetti
people-button-give = Nomina { $role }
people-button-take = Togli { $role }
people_search-words-ask = Scrivi il nome, l’e-mail o l’azienda.
people_search-words-error-short = ⚠️ Scrivi almeno due caratteri.
people_search-words-error-nobody = ⚠️ Non ho trovato nessuno: prova con altre parole.

profile-menu = 👤 Profilo
profile-title = <b>Il tuo profilo</b>
profile-name = { $name }
profile-email = ✉️ { $email }
profile-mobile = 📱 { $mobile }
profile-acts_for = Ora lavori per <b>{ $integrator }</b>
profile-acts_for_nobody = Per ora non lavori per nessuna azienda.
profile-company = 🏢 <b>{ $integrator }</b>
profile-role = Ruolo: { $role }
profile-enabled = Nel servizio dal { $since }
profile-not_enabled = ⏳ Non ancora abilitato
profile-contract = Contratto n. { $contract }
profile-staff = Nel personale del servizio: { $roles }
profile-language = Lingua: italiano
profile-notices = Avvisi facoltativi: { $kinds }
profile-no_notices = Avvisi facoltativi: nessuno
profile-quiet = Ore di silenzio: { $hours }
profile-not_quiet = Ore di silenzio: nessuna
profile-button-language = 💬 Lingua


notices-menu = 🔔 Avvisi
notices-ask =
    <b>Avvisi</b>
    Tocca un avviso per accenderlo o spegnerlo.
    Quelli che non vedi qui arrivano sempre.
notices-none =
    <b>Avvisi</b>
    Non c’è niente da scegliere: ricevi solo quelli necessari.
notices-by_mail = Anche per e-mail, se Telegram non mi raggiunge
notice-bulk_done = Configurazione massiva elaborata

quiet-menu = ⏸ Ore di silenzio
quiet-are =
    <b>Ore di silenzio</b>
    Nelle ore { $hours } (ora italiana) gli avvisi aspettano. Passano solo quelli urgenti.
quiet-none =
    <b>Ore di silenzio</b>
    Nessuna: gli avvisi arrivano a qualsiasi ora.
quiet-button-off = Nessuna
quiet-button-own = Altre ore…
quiet_hours-hours-ask =
    Da che ora a che ora?
    Scrivile così: <code>21:30-6:45</code>
quiet_hours-hours-error-unreadable = ⚠️ Non sono due orari.

command-profilo = Chi sei, avvisi e ore di silenzio

told-removed =
    Non lavori più per <b>{ $company }</b>: un referente ti ha tolto dalla squadra.

    Per rientrare chiedi un invito al referente.
told-role = Il tuo ruolo in <b>{ $company }</b> è ora: { $role }.
told-suspended =
    ⛔ <b>La tua utenza è sospesa</b>
    Per ora non puoi usare il servizio. Rivolgiti all’assistenza.
told-restored = ✅ La tua utenza è di nuovo attiva.
