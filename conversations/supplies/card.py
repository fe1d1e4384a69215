"""The card of a look-up; its buttons live for months."""

from __future__ import annotations

from backend.identity.permissions import Permission
from backend.supplies.pod import Pod, suggest
from backend.supplies.values import LookUp, LookUpOutcome, Supply
from backend.watches import service as watches
from conversations.core.assistance import assistance_button
from conversations.core.context import TurnContext
from conversations.core.navigation import way_on
from conversations.core.prompts import Button, Copy, Entry, Html, Prompt, Rows, join
from conversations.core.wording import LISTED_PRODUCTIONS, warnings


def look_up_card(
    found: LookUp, context: TurnContext, own_association: int | None, own_watch: int | None = None
) -> Prompt:
    """The outcome of a look-up, and what can be done about it. `own_watch` is the person's on that supply."""
    say = context.say
    outcome = found.exchange_outcome or found.outcome
    parts = [say(f"outcome.{found.outcome.value}", pod=found.asked.code)]
    if (meant := _meant(found)) is not None:
        parts.append(say("look_up.did_you_mean", pod=meant.code))
    if found.exchange_pod is not None:
        parts.append(say("look_up.of_exchange", pod=found.exchange_pod.code))
        if outcome is not LookUpOutcome.ELIGIBLE:
            parts.append(say(f"outcome.{outcome.value}", pod=found.exchange_pod.code))
    if found.supply is not None:
        if found.meter_before is not None:
            serials = {"now": found.supply.meter_serial, "before": found.meter_before}
            replaced = say("supply.meter_replaced", **serials)
            parts.append(join((replaced, say("supply.factor_before"))) if found.gesis else replaced)
        parts.append(_supply(found.supply, found.productions, context))
        parts.append(warnings(context, gesis=found.gesis, over_65_kw=found.over_65_kw))
    persistent = found.supply is not None
    return Prompt(
        join(parts, "\n\n"),
        _buttons(found, outcome, own_association, own_watch, context),
        persistent=persistent,
    )


async def watch_on(found: LookUp, context: TurnContext) -> int | None:
    """The person's watch on a supply that is out of reach; None for any other."""
    if (found.exchange_outcome or found.outcome) is not LookUpOutcome.UNREACHABLE:
        return None
    pod = found.supply.pod if found.supply is not None else found.exchange_pod or found.asked
    watch = await context.short_read(watches.of_point, context.acting, pod.point)
    return watch.id if watch is not None else None


def _meant(found: LookUp) -> Pod | None:
    """The POD that was perhaps meant by an unknown one: O for 0 still reads as some production POD's form."""
    return suggest(found.asked.code) if found.outcome is LookUpOutcome.UNKNOWN else None


def _buttons(
    found: LookUp,
    outcome: LookUpOutcome,
    own_association: int | None,
    own_watch: int | None,
    context: TurnContext,
) -> Rows:
    say = context.say
    pod = (found.exchange_pod or found.asked).code if found.supply is None else found.supply.pod.code
    rows: list[tuple[Button, ...]] = []
    if (meant := _meant(found)) is not None:
        rows.append((Entry(say("look_up.button.this_one", pod=meant.code), "pod", meant.code),))
    if outcome is LookUpOutcome.ELIGIBLE:
        rows.append((Entry(say("associate.button.begin"), "associate", pod),))
    if own_association is not None:
        rows.append((Entry(say("association.button.open"), "association", str(own_association)),))
    if found.gesis:
        # The factor that is remembered with an association is that of the meter that it was made with.
        remembered = own_association is not None and found.meter_before is None
        about = ("gesis", str(own_association)) if remembered else ("gesis_supply", pod)
        rows.append((Entry(say("gesis.button.begin"), *about),))
    if outcome.may_be_tried_again:
        rows.append((Entry(say("button.again"), "pod", found.asked.code),))
    if outcome is LookUpOutcome.UNREACHABLE and own_watch is not None:
        rows.append((Entry(say("watches.menu"), "watch_show", str(own_watch)),))
    elif outcome is LookUpOutcome.UNREACHABLE:
        rows.append((Entry(say("watches.button.begin"), "watch", pod),))
    if outcome.asks_for_assistance and context.may(Permission.OPEN_TICKETS):
        rows.append((assistance_button(context, outcome.value, found.asked.code),))
    if found.supply is not None:
        rows.append((Copy(say("button.copy_pod"), pod),))
    return (*rows, *way_on(context))


def _supply(supply: Supply, productions: tuple[Supply, ...], context: TurnContext) -> Html:
    """The supply's detail; a prosumer's list with the exchange POD first."""
    say = context.say
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


def kilowatts(watts: int) -> str:
    """Watts as kilowatts with a decimal comma, as Italians write them: 4500 is `4,5`."""
    return f"{watts / 1000:.1f}".rstrip("0").rstrip(".").replace(".", ",")
