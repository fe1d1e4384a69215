command-gruppo = Assistance group
staff_group-looking = Looking at this group…
staff_group-none =
    <b>Assistance group</b>
    There is none yet: the staff gets requests in private.

    To have one: make a group with topics, add this bot as an administrator who may manage topics, and write /group there.
staff_group-some =
    <b>Assistance group</b>
    In use since { $at }: each request has a topic of its own there.
staff_group-this = This is the assistance group: each request has a topic of its own here.
staff_group-no_topics = ⚠️ This group has no topics. Turn them on in the group’s settings, then write /group again.
staff_group-no_rights = ⚠️ I may not manage topics here. Make me an administrator who may, then write /group again.
staff_group-not_known = ⚠️ Telegram does not tell me what group this is. Try again soon.
staff_group-ask = { $members ->
    [one] <b>Are requests for assistance to come to this group?</b>
        Each request will have a topic. Whoever is in the group reads them.
   *[other] <b>Are requests for assistance to come to this group?</b>
        Each request will have a topic. All members of the group read them ({ $members }, bot included); only those with a role in assistance can answer.
 }
staff_group-chosen = ✅ Requests for assistance come here, each in its own topic.
staff_group-left = There is no assistance group any more: requests come in private.
staff_group-lost = ⚠️ I cannot write to the assistance group any more. Requests come here again, in private.
staff_group-late = { $minutes ->
    [one] ⏳ A minute late: Telegram limits messages in a group.
   *[other] ⏳ { $minutes } minutes late: Telegram limits messages in a group.
 }
staff_group-button-use = ✅ Use this group
staff_group-button-leave = Stop using the group
staff_group-leave_ask =
    <b>Stop using the group?</b>
    Open requests go on in private. The topics stay, but are of no use any more.
staff_group-button-leave_now = ✅ Yes, stop
staff_group-button-keep = ↩️ No
