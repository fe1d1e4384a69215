"""How well the assistance does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from backend.core.db.counting import by_span, span_of
from backend.identity import service as identity
from backend.tickets.lateness import count_late
from backend.tickets.models import tickets
from backend.tickets.times import WorkingHours, working_time
from backend.tickets.values import Satisfaction, TicketState


@dataclass(frozen=True, slots=True)
class Worth:
    """How many said that their ticket was solved, and how many that it was not."""

    solved: int
    unsolved: int

    @property
    def share(self) -> float:
        """The part of those who were content: 0 to 1."""
        return self.solved / (self.solved + self.unsolved)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the tickets that are kept. Medians are working time, None where there is nothing to measure; words
    are by category, and by the operator's name. A reopened ticket counts from when it was opened.
    """

    open: int
    late: int
    first_answer: timedelta | None
    closing: timedelta | None
    by_category: dict[str, Worth]
    by_operator: dict[str, Worth]


def figures(connection: Connection, at: datetime, hours: WorkingHours) -> Figures:
    """The figures of that moment: a long read."""
    rows = connection.execute(select(tickets.c.opened_at, tickets.c.answered_at, tickets.c.closed_at)).all()
    return Figures(
        open=len([row for row in rows if row.closed_at is None]),
        late=count_late(connection, at),
        first_answer=_median(hours, ((row.opened_at, row.answered_at) for row in rows)),
        closing=_median(hours, ((row.opened_at, row.closed_at) for row in rows)),
        by_category=_worth(connection, tickets.c.category),
        by_operator=_by_operator(connection),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open tickets, by when they were opened: how many that nobody looks after, and how many that
    somebody does, in each span; and when the oldest was opened.
    """

    unassigned: tuple[int, ...]
    assigned: tuple[int, ...]
    oldest: datetime | None


def waiting(connection: Connection, integrator_id: int | None, ages: Sequence[datetime]) -> Waiting:
    """The open tickets of an integrator, or of all, in one statement; the spans lie before, between and after
    `ages`, the earliest first. For `backend.statistics`, which asks for the permission.
    """
    which = tickets.c.state != TicketState.CLOSED.value
    if integrator_id is not None:
        which = and_(which, tickets.c.integrator_id == integrator_id)
    span, held = span_of(tickets.c.opened_at, ages), tickets.c.operator_id.is_not(None)
    made = select(span.label("span"), held.label("held"), tickets.c.opened_at).where(which).subquery()
    query = select(made.c.span, made.c.held, func.count(), func.min(made.c.opened_at))
    query = query.group_by(made.c.span, made.c.held)
    rows = connection.execute(query).all()
    unassigned, assigned = (
        by_span(((row[0], row[2]) for row in rows if bool(row[1]) is of), len(ages) + 1)
        for of in (False, True)
    )
    return Waiting(unassigned, assigned, min((row[3] for row in rows), default=None))


def _median(hours: WorkingHours, spans: Iterable[tuple[datetime, datetime | None]]) -> timedelta | None:
    times = [working_time(hours, start, end).total_seconds() for start, end in spans if end is not None]
    return timedelta(seconds=median(times)) if times else None


def _worth(connection: Connection, of: ColumnElement[Any]) -> dict[Any, Worth]:
    said = (
        select(of.label("of"), tickets.c.satisfaction, func.count().label("number"))
        .where(tickets.c.satisfaction.is_not(None))
        .group_by(of, tickets.c.satisfaction)
        .order_by(of)
    )
    counts: dict[Any, dict[str, int]] = {}
    for row in connection.execute(said):
        counts.setdefault(row.of, {})[row.satisfaction] = row.number
    solved, unsolved = Satisfaction.SOLVED.value, Satisfaction.UNSOLVED.value
    return {of: Worth(each.get(solved, 0), each.get(unsolved, 0)) for of, each in counts.items()}


def _by_operator(connection: Connection) -> dict[str, Worth]:
    """By name; people of one name, and the erased, are told apart by their numbers."""
    of_people: dict[int, Worth] = _worth(connection, tickets.c.operator_id)
    names = identity.names_of(connection, set(of_people))
    several = [names.get(person_id, "") for person_id in of_people]
    found = {}
    for person_id, worth in of_people.items():
        name = names.get(person_id, "")
        found[name if name and several.count(name) == 1 else f"{name} ({person_id})".strip()] = worth
    return found
