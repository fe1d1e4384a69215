command-contratti = Contracts

contracts-menu = 📄 Contracts
contracts-title = <b>Contracts</b>
contracts-none =
    <b>Contracts</b>
    No contract. Load a file with the list of users to enable (Allegato 5).
contracts-button-load = 📤 Load
contracts-button-template = 📄 Template
contracts-button-end = ⏹ End the contract…
contracts-button-end_now = ⏹ End it
contracts-button-keep = Leave it standing
contracts-card =
    <b>Contract { $number }</b>
    { $company }
    Partita IVA { $iva }

    <b>Users named:</b> { $people }
    <b>Enabled:</b> { $enabled }
contracts-person = • { $email }
contracts-more = … and { $number } more
contracts-state-standing = ✅ Standing
contracts-state-ended = ⏹ Ended
contracts-gone = There is no such contract.
contracts-ended = This contract has ended.
contracts-of_another = Contract { $number } is another company’s: nothing was loaded.
contracts-ask_end = End contract <b>{ $number }</b>? If no other contract of the company stands, its people will no longer be able to use the service until you load a new one.
contracts-is_ended = ⏹ Contract { $number } has ended.

contracts-bad-number = the contract number is missing or too long
contracts-bad-broken = the line cannot be read
contracts-bad-role = the role is not Referente, Configuratore or Tecnico
contracts-bad-two_companies = one contract has two partite IVA
contracts-bad-twice = the e-mail is there twice
contracts-bad-not_a_name = the business name will not do
contracts-bad-too_short = the business name is missing
contracts-bad-too_long = the business name is too long
contracts-bad-unprintable = it holds invisible characters
contracts-bad-look_alike = it holds letters of another alphabet
contracts-bad-not_an_address = the e-mail is not an address
contracts-bad-not_a_number = the number is not that of a telephone
contracts-bad-not_mobile = the number is not that of a mobile
contracts-bad-cf_length = the codice fiscale has not 16 characters
contracts-bad-cf_form = the codice fiscale is not well formed
contracts-bad-cf_checksum = the last letter of the codice fiscale does not fit
contracts-bad-iva_length = the partita IVA has not 11 digits
contracts-bad-iva_checksum = the last digit of the partita IVA does not fit

place-closed =
    ⏹ <b>Contract ended</b>
    { $company } has no active contract any more: for now you cannot use the service.

    Ask the referent of your company.
place-closed_referent =
    ⏹ <b>Contract ended</b>
    { $company } has no active contract any more: for now neither you nor your colleagues can use the service.

    To renew it, ask the commercial staff.
place-opened =
    ✅ <b>Contract active</b>
    You can use the service for { $company } again.

contract_load-file-ask =
    <b>Load contracts</b>
    Send the file, CSV or Excel, with a line for each user: Contratto, Partita IVA, Ragione sociale, E-mail, Codice Fiscale, and, if you want, Ruolo.
contract_load-file-error-not_a_file = ⚠️ A file is needed: attach it as a document.
contract_load-file-error-too_big = ⚠️ The file is larger than 20 MB.
contract_load-file-error-gone = ⚠️ Telegram no longer has the file: send it again.
contract_load-file-error-refused = ⚠️ I cannot read the file. { $reason }
contract_load-reading = ⏳ Reading the file…
contract_load-template = The template: a line for each user. The role may stay empty: the first user of a company is its referent.
contract_load-title = <b>Load these contracts?</b>
contract_load-nothing = Nothing was loaded: correct the file and send it again.
contract_load-ended = · ⏹ ended: it cannot be loaded again with this number
contract_load-changed = · loaded before: { $added } more, { $removed } fewer
contract_load-unchanged = · loaded before, with the same users
contract_load-contract = { $people ->
    [one] • <b>{ $number }</b> { $company }: one user
   *[other] • <b>{ $number }</b> { $company }: { $people } users
 }
contract_load-more = … and { $number } more
contract_load-bad_title = { $number ->
    [0] ⚠️ The file contains no users.
    [one] ⚠️ One line will not do:
   *[other] ⚠️ { $number } lines will not do:
 }
contract_load-bad = line { $line }: { $reason }
contract_load-button = ✅ Load
contract_load-button_again = 📤 Send another file
contract_load-loaded = { $contracts ->
    [one] ✅ Contract loaded.
   *[other] ✅ { $contracts } contracts loaded.
 } { $enabled ->
    [0] Those named are enabled as soon as they register.
    [one] One person who waited is enabled now.
   *[other] { $enabled } people who waited are enabled now.
 }
