associations-menu = 🔗 Associations

associate-checking = ⏳ One moment, checking the supply <code>{ $pod }</code>…
associate-button-begin = 🔌 Associate a device

association-button-open = 🔗 See the association

configuration-standard = Standard
configuration-prosumer = Prosumer

associate-type-ask =
    Associating POD <code>{ $pod }</code>.
    Which device is it?
associate-type-label = Device type
associate-type-edit = ✏️ Type
associate-device-ask = Type the <b>SID</b> or the <b>NID</b> of the { $device }. If you have both, send them in one message. A <b>photo of the label</b> will do, too.
associate-device-label = Device
associate-device-edit = ✏️ Device
associate-device-value = { "" }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
associate-device-error-unreadable = ⚠️ I find neither a SID (17 letters and digits) nor a NID (12 characters, 0 to 9 and A to F). Check the label again.
associate-device-error-several = ⚠️ These are the codes of several devices: send one only.
associate-device-error-device-unknown = ⚠️ This code is not of any device of your company.
associate-device-error-device-mismatch = ⚠️ The SID and the NID are not of the same device. Send one of them only, or check the label again.
associate-device-error-device-type-mismatch = ⚠️ The code is of a { $actual }. Send another code, or go back and change the type.
associate-device-error-device-in-use = ⚠️ The device is already associated with POD <code>{ $pod }</code>. Delete that association first, or use another device.
associate-configuration-ask = { $number ->
    [one] Which configuration? The supply has one production POD.
   *[other] Which configuration? The supply has { $number } production PODs.
 }
associate-configuration-ask_single = Which configuration? The supply has no production POD.
associate-configuration-label = Configuration
associate-configuration-edit = ✏️ Configuration
associate-configuration-error-production-pod-missing = ⚠️ Prosumer needs a production POD, and this supply has none: choose Standard.
associate-production-ask = { $number ->
    [one] Is this the production POD?
   *[other] With which production POD? Only one can be associated.
 }
associate-production-more = If it is not listed, type the POD.
associate-production-label = Production POD
associate-production-edit = ✏️ Production POD
associate-production-value = { "" }
    <code>{ $pod }</code>
associate-production-error-production-pod-unknown = ⚠️ That is not one of this supply’s production PODs: choose from the list.
associate-confirm-heading =
    <b>Summary</b>
    POD <code>{ $pod }</code>
associate-confirm-heading_change =
    <b>Changing the association</b>
    POD <code>{ $pod }</code>
    Change what you need and confirm: the present association is deleted and made again in one step.
associate-confirm-button = ✅ Confirm
associate-confirm-error-unchanged = ⚠️ You have not changed anything yet.
associate-confirm-error-central = ⚠️ I could not confirm. { $outcome }
associate-confirm-error-budget-spent =
    ⏳ I cannot check the supply: look-up limit reached ({ $limit }).
    Try again from { $time } on { $day }.
associate-confirm-error-not-exchange-pod = ⚠️ An association starts from the exchange POD <code>{ $exchange }</code>.
associate-confirm-error-supply-not-eligible = ⚠️ Siamo spiacenti ma al momento la fornitura selezionata non consente l'utilizzo del dispositivo MOME/Smart Info
associate-confirm-error-point-changed = ⚠️ The change is about another supply: start again.
associate-confirm-error-production-pod-missing = ⚠️ Prosumer needs a production POD.
associate-confirm-error-production-pod-unknown = ⚠️ The production POD is no longer one of this supply’s: change it.
associate-confirm-error-production-pod-not-wanted = ⚠️ Standard takes no production POD.
associate-confirm-error-device-unknown = ⚠️ The device is no longer one of your company’s.
associate-confirm-error-device-mismatch = ⚠️ The SID and the NID are not of the same device.
associate-confirm-error-device-type-mismatch = ⚠️ The device is a { $actual }: change the type.
associate-confirm-error-device-in-use = ⚠️ Meanwhile the device was associated with POD <code>{ $pod }</code>: use another one.
associate-created = ✅ <b>Association created.</b> The SCP file comes below.
associate-changed = ✅ <b>Association changed.</b> The new SCP file comes below.
associate-meanwhile = 🔗 The supply has been associated meanwhile.

association-title = <b>Association no. { NUMBER($number, useGrouping: 0) }</b>
association-pod = POD <code>{ $pod }</code>
association-production = Production POD <code>{ $pod }</code>
association-detail =
    Device { $device } · { $configuration }
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
    ENELTEL <code>{ $eneltel }</code>
    Meter serial <code>{ $serial }</code>
association-created = <i>Created on { $at } by { $person }, { $integrator }</i>
association-factor = Factor K: { $factor }
association-no_factor = Factor K: not given yet
association-confirmed = 🟢 Confirmed on site on { $at } by { $person }
association-deleted_at = 🗑 Deleted on { $at } by { $person }.
association-untold-association-waiting = ⏳ The central system has not been told yet: it will be.
association-untold-association-refused = ⏳ The central system has not taken it yet: it is told again. If this lasts, ask for assistance.
association-untold-deletion-waiting = ⏳ The central system has not been told of the deletion yet: it will be.
association-untold-deletion-refused = ⏳ The central system has not taken the deletion yet: it is told again. If this lasts, ask for assistance.
association-not_found = This association is gone, or it is not your company’s.
association-not_now = It cannot be changed right now: try again shortly.
association-button-change = ✏️ Change
association-button-delete = 🗑 Delete

