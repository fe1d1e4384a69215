"""The durable inbox: updates are stored before they are acknowledged, and worked lane by lane in their order.

A worker holds a lane by a lease that the database's clock ends. Whatever it commits first checks the
lease's token, so a worker that was too slow writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from backend.db.bells import ring
from backend.db.errors import LeaseLost
from backend.db.metadata import now_ms
from backend.db.upsert import Upsert
from backend.inbox.models import inbox, lanes
from backend.inbox.values import FailedRow, Incoming, Lease, Row, RowKind, RowState

BELL = "inbox"
MAX_ATTEMPTS = 3
ALBUM_WAIT_MS = 1000  # parts of an album come as updates of their own; a second after the last it is whole
REMEMBERED = timedelta(
    hours=48
)  # Telegram repeats an update for at most 24 hours; its ids restart after a week


def _waiting_in(lane: ColumnElement[str] | str) -> ColumnElement[bool]:
    return and_(inbox.c.lane == lane, inbox.c.state == RowState.WAITING)


def _head_due(lane: ColumnElement[str] | str) -> ScalarSelect[int]:
    """When the lane's head may be worked."""
    return (
        select(inbox.c.not_before_ms).where(_waiting_in(lane)).order_by(inbox.c.id).limit(1).scalar_subquery()
    )


# What every turn runs is built once, here: building a statement costs several times what running it does.
_LANE: BindParameter[str] = bindparam("in_lane", type_=lanes.c.name.type)
_LEASE_MS: BindParameter[int] = bindparam("lease_ms", type_=BigInteger())
_OF_LANE = update(lanes).where(lanes.c.name == _LANE)

_CLOCK = select(now_ms())
_STORE = Upsert(
    inbox,
    lambda insert: insert.on_conflict_do_nothing().returning(inbox.c.id),
)
_LOCK_LANE = Upsert(
    lanes,
    lambda insert: insert.on_conflict_do_update(index_elements=["name"], set_={"name": insert.excluded.name}),
)
_WAKE_LANE = _OF_LANE.values(ready_at_ms=_head_due(_LANE))
_suspects = lanes.alias("suspects")
_SUSPECTS = (
    select(_suspects.c.name)
    .where(
        _suspects.c.ready_at_ms <= now_ms(),
        _suspects.c.leased_until_ms < now_ms(),
        _suspects.c.attempts > 0,
    )
    .order_by(_suspects.c.ready_at_ms)
    .limit(bindparam("suspects", type_=BigInteger()))
)
_FREE_LANES = (
    select(lanes.c.name)
    .where(
        lanes.c.ready_at_ms <= now_ms(),
        lanes.c.leased_until_ms < now_ms(),
        or_(lanes.c.attempts == 0, lanes.c.name.in_(_SUSPECTS)),
    )
    .order_by(lanes.c.ready_at_ms)
    .limit(bindparam("at_most", type_=BigInteger()))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(lanes)
    .where(lanes.c.name.in_(_FREE_LANES.scalar_subquery()), lanes.c.leased_until_ms < now_ms())
    .values(
        token=bindparam("holder"),
        leased_until_ms=now_ms() + _LEASE_MS,
        attempts=lanes.c.attempts + 1,
    )
    .returning(lanes.c.name, lanes.c.attempts)
)
_WAITING = select(inbox).where(_waiting_in(_LANE)).order_by(inbox.c.id)
_HEAD = _WAITING.add_columns(now_ms().label("clock")).limit(1)
_HOLD = _OF_LANE.where(lanes.c.token == bindparam("holder")).values(leased_until_ms=now_ms() + _LEASE_MS)
_END = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("rows", expanding=True)), inbox.c.state == RowState.WAITING)
    .values(state=RowState.ENDED, payload=None, ended_at=bindparam("at"))
)
_NEXT = select(_head_due(_LANE), now_ms())
_KEEP_LANE = _OF_LANE.values(ready_at_ms=bindparam("due"), attempts=1)
_LEAVE_LANE = _OF_LANE.values(ready_at_ms=bindparam("due"), attempts=0, token=None, leased_until_ms=0)


