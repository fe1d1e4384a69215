device-detail =
    <b>{ $device }</b> of your company
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
device-free = It is not associated with any supply.
device-to_associate = Look up the POD that you want to associate it with.
device-at = It is associated with POD <code>{ $pod }</code>.
device-which = { $more ->
    [0] There are { $number } codes: which device?
   *[other] There are { $number } codes, these are the first { $shown }: which device?
 }
device-unknown = This code is not of any device of your company. Check the SID (17 characters) or the NID (12) on the label. If it is a meter’s serial, look the POD up instead.
