"""A device, found by its SID or NID."""

from __future__ import annotations

from collections.abc import Sequence

from backend.associations import service as associations
from backend.associations.values import Association
from backend.devices import service as devices
from backend.devices.codes import find_codes, parse_nid, parse_sid
from backend.devices.values import Device
from backend.identity.permissions import Permission
from conversations.core.action import Action
from conversations.core.answers import Answer, show
from conversations.core.context import TurnContext
from conversations.core.feature import Recognised
from conversations.core.navigation import choose_code, menu, way_on
from conversations.core.prompts import NOTHING, Button, Copy, Entry, Prompt, join
from conversations.core.replies import Attachment


class ShowDevice(Action):
    """Show whose device this is, and where."""

    name = "device"
    permission = Permission.SEE_DEVICES

    async def run(self, argument: str, context: TurnContext) -> Answer:
        pattern = context.services.sid_pattern
        codes = find_codes(argument, pattern)
        several = codes.sids or codes.nids
        if len(several) > 1:
            return choose_code("device.which", self.name, several, context)
        sid, nid = parse_sid(argument, pattern), parse_nid(argument)
        device = (
            await context.short_read(devices.find, context.acting, sid=sid, nid=nid) if sid or nid else None
        )
        if device is None:
            return show(Prompt(context.say("device.unknown"), menu(context)))
        association = await context.short_read(associations.find_by_device, context.acting, device.id)
        return show(device_card(device, association, context))


def device_card(device: Device, association: Association | None, context: TurnContext) -> Prompt:
    """One's own device, and where it is."""
    say = context.say
    text = say("device.detail", device=device.type.product_name, sid=device.sid, nid=device.nid)
    rows: list[tuple[Button, ...]] = []
    if association is None:
        free = join([say("device.free"), NOTHING if context.asking else say("device.to_associate")], " ")
        text = join([text, free], "\n\n")
    else:
        text = join([text, say("device.at", pod=association.pod.code)], "\n\n")
        number = str(association.id)
        rows.append((Entry(say("association.button.open"), "association", number),))
        rows.append((Entry(say("scp.button.get"), "scp", number),))
    rows.append((Copy(say("button.copy_sid"), device.sid), Copy(say("button.copy_nid"), device.nid)))
    return Prompt(text, (*rows, *way_on(context)), persistent=True)


def recognise_devices(
    text: str, attachments: Sequence[Attachment], context: TurnContext
) -> Recognised | None:
    """SIDs or NIDs are devices."""
    codes = find_codes(text, context.services.sid_pattern)
    found = codes.sids or codes.nids
    return Recognised(ShowDevice.name, " ".join(found)) if found else None
