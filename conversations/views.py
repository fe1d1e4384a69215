"""What supplies, devices and associations look like in the chat: cards whose buttons live for months."""

from __future__ import annotations

from backend.associations.values import Association
from backend.devices.values import Device, DeviceType
from backend.supplies.pod import Pod, suggest
from backend.supplies.values import LookUp, LookUpOutcome, Supply
from conversations.context import Here
from conversations.prompts import Button, Copy, Entry, Html, Prompt, Rows, join

LISTED_PRODUCTIONS = 20  # a message holds 4096 characters, and a keyboard 100 buttons
DEVICE_NAMES = {DeviceType.MOME: "MOME", DeviceType.SMART_INFO: "Smart Info"}


def look_up_view(found: LookUp, association: Association | None, here: Here) -> Prompt:
    """What a look-up came to, and what can be done about it."""
    say = here.say
    head = say(f"outcome.{_key(found.outcome)}", pod=found.asked.code)
    if found.outcome is LookUpOutcome.ASSOCIATED_BY_US and association is not None:
        card = association_view(association, here)
        return Prompt(join([head, card.text], "\n\n"), card.rows, lasting=True)
    outcome = found.exchange_outcome or found.outcome
    parts = [head]
    if (meant := _meant(found)) is not None:
        parts.append(say("look_up.did_you_mean", pod=meant.code))
    if found.exchange_pod is not None:
        parts.append(say("look_up.of_exchange", pod=found.exchange_pod.code))
        if outcome is not LookUpOutcome.ELIGIBLE:
            parts.append(say(f"outcome.{_key(outcome)}", pod=found.exchange_pod.code))
    if found.supply is not None:
        parts.append(supply_lines(found.supply, found.productions, here))
        parts.append(warnings(here, gesis=found.gesis, over_65_kw=found.over_65_kw))
    lasting = found.supply is not None
    return Prompt(join(parts, "\n\n"), _ways_on(found, outcome, association, here), lasting=lasting)


def _key(outcome: LookUpOutcome) -> str:
    return outcome.value.replace("-", "_")


def _meant(found: LookUp) -> Pod | None:
    """The POD that was perhaps meant by an unknown one: O for 0 still reads as some production POD's form."""
    return suggest(found.asked.code) if found.outcome is LookUpOutcome.UNKNOWN else None


def _ways_on(found: LookUp, outcome: LookUpOutcome, association: Association | None, here: Here) -> Rows:
    say = here.say
    pod = (found.exchange_pod or found.asked).code if found.supply is None else found.supply.pod.code
    rows: list[tuple[Button, ...]] = []
    if (meant := _meant(found)) is not None:
        rows.append((Entry(say("look_up.button.this_one", pod=meant.code), "pod", meant.code),))
    if outcome is LookUpOutcome.ELIGIBLE:
        rows.append((Entry(say("look_up.button.associate"), "associate", pod),))
    if association is not None:
        rows.append((Entry(say("look_up.button.association"), "association", str(association.id)),))
    if outcome.may_be_tried_again:
        rows.append((Entry(say("look_up.button.again"), "pod", found.asked.code),))
    if found.supply is not None:
        rows.append((Copy(say("button.copy_pod"), pod),))
    rows.append((Entry(say("home.button.look_up"), "look_up"), Entry(say("home.button.home"), "home")))
    return tuple(rows)


def supply_lines(supply: Supply, productions: tuple[Supply, ...], here: Here) -> Html:
    """The supply's detail; a prosumer's list with the exchange POD first."""
    say = here.say
    detail = say(
        "supply.detail",
        pod=supply.pod.code,
        eneltel=supply.eneltel,
        serial=supply.meter_serial,
        generation=supply.generation.value,
        power=kilowatts(supply.contractual_power_w),
    )
    if not productions:
        return join([say("supply.single"), detail])
    listed = [
        say("supply.production", number=number, pod=production.pod.code, serial=production.meter_serial)
        for number, production in enumerate(productions[:LISTED_PRODUCTIONS], start=1)
    ]
    if len(productions) > LISTED_PRODUCTIONS:
        listed.append(say("supply.more_productions", number=len(productions) - LISTED_PRODUCTIONS))
    exchange = join([say("supply.exchange"), detail])
    return join([exchange, join([say("supply.productions", number=len(productions)), *listed])], "\n\n")


