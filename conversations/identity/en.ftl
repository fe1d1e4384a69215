companies-menu = 🏢 Change company
companies-ask = You now act for <b>{ $integrator }</b>. Which company do you want to act for?
companies-chosen = ✅ From now on you act for <b>{ $integrator }</b>.

command-squadra = Who works for your company
command-persone = People and roles

role-referent = Referent
role-configurator = Configurator
role-technician = Technician
staff_role-administrator = Administrator
staff_role-commercial = Commercial
staff_role-support = Support
staff_role-auditor = Auditor

team-menu = 👥 Team
team-title = { $number ->
    [one] <b>{ $company }</b>: one person
   *[other] <b>{ $company }</b>: { $number } people
 }
team-line = • { $name } · { $role }
team-suspended = suspended
team-not_enabled = not enabled
team-gone = This person is no longer in the team.
team-last_referent = There must be a referent: appoint another one first.
team-card-name = <b>{ $name }</b> · { $role }
team-card-company = <b>Company:</b> { $company }
team-card-since = <b>In the team since:</b> { $since }
team-card-email = <b>E-mail:</b> { $email }
team-card-mobile = <b>Mobile:</b> { $mobile }
team-button-invite = 🤝 Invite
team-button-pending = 📨 Open invitations
team-button-make_referent = Make them a referent
team-button-make_configurator = Make them a configurator
team-button-make_technician = Make them a technician
team-button-remove = 🗑 Remove from the team…
team-button-remove_now = 🗑 Remove
team-button-keep = Leave
team-ask_removal = Remove <b>{ $name }</b> from { $company }? From the next message on they cannot use the service for the company. What they did stays.
team-removed = { $name } is no longer in the team.

people-menu = 👤 People
people-title =
    <b>Staff of the service</b>
    To give somebody a role, or to suspend them, look for them.
people-found = { $number ->
    [one] I found one person:
   *[other] I found { $number } people:
 }
people-gone = There is no such person.
people-not_oneself = You cannot do that to yourself: it takes another administrator.
people-card-name = <b>{ $name }</b>
people-card-email = <b>E-mail:</b> { $email }
people-card-company = <b>{ $company }</b>: { $role }
people-card-staff = <b>Staff:</b> { $role }
people-card-suspended = ⛔ Suspended since { $at }
people-button-search = 🔎 Look for somebody
people-button-suspend = ⛔ Suspend
people-button-restore = ✅ Let back in
people-button-give = Add { $role }
people-button-take = Take { $role }
people_search-words-ask = Type the name, the e-mail or the company.
people_search-words-error-short = ⚠️ Type at least two characters.
people_search-words-error-nobody = ⚠️ I found nobody: try other words.

profile-menu = 👤 Profile
profile-title = <b>Your profile</b>
profile-name = { $name }
profile-email = ✉️ { $email }
profile-mobile = 📱 { $mobile }
profile-acts_for = You now act for <b>{ $integrator }</b>
profile-acts_for_nobody = You act for no company at present.
profile-company = 🏢 <b>{ $integrator }</b>
profile-role = Role: { $role }
profile-enabled = In the service since { $since }
profile-not_enabled = ⏳ Not enabled yet
profile-contract = Contract no. { $contract }
profile-staff = On the staff of the service: { $roles }
profile-language = Language: English
profile-notices = Optional notices: { $kinds }
profile-no_notices = Optional notices: none
profile-quiet = Quiet hours: { $hours }
profile-not_quiet = Quiet hours: none
profile-button-language = 💬 Language


notices-menu = 🔔 Notices
notices-ask =
    <b>Notices</b>
    Tap a notice to switch it on or off.
    Those not listed here always come.
notices-none =
    <b>Notices</b>
    There is nothing to choose: you only get those that are necessary.
notices-by_mail = By e-mail too, if Telegram can’t reach me
notice-bulk_done = Bulk configuration processed

quiet-menu = ⏸ Quiet hours
quiet-are =
    <b>Quiet hours</b>
    Between { $hours } (Italian time) notices wait. Only urgent ones come through.
quiet-none =
    <b>Quiet hours</b>
    None: notices come at any time.
quiet-button-off = None
quiet-button-own = Other hours…
quiet_hours-hours-ask =
    From when to when?
    Write it like this: <code>21:30-6:45</code>
quiet_hours-hours-error-unreadable = ⚠️ Those are not two times.

command-profilo = Who you are, notices and quiet hours

told-removed =
    You no longer work for <b>{ $company }</b>: a referent has removed you from the team.

    To come back, ask the referent for an invitation.
told-role = Your role in <b>{ $company }</b> is now: { $role }.
told-suspended =
    ⛔ <b>You are suspended</b>
    For now you cannot use the service. Ask the assistance.
told-restored = ✅ You can use the service again.
