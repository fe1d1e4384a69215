"""Watches on PODs whose meter is out of reach: begun and ended by a person, looked up from time to time.

A look-up is ordered by `claim`, made outside of any transaction by a job, and its result is noted by
`conclude` (or `postpone`, where there was no budget for it). Each of these changes a watch only in the state
and the round in which it was ordered, so that whatever runs twice counts once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from backend.associations import service as associations
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.locks import hold
from backend.core.db.statements import PORTION, Statement
from backend.core.db.together import Asked
from backend.core.db.upsert import insert_for
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.supplies import service as supplies
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer, LookUp, LookUpOutcome
from backend.watches.errors import TooManyWatches, WatchGone
from backend.watches.models import watches
from backend.watches.values import (
    AT_ONCE,
    CLAIMED_FOR,
    FOUND_NOTICE,
    GOES_ON,
    INTERVALS,
    KEPT,
    MOST_WATCHES,
    NOBODY_KNOWS,
    OVER_NOTICE,
    PERIOD,
    Claimed,
    Watch,
    WatchState,
    next_due,
)

_UNDER_WAY = watches.c.state == WatchState.WATCHING.value
_WATCHED = Statement(
    select(watches.c.id).where(
        watches.c.person_id == bindparam("person"),
        watches.c.integrator_id == bindparam("integrator"),
        or_(watches.c.point == bindparam("asked"), watches.c.point == bindparam("exchange")),
        watches.c.state == literal_column(f"'{WatchState.WATCHING.value}'"),
    )
)
"""Built once: every look-up asks for it."""
NO_ROOM = timedelta(days=1)
"""For so long a look-up is put off where its budget never has room."""


def begin(connection: Connection, actor: Actor, pod: Pod, at: datetime) -> Watch:
    """Watch a POD for the actor, from now on; a watch on it that is under way is that one. Raises
    NotPermitted or TooManyWatches.
    """
    actor.authorise(Permission.LOOK_UP)
    hold(connection, f"watches {actor.person_id}")
    under_way = of_point(connection, actor, pod.point)
    if under_way is not None:
        return under_way
    number = select(func.count()).where(watches.c.person_id == actor.person_id, _UNDER_WAY)
    if connection.execute(number).scalar_one() >= MOST_WATCHES:
        raise TooManyWatches
    connection.execute(
        insert_for(connection, watches).values(
            person_id=actor.person_id,
            integrator_id=actor.integrator_id,
            point=pod.point,
            pod=pod.code,
            state=WatchState.WATCHING,
            round=0,
            step=0,
            started_at=at,
            ends_at=at + PERIOD,
            due_at=next_due(0, at, at + PERIOD),
        )
    )
    record(
        connection,
        at,
        AuditAction.WATCH_BEGUN,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        point=pod.point,
    )
    begun = of_point(connection, actor, pod.point)
    if begun is None:
        raise WatchGone
    return begun


def stop(connection: Connection, actor: Actor, watch_id: int, at: datetime) -> Watch:
    """End a watch of the actor's; one that has ended stays as it is. Raises NotPermitted or WatchGone."""
    found = get(connection, actor, watch_id)
    if found.state is WatchState.WATCHING:
        _end(connection, found, WatchState.STOPPED, at, any_round=True)
    return get(connection, actor, watch_id)


def get(connection: Connection, actor: Actor, watch_id: int) -> Watch:
    """A watch of the actor's, for the integrator that they act for. Raises NotPermitted or WatchGone."""
    actor.authorise(Permission.LOOK_UP)
    row = connection.execute(select(watches).where(watches.c.id == watch_id, _own(actor))).first()
    if row is None:
        raise WatchGone
    return _read(row)


def mine(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Watch]:
    """The actor's watches under way for the integrator that they act for, newest first. Raises
    NotPermitted.
    """
    actor.authorise(Permission.LOOK_UP)
    query = select(watches).where(_own(actor), _UNDER_WAY)
    if before is not None:
        query = query.where(watches.c.id < before)
    return [_read(row) for row in connection.execute(query.order_by(watches.c.id.desc()).limit(limit))]