def warnings(here: Here, *, gesis: bool, over_65_kw: bool) -> Html:
    """What must be known of this supply's readings."""
    said = []
    if gesis:
        said.append(here.say("supply.gesis"))
    if over_65_kw:
        said.append(here.say("supply.over_65_kw"))
    return join(said, "\n\n")


def kilowatts(watts: int) -> str:
    """Watts as kilowatts with a decimal comma, as Italians write them: 4500 is `4,5`."""
    return f"{watts / 1000:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def association_view(association: Association, here: Here, head: Html | None = None) -> Prompt:
    """The association's card."""
    say = here.say
    lines = [
        say("association.title", number=association.id),
        say("association.pod", pod=association.pod.code),
    ]
    if association.production_pod is not None:
        lines.append(say("association.production", pod=association.production_pod.code))
    lines += [
        say(
            "association.detail",
            device=DEVICE_NAMES[association.device_type],
            sid=association.sid,
            nid=association.nid,
            configuration=say(f"configuration.{association.configuration.value.lower()}"),
            eneltel=association.eneltel,
            serial=association.meter_serial,
        ),
        say(
            "association.created",
            at=association.created_at,
            person=association.created_by,
            integrator=association.integrator_name,
        ),
    ]
    card = join(lines)
    notes = warnings(here, gesis=association.gesis, over_65_kw=association.over_65_kw)
    number = str(association.id)
    if association.deleted_at is not None:
        gone = say("association.deleted_at", at=association.deleted_at, person=association.deleted_by or "")
        return Prompt(
            join([card, gone], "\n\n"),
            ((Entry(say("look_up.button.look_up_again"), "pod", association.pod.code),),),
        )
    return Prompt(
        join([head or Html(""), card, notes], "\n\n"),
        (
            (Entry(say("association.button.scp"), "scp", number),),
            (
                Entry(say("association.button.change"), "change", number),
                Entry(say("association.button.delete"), "delete", number),
            ),
            (
                Copy(say("button.copy_pod"), association.pod.code),
                Copy(say("button.copy_sid"), association.sid),
                Copy(say("button.copy_nid"), association.nid),
            ),
            (Entry(say("home.button.associations"), "associations"), Entry(say("home.button.home"), "home")),
        ),
        lasting=True,
    )


def association_gone(here: Here, gone: Association | None = None) -> Prompt:
    """The answer to a button of an association that is no more: who deleted it and when, where it was one's
    own.
    """
    if gone is not None and gone.deleted_at is not None:
        return association_view(gone, here)
    say = here.say
    return Prompt(
        say("association.not_found"),
        ((Entry(say("home.button.associations"), "associations"), Entry(say("home.button.home"), "home")),),
    )


def device_view(device: Device, association: Association | None, here: Here) -> Prompt:
    """One's own device, and where it is."""
    say = here.say
    text = say("device.detail", device=DEVICE_NAMES[device.type], sid=device.sid, nid=device.nid)
    rows: list[tuple[Button, ...]] = []
    if association is None:
        text = join([text, say("device.free")], "\n\n")
    else:
        text = join([text, say("device.at", pod=association.pod.code)], "\n\n")
        number = str(association.id)
        rows.append((Entry(say("look_up.button.association"), "association", number),))
        rows.append((Entry(say("association.button.scp"), "scp", number),))
    rows.append((Copy(say("button.copy_sid"), device.sid), Copy(say("button.copy_nid"), device.nid)))
    rows.append((Entry(say("home.button.look_up"), "look_up"), Entry(say("home.button.home"), "home")))
    return Prompt(text, tuple(rows), lasting=True)
