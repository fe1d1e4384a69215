declaration-accept-ask =
    <b>Declaration by the System Integrator</b>
    Before going on, on behalf of <b>{ $integrator }</b> you declare that:

    • the final customer has asked you to work on their supply;
    • you use the supply’s data, its POD included, only to configure the A486 service;
    • you know that look-ups and associations are recorded and may be checked.

    The declaration holds for this access.
declaration-accept-button-yes = ✅ I accept
declaration-accepted = ✅ Declaration accepted, valid until { $until }.
