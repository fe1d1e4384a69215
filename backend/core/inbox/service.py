"""The durable inbox: updates are stored before they are acknowledged, and worked lane by lane in their order.

A worker holds a lane by a lease that the database's clock ends. Whatever it commits first checks the
lease's token, so a worker that was too slow writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    ScalarSelect,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)

from backend.core.db.errors import LeaseLost
from backend.core.db.metadata import now_ms
from backend.core.db.signals import notify
from backend.core.db.statements import NUMBERS, PORTION, WORDS, Statement, is_one_of, values_of
from backend.core.db.together import Asked
from backend.core.db.upsert import upsert
from backend.core.inbox.models import inbox, lanes
from backend.core.inbox.values import Arrived, FailedRow, Incoming, Lease, Retried, Row, RowKind, RowState

SIGNAL = "inbox"
MAX_ATTEMPTS = 3
ALBUM_WAIT_MS = 1000  # parts of an album come as updates of their own; a second after the last it is whole
DEAD_LETTERS_LISTED = timedelta(days=365)
REMEMBERED = timedelta(
    hours=48
)  # Telegram repeats an update for at most 24 hours; its ids restart after a week


def _waiting_in(lane: ColumnElement[str] | str) -> ColumnElement[bool]:
    return and_(inbox.c.lane == lane, inbox.c.state == RowState.WAITING)


def waits(lane: ColumnElement[str], kind: RowKind) -> ColumnElement[bool]:
    """True if a row of this kind waits in the lane."""
    return exists().where(_waiting_in(lane), inbox.c.kind == kind)


def _oldest_due(lane: ColumnElement[str] | str) -> ScalarSelect[int]:
    """When the lane's oldest row may be worked."""
    return (
        select(inbox.c.not_before_ms).where(_waiting_in(lane)).order_by(inbox.c.id).limit(1).scalar_subquery()
    )


# The statements of every turn are built once: building one costs several times what running it does.
_LANE: BindParameter[str] = bindparam("in_lane", type_=lanes.c.name.type)
_LEASE_MS: BindParameter[int] = bindparam("lease_ms", type_=BigInteger())
_OF_LANE = update(lanes).where(lanes.c.name == _LANE)

_OF_BOT = inbox.c.bot_id == bindparam("bot")
_SEEN_UPDATES = Statement(
    select(inbox.c.update_id).where(
        _OF_BOT, is_one_of(inbox.c.update_id, bindparam("updates", type_=NUMBERS))
    )
)
_SEEN_PRESSES = Statement(
    select(inbox.c.press).where(_OF_BOT, is_one_of(inbox.c.press, bindparam("presses", type_=WORDS)))
)
_STORE = upsert(inbox, lambda insert: insert.on_conflict_do_nothing())
_LEAVE = Statement(
    update(inbox)
    .where(_OF_BOT, inbox.c.update_id == bindparam("of_update"))
    .values(state=RowState.WAITING, payload=bindparam("content", type_=inbox.c.payload.type), ended_at=None)
)
_PUT_OFF_ALBUM = Statement(
    update(inbox)
    .where(_waiting_in(_LANE), inbox.c.album == bindparam("of_album"))
    .values(not_before_ms=bindparam("due"))
)


def _lock_lanes(insert: Any) -> Executable:
    name = values_of(insert, bindparam("names", type_=WORDS)).c.value
    # In one order, so that two of us do not wait for each other.
    new = select(name, literal_column("0"), literal_column("0")).where(true()).order_by(name)
    locked = insert(lanes).from_select(["name", "attempts", "leased_until_ms"], new)
    there = locked.on_conflict_do_update(index_elements=["name"], set_={"name": locked.excluded.name})
    done: Executable = there.returning(
        lanes.c.name,
        lanes.c.ready_at_ms,
        lanes.c.leased_until_ms,
        lanes.c.attempts,
        now_ms().label("clock"),
    )
    return done