associations-list = <b>Associations of { $integrator }</b>, newest first:
associations-none = Your company has no associations yet. Look up a POD to create one.
associations-button = { $pod } · …{ $sid }

delete-sure-ask =
    Delete the association between POD <code>{ $pod }</code> and the { $device } <code>{ $sid }</code>?

    The device will be free again, and SCP files already downloaded must no longer be used.
delete-sure-button = 🗑 Yes, delete
delete-done = 🗑 <b>Association deleted.</b>
    POD <code>{ $pod }</code>, { $device } <code>{ $sid }</code>. The device is free again.

association_report-menu = 📊 Report on associations
association_report-title = 📊 <b>Report on associations</b>
association_report-no_filter = Set one filter at least, for example <b>Association date</b> with “To: today”.
association_report-filter-pod = POD
association_report-filter-sid = SID
association_report-filter-nid = NID
association_report-filter-device_type = Device type
association_report-filter-configuration = Association type
association_report-filter-production_pod = Production POD
association_report-filter-configurator = Configurator
association_report-filter-integrator_id = Company
association_report-filter-created = Association date
association_report-filter-confirmed = Confirmed on site
association_report-filter-live = State
association_report-ask-pod = Which POD?
association_report-ask-sid = Which SID? Write it, or send a <b>photo of the label</b>.
association_report-ask-nid = Which NID? Write it, or send a <b>photo of the label</b>.
association_report-ask-device_type = Which device?
association_report-ask-configuration = Which type of association?
association_report-ask-production_pod = Which production POD?
association_report-ask-configurator = Who made the association? Write the name or a part of it, or choose.
association_report-ask-integrator_id = Of which company? Write a part of its name, or the beginning of its partita IVA.
association_report-ask-created =
    <b>Associated since when?</b>
    Choose the first day or a period, or write it (from 1/9/2026 to 15/9/2026).
association_report-ask-confirmed = Confirmed on site by a technician?
association_report-ask-live = Which associations?
association_report-confirmed-yes = Yes
association_report-confirmed-no = No
association_report-live-yes = Live
association_report-live-no = Deleted
association_report-found = { $number ->
    [0] 📊 <b>No association found</b>
    [one] 📊 <b>One association found</b>
   *[other] 📊 <b>{ $number } associations found</b>
 }
association_report-none = Clear a filter or change it to find more.
association_report-not_enabled = The report fills once your company is enabled and associates its first devices.
association_report-line_made =
    <b>{ $pod }</b> · { $device } · { $configuration }
    no. { $number } · { $at } · { $person }
association_report-line_confirmed =
    <b>{ $pod }</b> · { $device } · { $configuration }
    no. { $number } · { $at } · { $person } · 🟢 confirmed
association_report-line_deleted =
    <b>{ $pod }</b> · { $device } · { $configuration }
    no. { $number } · { $at } · { $person } · 🗑 deleted
association_report-file = { $number ->
    [0] Report on associations: no line
    [one] Report on associations: one line
   *[other] Report on associations: { $number } lines
 }
association_report-button-back = ‹ To the results

weekly-menu = 🔔 Weekly reports
weekly-begun = 🔔 Done: from { $day } on you get this report here each Monday at 8, as CSV.
weekly-instead = Each Monday it is about the 7 days that are just over: the filter Association date that you had does not count here.
weekly-everything = You get all associations found each time. With the filter Association date “7 days” you get those of the week only.
weekly-spent = ⚠️ You have { $most } weekly reports already: end one to add another.
weekly-none = You have no weekly reports. Search in the report on associations and press “Get it each week”.
weekly-list =
    🔔 <b>Your weekly reports</b>
    They come next on Monday { $day } at 8.
weekly-one = <b>{ $number }.</b>
weekly-one_company = <b>{ $number }.</b> { $company }
weekly-one_all = <b>{ $number }.</b> All companies
weekly-ended = The weekly report has ended: you get it no longer.
weekly-gone = This weekly report is not there any more, or is another company’s.
weekly-told = { $number ->
    [0] 🔔 <b>Weekly report of { $day }</b>: no association.
    [one] 🔔 <b>Weekly report of { $day }</b>: one association.
   *[other] 🔔 <b>Weekly report of { $day }</b>: { $number } associations.
 }
weekly-told_company = { $number ->
    [0] 🔔 <b>Weekly report of { $day }</b>, { $company }: no association.
    [one] 🔔 <b>Weekly report of { $day }</b>, { $company }: one association.
   *[other] 🔔 <b>Weekly report of { $day }</b>, { $company }: { $number } associations.
 }
weekly-failed = 🔔 I could not make the weekly report of { $day }. You can open it from here.
weekly-button-begin = 🔔 Get it each week
weekly-button-now = 📊 Open the report
weekly-button-end = ✕ Get it no longer
weekly-button-end_one = ✕ End no. { $number }

command-report = Report on associations
