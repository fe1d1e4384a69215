"""The figures of a moment: one statement of each feature that has any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from backend.associations import figures as associations
from backend.bulk import figures as bulk
from backend.core.clock import ROME
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.programming import figures as programming
from backend.statistics.values import CONFIRMATION_AGES, TICKET_AGES, WEEKS, Outcome, Statistics, Week
from backend.tickets import figures as tickets


def statistics(connection: Connection, actor: Actor, at: datetime) -> Statistics:
    """What the actor may see: of all integrators with a role among the staff, else of their own. A long read.
    Raises NotPermitted.
    """
    actor.authorise(Permission.SEE_STATISTICS)
    of_all = actor.may_for_all(Permission.SEE_STATISTICS)
    integrator_id = None if of_all else actor.integrator_id
    mondays = _mondays(at)
    made = associations.figures(connection, integrator_id, mondays, _edges(at, CONFIRMATION_AGES))
    waiting = tickets.waiting(connection, integrator_id, _edges(at, TICKET_AGES))
    outcomes = bulk.outcomes(connection, integrator_id, mondays[0])
    weeks = zip(mondays, made.created, made.deleted, strict=False)
    return Statistics(
        of_all=of_all,
        weeks=tuple(
            Week(begins.astimezone(ROME).date(), created, deleted) for begins, created, deleted in weeks
        ),
        live=made.live,
        outcomes=tuple(Outcome(*each) for each in outcomes),
        unassigned=waiting.unassigned[::-1],
        assigned=waiting.assigned[::-1],
        oldest_ticket=waiting.oldest,
        unconfirmed=made.unconfirmed[::-1],
        to_confirm=programming.to_confirm(connection, integrator_id),
    )


def _mondays(at: datetime) -> list[datetime]:
    """The beginnings of the weeks, and the end of the last."""
    today = at.astimezone(ROME).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(weeks=number) for number in range(1 - WEEKS, 2)]
    return [datetime.combine(day, time(), ROME).astimezone(at.tzinfo) for day in days]


def _edges(at: datetime, days: Sequence[int]) -> list[datetime]:
    """The edges of spans of ages in days, the earliest first."""
    return [at - timedelta(days=each) for each in reversed(days)]