_LOCK_LANES = Statement(_lock_lanes)
_WAKE_LANE = Statement(_OF_LANE.values(ready_at_ms=_oldest_due(_LANE)))
_retry_candidates = lanes.alias("candidates")
_RETRY_CANDIDATES = (
    select(_retry_candidates.c.name)
    .where(
        _retry_candidates.c.ready_at_ms <= now_ms(),
        _retry_candidates.c.leased_until_ms < now_ms(),
        _retry_candidates.c.attempts > 0,
    )
    # Lanes that merely shared a process with a deadly one have fewer attempts: they come first.
    .order_by(_retry_candidates.c.attempts, _retry_candidates.c.ready_at_ms)
    .limit(bindparam("candidates", type_=BigInteger()))
)
_FREE_LANES = (
    select(lanes.c.name)
    .where(
        lanes.c.ready_at_ms <= now_ms(),
        lanes.c.leased_until_ms < now_ms(),
        or_(lanes.c.attempts == 0, lanes.c.name.in_(_RETRY_CANDIDATES)),
    )
    .order_by(lanes.c.ready_at_ms)
    .limit(bindparam("at_most", type_=BigInteger()))
    .with_for_update(skip_locked=True)
    .cte("free")  # as a plain subquery, PostgreSQL may run it once for each row, each time with new lanes
)
_CLAIM = Statement(
    update(lanes)
    .where(lanes.c.name.in_(select(_FREE_LANES.c.name)), lanes.c.leased_until_ms < now_ms())
    .values(
        token=bindparam("holder"),
        leased_until_ms=now_ms() + _LEASE_MS,
        attempts=lanes.c.attempts + 1,
    )
    .returning(lanes.c.name, lanes.c.attempts)
)
_ROWS = select(
    inbox.c.id,
    inbox.c.bot_id,
    inbox.c.lane,
    inbox.c.kind,
    inbox.c.payload,
    inbox.c.correlation,
    inbox.c.album,
)
_oldest = inbox.alias("oldest")
_OLDEST = Statement(
    _ROWS.where(
        inbox.c.id.in_(
            select(func.min(_oldest.c.id))
            .where(
                is_one_of(_oldest.c.lane, bindparam("of_lanes", type_=WORDS)),
                _oldest.c.state == RowState.WAITING,
            )
            .group_by(_oldest.c.lane)
        ),
        inbox.c.not_before_ms <= now_ms(),
    )
)
_ALBUM = Statement(
    _ROWS.where(_waiting_in(_LANE), inbox.c.album == bindparam("of_album")).order_by(inbox.c.id)
)
_HOLD = Statement(
    _OF_LANE.where(lanes.c.token == bindparam("holder")).values(leased_until_ms=now_ms() + _LEASE_MS)
)
_END = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.state == RowState.WAITING)
    .values(state=RowState.ENDED, payload=None, ended_at=bindparam("at"))
)
_HAS_WORK = Statement(
    select(lanes.c.name).where(lanes.c.ready_at_ms <= now_ms(), lanes.c.leased_until_ms < now_ms()).limit(1)
)
_more = _oldest_due(_LANE) <= now_ms()
_GO_ON = Statement(
    _OF_LANE.values(
        ready_at_ms=_oldest_due(_LANE),
        attempts=case((_more, 1), else_=0),
        token=case((_more, lanes.c.token), else_=None),
        leased_until_ms=case((_more, lanes.c.leased_until_ms), else_=0),
    ).returning(lanes.c.token)
)


def store(connection: Connection, rows: Sequence[Incoming], at: datetime) -> list[bool]:
    """Store what came in, in this order. Returns for each whether it was new (False: seen before, nothing
    stored).
    """
    arrived = arrive(connection, rows)
    keep(connection, arrived, (), at)
    return list(arrived.fresh)


def arrive(connection: Connection, rows: Sequence[Incoming]) -> Arrived:
    """Lock the lanes of what came in, before its rows are numbered: so a lane's numbers are in the order of
    commits. `keep` then stores it.
    """
    seen = _ask_seen(connection, rows)
    locked = _lock(connection, {row.lane for row in rows})
    idle = frozenset(
        row.name
        for row in locked
        if row.ready_at_ms is None and row.leased_until_ms < row.clock and row.attempts == 0
    )
    return Arrived(rows, _fresh(rows, seen), idle, locked[0].clock if locked else 0)


