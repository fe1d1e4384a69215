command-attese = The PODs that wait for their meter

watches-menu = 🔔 Watched PODs
watches-button-begin = 🔔 Tell me
watches-button-begin_again = 🔔 Tell me again
watches-button-end = 🚫 Tell me no more
watches-button-look_up = 🔎 Look it up now
watches-button-go_on = 🔎 Go on with this POD

watches-card =
    🔔 <b>Watched POD</b>
    <code>{ $pod }</code>

    I write to you as soon as the meter answers. I check by myself, less and less often, until { $ends }. The next check is on { $due }.
    Each check counts as one of your look-ups.
watches-checked = Last check: { $at }.
watches-ended = ✅ I check the POD <code>{ $pod }</code> no longer.
watches-list = 🔔 <b>Watched PODs</b>: I write to you when the meter answers. Which one do you want to see?
watches-none = No POD is being watched. Where a meter does not answer, press <b>Tell me</b> under the look-up.
watches-gone = This POD is not being watched any more.
watches-too_many = ⚠️ You are watching { $most } PODs, which is the most. End one to add another.

watches-told_reachable =
    🔔 The meter of POD <code>{ $pod }</code> answers now: you can associate a MOME or a Smart Info.
watches-told_other =
    🔔 For POD <code>{ $pod }</code>, which you watched, a look-up now says:

    { $outcome }
watches-told_over =
    🔔 I checked POD <code>{ $pod }</code> for { $days } days: its meter was never within reach. I stop now.
