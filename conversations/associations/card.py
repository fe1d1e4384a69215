"""An association's card, and what stands where one was; buttons on both live for months."""

from __future__ import annotations

from datetime import timedelta

from backend.associations import service as associations
from backend.associations.values import Association, TellingState
from conversations.core.context import Say, TurnContext
from conversations.core.navigation import id_of, way_on
from conversations.core.prompts import NOTHING, Copy, Entry, Html, Prompt, join
from conversations.core.wording import warnings

SOON = timedelta(minutes=1)
"""The central system is told so soon, where all is well."""


def association_lines(association: Association, say: Say) -> list[Html]:
    """What an association's card says, without its buttons."""
    lines = [
        say("association.title", number=association.id),
        say("association.pod", pod=association.pod.code),
    ]
    if association.production_pod is not None:
        lines.append(say("association.production", pod=association.production_pod.code))
    lines.append(
        say(
            "association.detail",
            device=association.device_type.product_name,
            sid=association.sid,
            nid=association.nid,
            configuration=say(f"configuration.{association.configuration.value.lower()}"),
            eneltel=association.eneltel,
            serial=association.meter_serial,
        )
    )
    if association.gesis:
        known = association.factor
        lines.append(
            say("association.factor", factor=known.shown)
            if known is not None
            else say("association.no_factor")
        )
    lines.append(
        say(
            "association.created",
            at=association.created_at,
            person=association.created_by,
            integrator=association.integrator_name,
        )
    )
    if association.confirmed_at is not None:
        lines.append(
            say("association.confirmed", at=association.confirmed_at, person=association.confirmed_by or "")
        )
    return lines


def deleted_line(association: Association, say: Say) -> Html:
    """When an association was deleted, and by whom; nothing while it lives."""
    if association.deleted_at is None:
        return NOTHING
    return say("association.deleted_at", at=association.deleted_at, person=association.deleted_by or "")


def association_card(association: Association, context: TurnContext, head: Html = NOTHING) -> Prompt:
    """The association's card."""
    say = context.say
    card = join(association_lines(association, say))
    notes = warnings(context, gesis=association.gesis, over_65_kw=association.over_65_kw)
    number = str(association.id)
    if association.deleted_at is not None:
        return Prompt(
            join([card, deleted_line(association, say), _untold(association, context)], "\n\n"),
            ((Entry(say("button.look_up_again"), "pod", association.pod.code),),),
        )
    return Prompt(
        join([head, card, _untold(association, context), notes], "\n\n"),
        (
            (
                Entry(say("scp.button.get"), "scp", number),
                Entry(say("programming.button.begin"), "programming", number),
            ),
            (
                Entry(say("association.button.change"), "change", number),
                Entry(say("association.button.delete"), "delete", number),
            ),
            *(((Entry(say("gesis.button.begin"), "gesis", number),),) if association.gesis else ()),
            (
                Copy(say("button.copy_pod"), association.pod.code),
                Copy(say("button.copy_sid"), association.sid),
                Copy(say("button.copy_nid"), association.nid),
            ),
            *way_on(context, associations_button(context)),
        ),
        persistent=True,
    )


def _untold(association: Association, context: TurnContext) -> Html:
    """That the central system does not know it yet, or not that it is gone; but for the moment that it takes
    where all is well.
    """
    since = association.untold_since
    if not context.services.central_told or since is None:
        return NOTHING
    if association.telling is TellingState.WAITING and context.now - since < SOON:
        return NOTHING
    amiss = association.telling in (TellingState.FAILED, TellingState.REFUSED)
    about = "deletion" if association.deleted_at is not None else "association"
    return context.say(f"association.untold.{about}.{'refused' if amiss else 'waiting'}")


def association_gone(context: TurnContext, gone: Association | None = None) -> Prompt:
    """The answer to a button of an association that is no more: who deleted it and when, where it was one's
    own.
    """
    if gone is not None and gone.deleted_at is not None:
        return association_card(gone, context)
    return Prompt(context.say("association.not_found"), way_on(context, associations_button(context)))


def associations_button(context: TurnContext) -> Entry:
    """To the list of associations."""
    return Entry(context.say("associations.menu"), "associations")


async def find_association(argument: str, context: TurnContext) -> Association | None:
    """The association that a button names; none for anything that is not one of one's own."""
    number = id_of(argument)
    return None if number is None else await context.short_read(associations.find, context.acting, number)


async def gone_by_now(number: int | None, context: TurnContext) -> Prompt:
    """The card in place of an association that a colleague changed or deleted meanwhile."""
    found = (
        await context.short_read(associations.find, context.acting, number) if number is not None else None
    )
    return association_gone(context, found)