def keep(connection: Connection, arrived: Arrived, done: Collection[str], at: datetime) -> None:
    """Store what came in and was not seen before; what is `done`, said by correlation, as ended, so that it
    needs no worker.
    """
    new, clock = arrived.new, arrived.clock
    left = [row for row in new if row.correlation not in done]
    _STORE.run_each(
        connection,
        [
            {
                "bot_id": row.bot_id,
                "update_id": row.update_id,
                "press": row.press,
                "lane": row.lane,
                "kind": row.kind,
                "payload": None if row.correlation in done else row.payload,
                "user_id": row.user_id,
                "album": row.album,
                "not_before_ms": clock + (ALBUM_WAIT_MS if row.album else 0),
                "state": RowState.ENDED if row.correlation in done else RowState.WAITING,
                "correlation": row.correlation,
                "received_at": at,
                "ended_at": at if row.correlation in done else None,
            }
            for row in new
        ],
    )
    for lane, album in sorted({(row.lane, row.album) for row in left if row.album}):
        whole = {"in_lane": lane, "of_album": album, "due": clock + ALBUM_WAIT_MS}
        _PUT_OFF_ALBUM.run(connection, whole)
    _wake(connection, {row.lane for row in left})
    if left:
        notify(connection, SIGNAL)


def leave(connection: Connection, rows: Sequence[Incoming]) -> None:
    """Leave updates to a worker that this transaction has stored as ended."""
    if not rows:
        return
    _LEAVE.run_each(
        connection,
        [{"bot": row.bot_id, "of_update": row.update_id, "content": row.payload} for row in rows],
    )
    _wake(connection, {row.lane for row in rows})
    notify(connection, SIGNAL)


def _ask_seen(connection: Connection, rows: Sequence[Incoming]) -> list[tuple[int, Asked]]:
    """By bot: the updates and the presses that were stored before."""
    asked = []
    for bot in {row.bot_id for row in rows}:
        updates = [row.update_id for row in rows if row.bot_id == bot and row.update_id is not None]
        presses = [row.press for row in rows if row.bot_id == bot and row.press is not None]
        if updates:
            asked.append((bot, _SEEN_UPDATES.ask(connection, {"bot": bot, "updates": updates})))
        if presses:
            asked.append((bot, _SEEN_PRESSES.ask(connection, {"bot": bot, "presses": presses})))
    return asked


def _fresh(rows: Sequence[Incoming], asked: Sequence[tuple[int, Asked]]) -> list[bool]:
    """Of each row, whether it was not seen before, neither in the database nor among those before it."""
    seen = {(bot, mark) for bot, stored in asked for (mark,) in stored.all()}
    fresh = []
    for row in rows:
        marks = {(row.bot_id, mark) for mark in (row.update_id, row.press) if mark is not None}
        fresh.append(seen.isdisjoint(marks))
        seen |= marks
    return fresh


def _lock(connection: Connection, names: Collection[str]) -> list[Any]:
    """Lock lanes until the commit, creating missing ones: a turn that ends at this moment sees our rows, or
    we see its end.
    """
    return _LOCK_LANES.all(connection, {"names": list(names)}) if names else []


def _wake(connection: Connection, names: Iterable[str]) -> None:
    """Note when the oldest row of each lane may be worked. Call `_lock` first."""
    _WAKE_LANE.run_each(connection, [{"in_lane": name} for name in sorted(names)])


def has_work(connection: Connection) -> bool:
    """True if a lane waits for a worker."""
    return _HAS_WORK.scalar(connection, {}) is not None


def claim(
    connection: Connection, token: str, lease_ms: int, limit: int, *, retry_candidates: int = 1
) -> list[Lease]:
    """Take up to `limit` lanes that have work and no worker, those that waited longest first.

    At most `retry_candidates` of them had begun their oldest row before without ending it.
    If these run one at a time, no attempt counts against a row that merely shared a process with a deadly
    one.
    """
    wanted = {"holder": token, "lease_ms": lease_ms, "at_most": limit, "candidates": retry_candidates}
    taken = _CLAIM.all(connection, wanted)
    return [Lease(lane=name, token=token, attempt=attempts) for name, attempts in taken]