def store(connection: Connection, rows: Sequence[Incoming], at: datetime) -> list[bool]:
    """Store what came in, in this order. Returns for each whether it was new (False: seen before, nothing
    stored).
    """
    clock = connection.scalar(_CLOCK)
    if clock is None:  # pragma: no cover - a database always knows the time
        raise AssertionError("the database has no clock")
    fresh = []
    for row in rows:
        due = clock + (ALBUM_WAIT_MS if row.album else 0)
        values = {
            "bot_id": row.bot_id,
            "update_id": row.update_id,
            "press": row.press,
            "lane": row.lane,
            "kind": row.kind,
            "payload": row.payload,
            "album": row.album,
            "not_before_ms": due,
            "state": RowState.WAITING,
            "correlation": row.correlation,
            "received_at": at,
        }
        stored = connection.execute(_STORE.on(connection), values).first()
        fresh.append(stored is not None)
        if stored is not None and row.album:
            connection.execute(update(inbox).where(_album_of(row.lane, row.album)).values(not_before_ms=due))
    for lane in sorted({row.lane for row, new in zip(rows, fresh, strict=True) if new}):
        _wake(connection, lane)
    if any(fresh):
        ring(connection, BELL)
    return fresh


def _album_of(lane: str, album: str) -> ColumnElement[bool]:
    return and_(_waiting_in(lane), inbox.c.album == album)


def _wake(connection: Connection, lane: str) -> None:
    """Say when the lane's head may be worked, making the lane where there is none."""
    # The lane's row is locked first: a turn that ends at this moment sees our rows, or we see its end.
    connection.execute(_LOCK_LANE.on(connection), {"name": lane, "attempts": 0, "leased_until_ms": 0})
    connection.execute(_WAKE_LANE, {"in_lane": lane})


def claim(connection: Connection, token: str, lease_ms: int, limit: int, *, suspects: int = 1) -> list[Lease]:
    """Take up to `limit` lanes that have work and no worker, those that waited longest first.

    Among them are at most so many `suspects`: lanes whose head was begun before and did not come to its end.
    Whoever works them one at a time counts no try against those that merely shared a process with a head that
    kills it.
    """
    wanted = {"holder": token, "lease_ms": lease_ms, "at_most": limit, "suspects": suspects}
    taken = connection.execute(_CLAIM, wanted)
    return [Lease(lane=name, token=token, attempt=attempts) for name, attempts in taken]


def head(connection: Connection, lane: str) -> list[Row]:
    """The rows of the lane's next turn, in order: one, or all parts of an album; empty where none is due."""
    first = connection.execute(_HEAD, {"in_lane": lane}).first()
    if first is None or first.not_before_ms > first.clock:
        return []
    rows: Iterable[Any] = [first]
    if first.album:
        rows = connection.execute(_WAITING.where(inbox.c.album == first.album), {"in_lane": lane})
    return [
        Row(
            id=row.id,
            bot_id=row.bot_id,
            lane=row.lane,
            kind=RowKind(row.kind),
            payload=row.payload,
            correlation=row.correlation,
            album=row.album,
        )
        for row in rows
    ]


def hold(connection: Connection, lease: Lease, lease_ms: int) -> None:
    """Check that the lease still holds and renew it; the lane's row stays locked until the commit.

    Raises LeaseLost.
    """
    held = connection.execute(_HOLD, {"in_lane": lease.lane, "holder": lease.token, "lease_ms": lease_ms})
    if held.rowcount != 1:
        raise LeaseLost(lease.lane)


def end(connection: Connection, lease: Lease, rows: Sequence[Row], at: datetime) -> bool:
    """End the rows of a turn. Returns whether the lane has more to do now: then the lease goes on, else it
    is given up.

    Call `hold` first in the same transaction. Raises LeaseLost where the rows have ended before.
    """
    ended = connection.execute(_END, {"rows": [row.id for row in rows], "at": at})
    if ended.rowcount != len(rows):  # this very turn was committed before, and only its answer was lost
        raise LeaseLost(lease.lane)
    return _go_on(connection, lease)


def _go_on(connection: Connection, lease: Lease) -> bool:
    due, clock = connection.execute(_NEXT, {"in_lane": lease.lane}).one()
    more = due is not None and due <= clock
    connection.execute(_KEEP_LANE if more else _LEAVE_LANE, {"in_lane": lease.lane, "due": due})
    return more


