"""What waits, told to the staff at the beginning of each working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, and_, delete, func, select

from backend.core.clock import ROME
from backend.core.db.upsert import insert_for
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices import service as notices
from backend.tickets.lateness import count_late
from backend.tickets.models import ticket_digests, tickets
from backend.tickets.service import is_unassigned
from backend.tickets.times import WorkingHours, is_working, working_day_before
from backend.tickets.values import TicketState

DIGEST_NOTICE = "ticket_digest"
KEPT = timedelta(days=60)
"""For so long the days of digests are remembered: longer than an undelivered notice waits for its reader."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for everybody. `closed` tickets are those since `closed_since`; `oldest` is the id of the
    open ticket that was opened first, with when that was.
    """

    unassigned: int
    late: int
    closed: int
    closed_since: date
    oldest: tuple[int, datetime] | None


def begin_day(connection: Connection, at: datetime, hours: WorkingHours) -> int:
    """Tell the staff what waits, once for each working day, within its hours: a day on which nobody looked is
    left out. Who has nothing to be told is not. Returns 1 where the day has begun.
    """
    if not is_working(hours, at):
        return 0
    day = at.astimezone(ROME).date()
    begun = connection.execute(
        insert_for(connection, ticket_digests).values(day=day).on_conflict_do_nothing(index_elements=["day"])
    )
    if begun.rowcount != 1:
        return 0
    connection.execute(delete(ticket_digests).where(ticket_digests.c.day < day - KEPT))
    waiting = _waiting(connection, at, working_day_before(hours, day))
    for person_id, of_theirs in _with_theirs(connection).items():
        if not any((waiting.unassigned, waiting.late, waiting.closed, of_theirs)):
            continue
        told = {
            "day": day.isoformat(),
            "unassigned": waiting.unassigned,
            "mine": of_theirs,
            "late": waiting.late,
            "closed": waiting.closed,
            "closed_since": waiting.closed_since.isoformat(),
            "oldest": None if waiting.oldest is None else waiting.oldest[0],
            "oldest_at": None if waiting.oldest is None else waiting.oldest[1].isoformat(),
        }
        notices.add(connection, person_id, DIGEST_NOTICE, told, dedupe_key=day.isoformat(), at=at)
    return 1


def is_newest(connection: Connection, day: date) -> bool:
    """True if no later day has begun: nobody reads an old digest."""
    newest = connection.scalar(select(func.max(ticket_digests.c.day)))
    return newest is None or day >= newest


def _waiting(connection: Connection, at: datetime, since: date) -> Waiting:
    start = datetime.combine(since, time(), ROME)
    today = datetime.combine(at.astimezone(ROME).date(), time(), ROME)
    closed = and_(tickets.c.closed_at >= start, tickets.c.closed_at < today)
    oldest = connection.execute(
        select(tickets.c.id, tickets.c.opened_at)
        .where(tickets.c.closed_at.is_(None))
        .order_by(tickets.c.opened_at, tickets.c.id)
        .limit(1)
    ).first()
    return Waiting(
        unassigned=connection.scalar(select(func.count(tickets.c.id)).where(is_unassigned(connection))) or 0,
        late=count_late(connection, at),
        closed=connection.scalar(select(func.count(tickets.c.id)).where(closed)) or 0,
        closed_since=since,
        oldest=None if oldest is None else (oldest.id, oldest.opened_at),
    )


def _with_theirs(connection: Connection) -> dict[int, int]:
    """Of each who answers tickets, how many they work at."""
    theirs = (
        select(tickets.c.operator_id, func.count().label("number"))
        .where(tickets.c.state == TicketState.IN_PROGRESS.value)
        .group_by(tickets.c.operator_id)
    )
    numbers = {row.operator_id: row.number for row in connection.execute(theirs)}
    return {
        person_id: numbers.get(person_id, 0)
        for person_id in identity.staff_with(connection, Permission.ANSWER_TICKETS)
    }