def oldest_of(connection: Connection, names: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of each lane's next turn, in order: one, or all parts of an album; empty where none is due."""
    found: dict[str, list[Row]] = {name: [] for name in names}
    for first in _OLDEST.all(connection, {"of_lanes": list(names)}):
        rows = [first]
        if first.album:
            rows = _ALBUM.all(connection, {"in_lane": first.lane, "of_album": first.album})
        found[first.lane] = [Row(*row._replace(kind=RowKind(row.kind))) for row in rows]
    return found


def oldest(connection: Connection, lane: str) -> list[Row]:
    """The rows of one lane's next turn, as `oldest_of` gives them."""
    return oldest_of(connection, [lane])[lane]


def renew(connection: Connection, lease: Lease, lease_ms: int) -> None:
    """Check that the lease still holds and renew it; the lane's row stays locked until the commit.

    Raises LeaseLost.
    """
    if _HOLD.run(connection, {"in_lane": lease.lane, "holder": lease.token, "lease_ms": lease_ms}) != 1:
        raise LeaseLost(lease.lane)


def end(connection: Connection, lease: Lease, rows: Sequence[Row], at: datetime) -> bool:
    """End the rows of a turn. Returns whether the lane has more to do now: then the lease goes on, else it
    is given up.

    Call `renew` first in the same transaction. Raises LeaseLost where the rows have ended before.
    """
    ended = sum(_END.run(connection, {"row": row.id, "at": at}) for row in rows)
    if ended != len(rows):  # this very turn was committed before, and only its answer was lost
        raise LeaseLost(lease.lane)
    return _go_on(connection, lease)


def _go_on(connection: Connection, lease: Lease) -> bool:
    """Keep the lane if its next row is due, otherwise give it up."""
    return _GO_ON.scalar(connection, {"in_lane": lease.lane}) is not None


def give_back(connection: Connection, lease: Lease, *, delay_ms: int, counted: bool) -> None:
    """Give up the lane with its oldest row unprocessed, to be retried after `delay_ms`.

    `counted` says whether the attempt counts: it does when it failed, not when the process is
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
        oldest_id = select(func.min(inbox.c.id)).where(_waiting_in(lease.lane)).scalar_subquery()
        connection.execute(
            update(inbox).where(inbox.c.id == oldest_id).values(not_before_ms=now_ms() + delay_ms)
        )
    _WAKE_LANE.run(connection, {"in_lane": lease.lane})


def release(connection: Connection, lease: Lease) -> None:
    """Give up a lane whose oldest row is not due yet. Raises LeaseLost."""
    renew(connection, lease, lease_ms=0)
    _go_on(connection, lease)


def note_error(connection: Connection, rows: Sequence[Row], error: str) -> None:
    """Keep what a failed try said with the rows it worked on."""
    connection.execute(update(inbox).where(_still_waiting(rows)).values(error=error))


def _still_waiting(rows: Sequence[Row]) -> ColumnElement[bool]:
    return and_(inbox.c.id.in_([row.id for row in rows]), inbox.c.state == RowState.WAITING)


def dead_letter(
    connection: Connection, lease: Lease, rows: Sequence[Row], reference: str, error: str, at: datetime
) -> bool:
    """Dead-letter rows that failed three times; the payload is kept for a retry. Returns like `end`."""
    kept = connection.execute(
        update(inbox)
        .where(_still_waiting(rows))
        .values(state=RowState.DEAD_LETTERED, error=func.coalesce(inbox.c.error, error), ended_at=at)
    )
    if kept.rowcount != len(rows):
        raise LeaseLost(lease.lane)
    connection.execute(update(inbox).where(inbox.c.id == rows[0].id).values(reference=reference))
    return _go_on(connection, lease)


def count_failed(connection: Connection) -> int:
    """The number of dead-lettered rows that can still be retried."""
    dead_letter = inbox.c.state == RowState.DEAD_LETTERED
    listed = (inbox.c.reference.is_not(None), inbox.c.payload.is_not(None))
    query = select(func.count()).where(dead_letter, *listed)
    return int(connection.execute(query).scalar_one())


def failed(connection: Connection) -> Iterator[FailedRow]:
    """The dead-lettered rows, oldest first."""
    for row in connection.execute(
        select(inbox)
        .where(inbox.c.state == RowState.DEAD_LETTERED, inbox.c.reference.is_not(None))
        .order_by(inbox.c.id)
    ):
        yield FailedRow(
            id=row.id,
            lane=row.lane,
            kind=RowKind(row.kind),
            reference=row.reference,
            error=row.error or "",
            received_at=row.received_at,
            has_content=row.payload is not None,
        )


def retry(connection: Connection, reference: str) -> Retried:
    """Put the row dead-lettered under `reference` back into its lane, with all parts of an album."""
    row = connection.execute(
        select(inbox).where(inbox.c.reference == reference, inbox.c.state == RowState.DEAD_LETTERED)
    ).first()
    if row is None:
        return Retried.UNKNOWN
    if row.payload is None:
        return Retried.FORGOTTEN
    mine = inbox.c.id == row.id
    if row.album:
        mine = and_(
            inbox.c.lane == row.lane, inbox.c.album == row.album, inbox.c.state == RowState.DEAD_LETTERED
        )
    connection.execute(
        update(inbox).where(mine).values(state=RowState.WAITING, reference=None, error=None, ended_at=None)
    )
    _lock(connection, [row.lane])
    _wake(connection, [row.lane])
    notify(connection, SIGNAL)
    return Retried.BACK


def drop_results(
    connection: Connection, lane: str, unwanted: Callable[[dict[str, Any]], bool], at: datetime
) -> list[dict[str, Any]]:
    """End the results that wait in the lane behind the turn under way and that nobody wants any more. Returns
    them.
    """
    oldest_id = select(func.min(inbox.c.id)).where(_waiting_in(lane)).scalar_subquery()
    rows = connection.execute(
        select(inbox.c.id, inbox.c.payload).where(
            _waiting_in(lane), inbox.c.kind == RowKind.RESULT, inbox.c.id > oldest_id
        )
    ).all()
    dropped = {row.id: row.payload for row in rows if unwanted(row.payload)}
    if dropped:
        connection.execute(
            update(inbox)
            .where(inbox.c.id.in_(dropped))
            .values(state=RowState.ENDED, payload=None, ended_at=at)
        )
    return list(dropped.values())


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group became a supergroup: what waits of our own follows it. Updates are worked where they are."""
    rows = connection.execute(
        select(inbox.c.id, inbox.c.lane, inbox.c.payload).where(
            inbox.c.bot_id == bot_id,
            or_(inbox.c.lane == str(old), inbox.c.lane.like(f"{old}:%")),
            inbox.c.state == RowState.WAITING,
            inbox.c.kind != RowKind.UPDATE,
        )
    ).all()
    moved = set()
    for row in rows:
        lane = row.lane.replace(str(old), str(new))
        moved.add(lane)
        connection.execute(
            update(inbox)
            .where(inbox.c.id == row.id, inbox.c.state == RowState.WAITING)
            .values(lane=lane, payload={**row.payload, "chat_id": new})
        )
    _lock(connection, moved)
    _wake(connection, moved)
    if moved:
        notify(connection, SIGNAL)


def newest_dead_letter(connection: Connection) -> str | None:
    """The reference of the latest dead-lettered row that can still be retried, or None."""
    found: str | None = connection.scalar(
        select(inbox.c.reference)
        .where(
            inbox.c.state == RowState.DEAD_LETTERED,
            inbox.c.reference.is_not(None),
            inbox.c.payload.is_not(None),
        )
        .order_by(inbox.c.id.desc())
        .limit(1)
    )
    return found


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of the rows that ended longer ago than an update can be repeated. Returns how many."""
    old = (
        select(inbox.c.id)
        .where(inbox.c.state == RowState.ENDED, inbox.c.ended_at < at - REMEMBERED)
        .limit(PORTION)
    )
    return connection.execute(delete(inbox).where(inbox.c.id.in_(old))).rowcount


def forget_dead_letters(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Blank rows dead-lettered longer ago than `kept`: their content is personal data. The row itself stays
    for a year, with its error. Returns how many were blanked or deleted.
    """
    dead = inbox.c.state == RowState.DEAD_LETTERED
    blanked = connection.execute(
        update(inbox)
        .where(dead, inbox.c.ended_at < at - kept, inbox.c.payload.is_not(null()))
        .values(payload=null())
    )
    deleted = connection.execute(delete(inbox).where(dead, inbox.c.ended_at < at - DEAD_LETTERS_LISTED))
    return blanked.rowcount + deleted.rowcount


def add(connection: Connection, row: Incoming, at: datetime) -> None:
    """Put a row of our own into a lane, inside a turn that is under way."""
    store(connection, [row], at)