def give_back(connection: Connection, lease: Lease, *, delay_ms: int, counted: bool) -> None:
    """Give up the lane with its head unworked, to be tried again after `delay_ms`.

    `counted` says whether the try counts against the head: it does when it failed, not when the process is
    stopping. A lease that is no longer held is left alone.
    """
    given_up = connection.execute(
        update(lanes)
        .where(lanes.c.name == lease.lane, lanes.c.token == lease.token)
        .values(
            token=None,
            leased_until_ms=0,
            attempts=lanes.c.attempts if counted else lanes.c.attempts - 1,
        )
    )
    if given_up.rowcount != 1:
        return
    if delay_ms:
        # The wait is the row's own, so that whatever comes into the lane meanwhile does not cut it short.
        head_id = select(func.min(inbox.c.id)).where(_waiting_in(lease.lane)).scalar_subquery()
        connection.execute(
            update(inbox).where(inbox.c.id == head_id).values(not_before_ms=now_ms() + delay_ms)
        )
    connection.execute(_WAKE_LANE, {"in_lane": lease.lane})


def release(connection: Connection, lease: Lease) -> None:
    """Give up a lane whose head is not due yet. Raises LeaseLost."""
    hold(connection, lease, lease_ms=0)
    _go_on(connection, lease)


def note_error(connection: Connection, rows: Sequence[Row], error: str) -> None:
    """Keep what a failed try said with the rows it worked on."""
    connection.execute(update(inbox).where(_still_waiting(rows)).values(error=error))


def _still_waiting(rows: Sequence[Row]) -> ColumnElement[bool]:
    return and_(inbox.c.id.in_([row.id for row in rows]), inbox.c.state == RowState.WAITING)


def set_aside(
    connection: Connection, lease: Lease, rows: Sequence[Row], reference: str, error: str, at: datetime
) -> bool:
    """Set a head aside that failed three times; its payload is kept for another try. Returns like `end`."""
    kept = connection.execute(
        update(inbox)
        .where(_still_waiting(rows))
        .values(state=RowState.SET_ASIDE, error=func.coalesce(inbox.c.error, error), ended_at=at)
    )
    if kept.rowcount != len(rows):
        raise LeaseLost(lease.lane)
    connection.execute(update(inbox).where(inbox.c.id == rows[0].id).values(reference=reference))
    return _go_on(connection, lease)


def failed(connection: Connection) -> Iterator[FailedRow]:
    """What was set aside, oldest first."""
    for row in connection.execute(
        select(inbox)
        .where(inbox.c.state == RowState.SET_ASIDE, inbox.c.reference.is_not(None))
        .order_by(inbox.c.id)
    ):
        yield FailedRow(
            id=row.id,
            lane=row.lane,
            kind=RowKind(row.kind),
            reference=row.reference,
            error=row.error or "",
            received_at=row.received_at,
        )


def retry(connection: Connection, reference: str) -> bool:
    """Put what was set aside under `reference` back into its lane. Returns whether there was such a row."""
    row = connection.execute(
        select(inbox).where(inbox.c.reference == reference, inbox.c.state == RowState.SET_ASIDE)
    ).first()
    if row is None:
        return False
    mine = inbox.c.id == row.id
    if row.album:
        mine = and_(inbox.c.lane == row.lane, inbox.c.album == row.album, inbox.c.state == RowState.SET_ASIDE)
    connection.execute(
        update(inbox).where(mine).values(state=RowState.WAITING, reference=None, error=None, ended_at=None)
    )
    _wake(connection, row.lane)
    ring(connection, BELL)
    return True


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete rows that ended longer ago than an update can be repeated. Returns how many."""
    return connection.execute(
        delete(inbox).where(inbox.c.state == RowState.ENDED, inbox.c.ended_at < at - REMEMBERED)
    ).rowcount


def add(connection: Connection, row: Incoming, at: datetime) -> None:
    """Put a row of our own into a lane, inside a turn that is under way."""
    connection.execute(
        insert(inbox).values(
            bot_id=row.bot_id,
            lane=row.lane,
            kind=row.kind,
            payload=row.payload,
            not_before_ms=now_ms(),
            state=RowState.WAITING,
            correlation=row.correlation,
            received_at=at,
        )
    )
    _wake(connection, row.lane)
    ring(connection, BELL)
