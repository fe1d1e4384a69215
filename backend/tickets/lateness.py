"""Tickets past their targets: the queue of the staff, and who is told of it.

A stage is a target that passed, or half as much again. Each is told once: that it was stands in the
ticket's row, and changes in the transaction that adds the notices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.tickets import service
from backend.tickets.models import tickets
from backend.tickets.targets import Told
from backend.tickets.times import WorkingHours, is_working
from backend.tickets.values import Queue, Ticket, TicketState

LATE_NOTICE = "ticket_late"
"""To who works at the ticket, or to all who answer."""
ESCALATED_NOTICE = "ticket_escalated"
"""To administrators, who see of the ticket no more than this."""
PORTION = 20
"""Tickets told of in one transaction, each to perhaps all the staff."""
TARGETS = ("answer", "solve")
"""As they stand in the names of columns, and in notices."""


_IS_OPEN = tickets.c.state.in_((TicketState.OPEN.value, TicketState.IN_PROGRESS.value))
"""By its state: that has an index."""


@dataclass(frozen=True, slots=True)
class Late:
    """A ticket that is past a target, as an administrator is told of it. `operator` is empty where nobody has
    it; `due_at` is None where that target counts no longer.
    """

    id: int
    category: str
    operator: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage that came, and was not told yet."""

    target: str
    told: Told
    came_at: datetime


def remind(connection: Connection, at: datetime, hours: WorkingHours) -> int:
    """Tell of the tickets that came to a stage, a portion of them; outside working hours of none. Of several
    stages that came while nobody looked, the newest is told. Returns how many tickets there were.
    """
    if not is_working(hours, at):
        return 0
    rows = connection.execute(
        select(tickets)
        .where(_IS_OPEN, or_(*(_untold(target, at) for target in TARGETS)))
        .order_by(tickets.c.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        _tell(connection, row, _stages(row, at), at)
    return len(rows)


def late(connection: Connection, actor: Actor, at: datetime, limit: int, skip: int = 0) -> list[Ticket]:
    """Open tickets that are past a target, the most overdue first, without the first ones."""
    actor.authorise(Permission.ANSWER_TICKETS)
    found = select(tickets.c.id).where(is_late(at)).order_by(_first_due(), tickets.c.id)
    ids = list(connection.scalars(found.limit(limit).offset(skip)))
    return service.of_ids(connection, actor, ids)


def is_late(at: datetime) -> ColumnElement[bool]:
    """A condition: the ticket is past a target."""
    return and_(_IS_OPEN, _first_due() <= at)


def count_late(connection: Connection, at: datetime) -> int:
    """The number of tickets that are past a target."""
    return connection.scalar(select(func.count()).select_from(tickets).where(is_late(at))) or 0


def numbers(connection: Connection, actor: Actor, at: datetime) -> dict[Queue, int]:
    """How many tickets there are in each queue of what is not closed."""
    actor.authorise(Permission.ANSWER_TICKETS)
    queues = {
        Queue.UNASSIGNED: service.is_unassigned(connection),
        Queue.MINE: service.is_of(actor.person_id),
        Queue.LATE: is_late(at),
    }
    counted = (func.count().filter(condition) for condition in queues.values())
    row = connection.execute(select(*counted).select_from(tickets).where(_IS_OPEN)).one()
    return dict(zip(queues, row, strict=True))


def told_of(connection: Connection, ticket_id: int, target: str) -> Late | None:
    """What an administrator is told of a ticket that misses this target. None where the ticket is gone."""
    row = connection.execute(select(tickets).where(tickets.c.id == ticket_id)).first()
    if row is None:
        return None
    names = identity.names_of(connection, {row.operator_id} - {None})
    return Late(row.id, row.category, names.get(row.operator_id, ""), getattr(row, f"{target}_due_at"))


def _first_due() -> ColumnElement[Any]:
    """The earlier of the dates that count; null where none does."""
    answer, solve = tickets.c.answer_due_at, tickets.c.solve_due_at
    return case((or_(solve.is_(None), answer < solve), answer), else_=solve)


def _untold(target: str, at: datetime) -> ColumnElement[bool]:
    told = tickets.c[f"{target}_told"]
    return or_(
        and_(tickets.c[f"{target}_due_at"] <= at, told < Told.REMINDED),
        and_(tickets.c[f"{target}_escalates_at"] <= at, told < Told.ESCALATED),
    )


def _stages(row: Any, at: datetime) -> list[_Stage]:
    """What came and was not told, in the order in which it came."""
    found = []
    for target in TARGETS:
        told = getattr(row, f"{target}_told")
        for stage, column in ((Told.REMINDED, "due"), (Told.ESCALATED, "escalates")):
            came_at = getattr(row, f"{target}_{column}_at")
            if came_at is not None and came_at <= at and told < stage:
                found.append(_Stage(target, stage, came_at))
    return sorted(found, key=lambda stage: (stage.came_at, stage.told))


def _tell(connection: Connection, row: Any, stages: list[_Stage], at: datetime) -> None:
    told = {f"{stage.target}_told": int(stage.told) for stage in stages}
    connection.execute(update(tickets).where(tickets.c.id == row.id).values(**told))
    staff = identity.staff_with(connection, Permission.ANSWER_TICKETS)
    working = [row.operator_id] if row.operator_id in staff else staff
    _notify(connection, working, LATE_NOTICE, row, stages[-1], at)
    escalated = [stage for stage in stages if stage.told is Told.ESCALATED]
    if escalated:
        administrators = set(identity.staff_with(connection, Permission.OPERATE)) - set(working)
        _notify(connection, sorted(administrators), ESCALATED_NOTICE, row, escalated[-1], at)


def _notify(
    connection: Connection, people: list[int], kind: str, row: Any, stage: _Stage, at: datetime
) -> None:
    told = {
        "ticket_id": row.id,
        "target": stage.target,
        "due_at": getattr(row, f"{stage.target}_due_at").isoformat(),
        "escalated": stage.told is Told.ESCALATED,
    }
    key = f"{row.id}-{stage.target}-{int(stage.told)}-{stage.came_at.isoformat()}"
    for person_id in people:
        notices.add(connection, person_id, kind, told, dedupe_key=key, at=at)
