invite-role-ask = Con quale <b>ruolo</b>?
invite-whom-ask =
    <b>Per chi è l’invito?</b>
    Scrivi l’e-mail o il codice fiscale della persona: l’invito varrà solo per lei.
invite-whom-anybody = Per chiunque: decido io chi entra
invite-whom-error-failed = ⚠️ Non sono riuscito a preparare l’invito: riprova.
invite-making = ⏳ Preparo l’invito…
invite-made =
    ✅ <b>Invito pronto</b> per { $company }
    <b>Ruolo:</b> { $role }
    <b>Per:</b> { $whom }

    Vale una volta sola, fino al { $until }. Inoltra il messaggio qui sotto, o fai inquadrare il codice.
invite-link =
    Invito per <b>{ $company }</b>, come { $role }. Aprilo da Telegram, vale una volta sola:
    { $link }

invitations-title = <b>Inviti aperti</b>
invitations-none =
    <b>Inviti aperti</b>
    Nessuno. Per aggiungere un collega o un tecnico tocca Squadra, poi Invita.
invitations-gone = Questo invito non è più aperto.
invitations-for_email = chi legge { $email }
invitations-for_code = chi ha il codice fiscale { $code }
invitations-for_anybody = chi lo apre, se lo accetti
invitations-card = <b>Invito n. { $number }</b> per { $company }, come { $role }
invitations-card_whom = <b>Per:</b> { $whom }
invitations-state-open = ⏳ Nessuno lo ha ancora usato; scade il { $until }
invitations-state-asked = 👋 { $name } lo ha aperto e chiede di entrare
invitations-state-used = ✅ Usato da { $name }
invitations-state-refused = ✕ Richiesta di { $name } rifiutata
invitations-state-revoked = ✕ Ritirato
invitations-button-admit = ✅ Accetta
invitations-button-refuse = ✕ Rifiuta
invitations-button-revoke = 🗑 Ritira l’invito
invitations-notice = 👋 <b>{ $name }</b> ha aperto un invito e chiede di entrare in { $company } come { $role }.

join-name-ask =
    Sei invitato a lavorare per <b>{ $company }</b>.
    Come ti chiami? Scrivi nome e cognome.
join-name-error-surname = ⚠️ Scrivi nome e cognome.
join-send-ask =
    Sei invitato a lavorare per <b>{ $company }</b>.
    Per verificare che l’invito è per te mando un codice a { $address }.
join-codice_fiscale-ask =
    Sei invitato a lavorare per <b>{ $company }</b>.
    Per verificare che l’invito è per te scrivi il tuo <b>codice fiscale</b>.
join-codice_fiscale-error-not_yours = ⚠️ Il codice non corrisponde all’invito: ricontrollalo. Dopo cinque errori l’invito non vale più.
join-ask-ask = Chiedo al referente di <b>{ $company }</b> di farti entrare come { $name }?
join-ask-button = 👋 Chiedi di entrare
join-asked = Ho chiesto al referente di { $company }: ti scrivo appena risponde.
join-welcome =
    ✅ <b>Ti diamo il benvenuto in { $company }</b>
    Il tuo ruolo: { $role }.
join-refused = Il referente di { $company } non ha accettato la richiesta.
join-member = Lavori già per { $company }.
join-gone = Questo invito non vale: può essere scaduto o già usato. Chiedine uno nuovo al tuo referente.