def of_point(connection: Connection, actor: Actor, point: str) -> Watch | None:
    """The actor's watch on a supply point, if one is under way. Raises NotPermitted."""
    actor.authorise(Permission.LOOK_UP)
    row = connection.execute(select(watches).where(_own(actor), watches.c.point == point, _UNDER_WAY)).first()
    return None if row is None else _read(row)


def of_any(connection: Connection, watch_id: int) -> Watch | None:
    """The watch of an id, whosever it is: for work that was asked for before, and to word a notice."""
    row = connection.execute(select(watches).where(watches.c.id == watch_id)).first()
    return None if row is None else _read(row)


def close_lapsed(connection: Connection, at: datetime) -> int:
    """End a portion of the watches whose person may not look supplies up any more. Returns how many."""
    # Of each person's watches one is enough to ask: a thousand people may have twenty thousand.
    who = select(watches.c.person_id, watches.c.integrator_id).where(_UNDER_WAY).distinct().subquery()
    may = identity.may_as_member(who.c.person_id, who.c.integrator_id, Permission.LOOK_UP)
    found = list[Any]()
    for person_id, integrator_id in connection.execute(select(who).where(~may).limit(AT_ONCE)).all():
        theirs = and_(watches.c.person_id == person_id, watches.c.integrator_id == integrator_id)
        found += connection.execute(select(watches).where(theirs, _UNDER_WAY)).all()
    for row in found:
        _end(connection, _read(row), WatchState.CLOSED, at, any_round=True)
    return len(found)


