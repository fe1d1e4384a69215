command-portatili = Your laptops for programming
bridges-menu = 🔌 My laptops
bridges-list = { $number ->
    [one] <b>Your laptop</b> for programming devices:
   *[other] <b>Your { $number } laptops</b> for programming devices:
 }
bridges-none =
    <b>No laptop is paired.</b>
    With a laptop connected to the device you program it from here, and the device itself confirms it.
bridges-listed_connected = 🟢 { $host }
bridges-listed_away = ⚪ { $host }
bridges-card =
    🔌 <b>{ $host }</b>
    { $platform } · a486-bridge { $program }
bridges-key = Key <code>{ $fingerprint }</code>
bridges-state_connected = 🟢 Connected now
bridges-state_seen = ⚪ Last seen on { $at }
bridges-state_never = ⚪ It has not connected yet
bridges-button-pair = ➕ Pair a laptop
bridges-button-pair_again = 🔄 New code
bridges-button-copy = 📋 Copy the command
bridges-button-revoke = 🗑 Revoke
bridges-button-revoke_now = 🗑 Yes, revoke
bridges-button-keep = ↩️ No, keep it
bridges-button-yes = ✅ Yes, it is mine
bridges-button-no = 🚫 It is not me
bridges-pair =
    <b>Pair a laptop</b>
    Open a terminal on the laptop and type:

    <code>a486-bridge pair { $gateway } { $code }</code>

    The code is good for 10 minutes, and once. Then I ask you here whether the laptop is yours.
bridges-no_gateway = Laptops cannot be paired with this service: ask the support.
bridges-asked =
    🔌 <b>A laptop asks to be paired</b>
    Name: { $host }
    System: { $platform }
    Key: <code>{ $fingerprint }</code>

    Is it yours? Compare the key with the one on its screen.
bridges-paired = ✅ <b>{ $host }</b> is paired. Type <code>a486-bridge run</code> on the laptop and leave it open.
bridges-declined = 🚫 <b>{ $host }</b> was not paired. If it was not you, somebody has seen your code: it is void now.
bridges-ask_revocation = Revoke <b>{ $host }</b>? Its connection is cut at once, and it gets no more jobs.
bridges-revoked = 🗑 <b>{ $host }</b> is revoked.
bridges-gone = This laptop is not paired any more.
bridges-over = The time to confirm is over: ask for a new code.
