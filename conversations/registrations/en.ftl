command-registrati = Register your company

registration-intro =
    <b>Registration</b>
    For those who configure MOME and Smart Info devices for their company.

    Have your codice fiscale, the company’s data, your e-mail and mobile at hand: five minutes will do. You can stop and go on within a week.

    Did a colleague send you an invitation? Open that one: you need nothing here.
registration-open =
    <b>Registration under way</b>
    What you have written stays until { $until }.
registration-submitted =
    ✅ <b>Registration sent</b> for { $company }.

    The service checks your data and the contract: I’ll write to you as soon as there is an answer.
registration-waiting =
    ⏳ <b>Registration waiting</b> for { $company }, sent on { $at }.

    I’ll write to you as soon as there is an answer.
    Is something wrong? Withdraw and correct it: what you have written stays.
registration-withdrawn_often = You have withdrawn the registration several times: please wait for the answer now.
registration-enabled =
    ✅ <b>You are enabled</b> for { $company }.

    Now you can use the service: press Home.
registration-places = ✅ You are enabled for: <b>{ $companies }</b>.
registration-no_place = Your registration for { $company } had been accepted, but now you are enabled for no company.
registration-account_left =
    ⚠️ <b>Your access has moved to another Telegram account</b>
    Whoever moved it has confirmed your e-mail, your codice fiscale and your mobile number. From this account you can no longer use the service.

    If this was not you, tell the assistance at once.
registration-refused =
    The registration for { $company } was not accepted.
    Reason: { $reason }
registration-gone = The registration has expired or was sent already. Start again from /register.
registration-deleted = I have deleted what you had written.

registration-button-begin = 📝 Begin
registration-button-go_on = ▶️ Go on
registration-button-delete = 🗑 Delete
registration-button-withdraw = ✏️ Withdraw and correct
registration-button-other = 📝 New registration
registration-button-italian = Italian
registration-button-no_code = I have no codice fiscale
registration-button-same = Same as the partita IVA
registration-button-accept = ✅ I accept
registration-button-read = ✅ I have read it

registration-first_name-ask = What is the legal representative’s <b>first name</b>?
registration-first_name-label = First name
registration-first_name-edit = ✏️ First name
registration-last_name-ask = And the <b>surname</b>?
registration-last_name-label = Surname
registration-last_name-edit = ✏️ Surname
registration-nationality-ask = <b>Nationality</b>?
registration-nationality-label = Nationality
registration-nationality-edit = ✏️ Nationality
registration-codice_fiscale-ask = The legal representative’s <b>codice fiscale</b> (16 characters)?
registration-codice_fiscale-label = Codice fiscale
registration-codice_fiscale-edit = ✏️ Codice fiscale
registration-email-ask = Which <b>e-mail</b> do we write to? It is the one in the contract (Allegato 5).
registration-email-label = E-mail
registration-email-edit = ✏️ E-mail
registration-company_name-ask = The company’s <b>business name</b>?
registration-company_name-label = Business name
registration-company_name-edit = ✏️ Business name
registration-office-ask = <b>Registered office</b> (street, number, postcode, town)?
registration-office-label = Registered office
registration-office-edit = ✏️ Office
registration-partita_iva-ask = The company’s <b>partita IVA</b> (11 digits)?
registration-partita_iva-label = Partita IVA
registration-partita_iva-edit = ✏️ Partita IVA
registration-company_code-ask = The company’s <b>codice fiscale</b>?
registration-company_code-label = Company’s C.F.
registration-company_code-edit = ✏️ Company’s C.F.
registration-mobile-ask = <b>Mobile number</b>?
registration-mobile-label = Mobile
registration-mobile-edit = ✏️ Mobile
registration-terms-ask =
    <b>Terms of the service</b>
    Supply data and SCP files serve only to configure the devices of customers who have asked you to. Every look-up and every association is recorded.
registration-terms-label = Terms
registration-terms-edit = ✏️ Terms
registration-privacy-ask =
    <b>Personal data</b>
    Your data serves to recognise and to enable you. With /privacy you see what is kept and for how long, and delete it whenever you want.
registration-privacy-label = Privacy
registration-privacy-edit = ✏️ Privacy
registration-confirm-heading = <b>Is everything right?</b>
registration-confirm-button = ✅ Confirm
registration-value = { $value }
registration-none = none