def claim(connection: Connection, at: datetime) -> list[Claimed]:
    """Order a portion of the look-ups that are due. One that is not concluded is ordered again later."""
    due = connection.execute(
        select(watches.c.id, watches.c.person_id, watches.c.round)
        .where(_UNDER_WAY, watches.c.due_at <= at)
        .order_by(watches.c.due_at, watches.c.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    addresses = identity.addresses_of(connection, {row.person_id for row in due})
    claimed = []
    for row in due:
        connection.execute(
            update(watches).where(watches.c.id == row.id).values(round=row.round + 1, due_at=at + CLAIMED_FOR)
        )
        if (address := addresses.get(row.person_id)) is not None:
            claimed.append(Claimed(row.id, row.round + 1, address.telegram_user_id))
    return claimed


def ordered(connection: Connection, watch_id: int, round_: int) -> tuple[Watch, Actor] | None:
    """The watch of an ordered look-up, and for whom it is; None where it is not wanted any more."""
    found = of_any(connection, watch_id)
    if found is None or found.state is not WatchState.WATCHING or found.round != round_:
        return None
    actor = identity.acting_for(connection, found.person_id, found.integrator_id)
    return None if actor is None or not actor.may(Permission.LOOK_UP) else (found, actor)


def postpone(connection: Connection, watch: Watch, until: datetime | None, at: datetime) -> None:
    """There was no budget for the look-up: it is made when there is room again, unless the period ends before
    that.
    """
    if at >= watch.ends_at:
        _expire(connection, watch, at)
        return
    due = until or at + NO_ROOM
    if due <= at:
        due = at + INTERVALS[0]
    connection.execute(_still(watch).values(due_at=min(due, watch.ends_at)))


def conclude(
    connection: Connection, actor: Actor, watch: Watch, answer: CentralAnswer | Exception, at: datetime
) -> None:
    """Record the look-up, and note what it says: the watch goes on, or the person is told. Raises
    NotPermitted.
    """
    look_up = associations.judged(connection, actor, watch.pod, answer)
    outcome = look_up.exchange_outcome or look_up.outcome
    supplies.record_look_up(connection, actor, watch.pod, look_up.outcome, at, remember=False, watched=True)
    note(connection, watch, outcome, at)


def note(connection: Connection, watch: Watch, outcome: LookUpOutcome, at: datetime) -> None:
    """Note what a look-up says, where its watch is still as it was when it was ordered."""
    if outcome not in GOES_ON:
        state = _ended_by(outcome)
        if _end(connection, watch, state, at, outcome) and state is WatchState.TOLD:
            _tell(connection, watch, FOUND_NOTICE, at)
        return
    if at >= watch.ends_at:
        _expire(connection, watch, at)
        return
    # While the central system is away, the intervals do not grow; data that are wrong stay so for long.
    away = outcome is LookUpOutcome.UNAVAILABLE
    step = watch.step if away else watch.step + 1
    longest = NOBODY_KNOWS if away else INTERVALS[-1]
    values = {
        "step": step,
        "due_at": next_due(step, at, watch.ends_at, longest),
        "checked_at": at,
        "outcome": outcome.value,
    }
    connection.execute(_still(watch).values(**values))


def looked_up(connection: Connection, actor: Actor, look_up: LookUp, at: datetime) -> None:
    """The actor has looked a POD up by hand: record it. Their watches that this result ends are over, without
    a notice: they know. Raises NotPermitted.
    """
    supplies.record_look_up(connection, actor, look_up.asked, look_up.outcome, at)
    outcome = look_up.exchange_outcome or look_up.outcome
    if outcome in GOES_ON:
        return

    def end(watched: Asked) -> None:
        for row in watched.all():
            watch = of_any(connection, row.id)
            if watch is not None:
                _end(connection, watch, _ended_by(outcome), at, outcome, any_round=True)

    exchange = look_up.exchange_pod or look_up.asked
    who = {"person": actor.person_id, "integrator": actor.integrator_id}
    points = {"asked": look_up.asked.point, "exchange": exchange.point}
    _WATCHED.ask(connection, who | points, end)


def register_changed(connection: Connection, at: datetime) -> int:
    """A new register of supplies is in use: every watch is due now, also one whose look-up is under way and
    may have seen the register before. Returns how many.
    """
    return connection.execute(
        update(watches).where(_UNDER_WAY, watches.c.due_at > at).values(due_at=at, round=watches.c.round + 1)
    ).rowcount


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of the watches that ended long ago. Returns how many."""
    old = select(watches.c.id).where(watches.c.ended_at < at - KEPT).limit(PORTION)
    return connection.execute(delete(watches).where(watches.c.id.in_(old))).rowcount


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(watches.c.person_id == actor.person_id, watches.c.integrator_id == actor.integrator_id)


def _ended_by(outcome: LookUpOutcome) -> WatchState:
    return WatchState.MOOT if outcome is LookUpOutcome.ASSOCIATED_BY_US else WatchState.TOLD


def _still(watch: Watch) -> Any:
    return update(watches).where(watches.c.id == watch.id, _UNDER_WAY, watches.c.round == watch.round)


def _expire(connection: Connection, watch: Watch, at: datetime) -> None:
    if _end(connection, watch, WatchState.EXPIRED, at):
        _tell(connection, watch, OVER_NOTICE, at)


def _end(
    connection: Connection,
    watch: Watch,
    state: WatchState,
    at: datetime,
    outcome: LookUpOutcome | None = None,
    *,
    any_round: bool = False,
) -> bool:
    """End a watch. False, and nothing happens, where it is not as it was any more (`any_round`: where it is
    not under way any more).
    """
    values: dict[str, Any] = {"state": state, "ended_at": at}
    if outcome is not None:
        values |= {"checked_at": at, "outcome": outcome.value}
    query = update(watches).where(watches.c.id == watch.id, _UNDER_WAY)
    if not any_round:
        query = _still(watch)
    if connection.execute(query.values(**values)).rowcount != 1:
        return False
    record(
        connection,
        at,
        AuditAction.WATCH_ENDED,
        subject=identity.subject_of(connection, watch.person_id),
        integrator_id=watch.integrator_id,
        outcome=state.value,
        point=watch.pod.point,
    )
    return True


def _tell(connection: Connection, watch: Watch, kind: str, at: datetime) -> None:
    notices.add(connection, watch.person_id, kind, {"watch_id": watch.id}, dedupe_key=str(watch.id), at=at)


def _read(row: Any) -> Watch:
    return Watch(
        id=row.id,
        person_id=row.person_id,
        integrator_id=row.integrator_id,
        pod=Pod(row.pod, row.pod),
        state=WatchState(row.state),
        round=row.round,
        step=row.step,
        started_at=row.started_at,
        ends_at=row.ends_at,
        due_at=row.due_at,
        checked_at=row.checked_at,
        outcome=None if row.outcome is None else LookUpOutcome(row.outcome),
        ended_at=row.ended_at,
    )
