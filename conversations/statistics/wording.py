"""The figures in words."""

from __future__ import annotations

from backend.bulk.values import RowState
from backend.statistics.values import CONFIRMATION_AGES, Outcome, Statistics
from conversations.core.context import Say, TurnContext
from conversations.core.prompts import Html, join


def whose(found: Statistics, context: TurnContext) -> str:
    """Whose figures these are."""
    return context.say("statistics.of_all") if found.of_all else context.acting.acting_for.integrator_name


def glance(found: Statistics, context: TurnContext) -> Html:
    """A line or two on each question."""
    say = context.say
    lines = [associations_line(found, say), bulk_line(found, say)]
    return join([*lines, tickets_line(found, say), confirmations_line(found, say)], "\n\n")


def associations_line(found: Statistics, say: Say) -> Html:
    """How many associations there are, and what became of them this week and the last."""
    before, week = found.weeks[-2:]
    return say(
        "statistics.associations",
        live=found.live,
        created=week.created,
        created_before=before.created,
        deleted=week.deleted,
        deleted_before=before.deleted,
    )


def bulk_line(found: Statistics, say: Say) -> Html:
    """How many rows of bulk requests there were, and how many associations they made."""
    made = rows_of(found.outcomes, RowState.CREATED)
    failed = rows_of(found.outcomes, RowState.FAILED)
    return say("statistics.bulk", rows=found.rows, made=made, failed=failed, weeks=len(found.weeks))


def tickets_line(found: Statistics, say: Say) -> Html:
    """How many requests for assistance are open, and for how long."""
    if found.oldest_ticket is None:
        return say("statistics.no_tickets")
    return say(
        "statistics.tickets",
        open=found.open_tickets,
        unassigned=sum(found.unassigned),
        oldest=found.oldest_ticket,
    )


def confirmations_line(found: Statistics, say: Say) -> Html:
    """How many associations nobody has confirmed on site."""
    line = say(
        "statistics.confirmations",
        open=sum(found.unconfirmed),
        late=sum(found.unconfirmed[2:]),
        days=CONFIRMATION_AGES[1],
    )
    return join([line, say("statistics.jobs", number=found.to_confirm)]) if found.to_confirm else line


def rows_of(outcomes: tuple[Outcome, ...], state: RowState) -> int:
    """How many rows are in this state."""
    return sum(each.rows for each in outcomes if each.state is state)