registration-error-field = ⚠️ { $reason }
registration-error-not_a_name = Letters, spaces, hyphens and apostrophes only.
registration-error-too_short = Something is missing: write it in full.
registration-error-too_long = That is too long: shorten it.
registration-error-unprintable = It holds invisible characters: type it by hand.
registration-error-look_alike = It holds letters of another alphabet, which may look like ours: type it by hand.
registration-error-not_an_address = That is not one e-mail address, like <code>name@company.it</code>.
registration-error-not_a_number = That is not a phone number: write it like <code>333 1234567</code>, with the country’s prefix if it is not Italian.
registration-error-not_mobile = A mobile is needed: Italian ones begin with 3.
registration-error-cf_length = A person’s codice fiscale has 16 characters.
registration-error-cf_form = It is not built like a codice fiscale: check letters and digits.
registration-error-cf_checksum = The last letter does not fit the others: there is a typing error.
registration-error-iva_length = A partita IVA has 11 digits.
registration-error-iva_checksum = The last digit does not fit the others: there is a typing error.

verification-phone-ask =
    <b>Let’s verify your mobile</b>
    Share your number with the key below: Telegram confirms that it is yours.
verification-phone-keys = The key is down here.
verification-phone-share = 📱 Share my number
verification-phone-not_now = Not now
verification-phone-error-contact = ⚠️ Use the key “Share my number”: typing it is not enough.
verification-phone-error-not_yours = ⚠️ That is somebody else’s contact: share your own with the key.
verification-send-shared = Thank you, I have the number.
verification-send-ask =
    <b>Let’s verify your e-mail</b>
    Shall I send a code to <b>{ $address }</b>?
verification-send-button = ✉️ Send the code
verification-send-correct = ✏️ Correct the data

registrations-menu = 📝 Registrations
registrations-title = <b>Registrations to decide</b>
registrations-none =
    <b>Registrations</b>
    None to decide. When somebody registers whom no contract names, I’ll tell you.
registrations-gone = This registration is gone.
registrations-decided = Somebody has decided already.
registrations-withdrawn = The person who sent it has withdrawn it, to correct it: if they send it again, I’ll tell you.
registrations-notice = 📝 { $name } ({ $company }) has registered and waits for a decision.
registrations-card-title = <b>Registration no. { $number }</b>
registrations-card-person = <b>Legal representative:</b> { $name }, { $nationality }
registrations-card-code = <b>Codice fiscale:</b> { $code }
registrations-card-email = <b>E-mail:</b> { $email }
registrations-card-mobile = <b>Mobile:</b> { $mobile }
registrations-card-company = <b>Company:</b> { $company }, { $office }
registrations-card-company_codes = <b>Partita IVA:</b> { $iva } · <b>C.F.:</b> { $code }
registrations-card-clauses = <b>Clauses:</b> version { $version }, accepted on { $at }
registrations-card-known = <b>Company known already:</b> { $company } · referents: { $referents }
registrations-doubt-no-contract = ⚠️ No standing contract of the company names them with this e-mail and codice fiscale.
registrations-doubt-removed = ⚠️ A referent of the company has removed this person: ask the company before you enable them again.
registrations-doubt-other-phone = ⚠️ Telegram’s number ({ $phone }) is not the mobile that they gave.
registrations-doubt-other-person = ⚠️ The e-mail, the codice fiscale or the account is another person’s, or that of somebody suspended: check who it is.
registrations-ask_same = Is it somebody whom the service knows already, with another Telegram account or number? If you confirm it, their access moves to this account, and the one before can no longer use it. Do so only after you have spoken to them.
registrations-company_closed = The company has no active contract any more: load the new one first.
registrations-not_one_person = It is not one known person, or one who is among the staff or suspended: I cannot move the access.
registrations-not_oneself = Somebody else decides about you.
registrations-last_referent = They are the company's only referent: enable them as a referent.
registrations-state-submitted = ⏳ Waiting for a decision
registrations-state-enabled = ✅ Enabled
registrations-state-refused = ✕ Refused: { $reason }
registrations-state-withdrawn = ↩️ Withdrawn by the person who sent it, to correct it
registrations-button-open = Open
registrations-button-referent = ✅ Enable as referent
registrations-button-configurator = ✅ Enable as configurator
registrations-button-technician = ✅ Enable as technician
registrations-button-same = 🔁 It is the same person…
registrations-button-same_now = 🔁 Yes, move their access
registrations-button-keep = ‹ No, go back
registrations-button-refuse = ✕ Refuse…

registration_refusal-reason-ask = Why do you refuse? Who registered reads what you write.
registration_refusal-reason-error-pod = ⚠️ Write no POD: none is needed here.
registration_refusal-reason-error-length = ⚠️ Write the reason: three characters at least, { $most } at most.
