invite-role-ask = In which <b>role</b>?
invite-whom-ask =
    <b>For whom is the invitation?</b>
    Type the person’s e-mail or codice fiscale: it will be good for them only.
invite-whom-anybody = For anybody: I decide who comes in
invite-whom-error-failed = ⚠️ I could not prepare the invitation: try again.
invite-making = ⏳ Preparing the invitation…
invite-made =
    ✅ <b>Invitation ready</b> for { $company }
    <b>Role:</b> { $role }
    <b>For:</b> { $whom }

    It is good once, until { $until }. Forward the message below, or have the code scanned.
invite-link =
    Invitation for <b>{ $company }</b>, as { $role }. Open it in Telegram, it is good once:
    { $link }

invitations-title = <b>Open invitations</b>
invitations-none =
    <b>Open invitations</b>
    None. To add a colleague or a technician tap Team, then Invite.
invitations-gone = This invitation is no longer open.
invitations-for_email = who reads { $email }
invitations-for_code = who has the codice fiscale { $code }
invitations-for_anybody = who opens it, if you admit them
invitations-card = <b>Invitation no. { $number }</b> for { $company }, as { $role }
invitations-card_whom = <b>For:</b> { $whom }
invitations-state-open = ⏳ Nobody has used it yet; it expires on { $until }
invitations-state-asked = 👋 { $name } has opened it and asks to come in
invitations-state-used = ✅ Used by { $name }
invitations-state-refused = ✕ Request of { $name } refused
invitations-state-revoked = ✕ Taken back
invitations-button-admit = ✅ Admit
invitations-button-refuse = ✕ Refuse
invitations-button-revoke = 🗑 Take the invitation back
invitations-notice = 👋 <b>{ $name }</b> has opened an invitation and asks to join { $company } as { $role }.

join-name-ask =
    You are invited to work for <b>{ $company }</b>.
    What is your name? Type first name and surname.
join-name-error-surname = ⚠️ Type first name and surname.
join-send-ask =
    You are invited to work for <b>{ $company }</b>.
    To verify that the invitation is for you, I send a code to { $address }.
join-codice_fiscale-ask =
    You are invited to work for <b>{ $company }</b>.
    To verify that the invitation is for you, type your <b>codice fiscale</b>.
join-codice_fiscale-error-not_yours = ⚠️ The code does not fit the invitation: check it. After five errors the invitation is void.
join-ask-ask = Shall I ask the referent of <b>{ $company }</b> to let you in as { $name }?
join-ask-button = 👋 Ask to come in
join-asked = I have asked the referent of { $company }: I’ll write to you as soon as they answer.
join-welcome =
    ✅ <b>Welcome to { $company }</b>
    Your role: { $role }.
join-refused = The referent of { $company } has not accepted the request.
join-member = You already work for { $company }.
join-gone = This invitation is not good: it may have expired or been used. Ask your referent for a new one.
