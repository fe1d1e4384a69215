"""What the central system is to be told of associations: an outbox with one row for each association.

A change of an association makes its row wanted in the same transaction, whether or not there is a central
system to be told: where one is connected later, nothing is missing. The row says that there is something to
tell, and not what: who tells reads the association as it is by then, so that of many changes the last one
counts. What fails is told again, ever more rarely, and never given up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from backend.associations.models import associations, tellings
from backend.associations.registry import (
    GREATEST_REVISION,
    RegistryAway,
    RegistryError,
    RegistryFailed,
    RegistryOutdated,
)
from backend.associations.values import TellingState
from backend.core.db.signals import notify
from backend.core.db.statements import Statement
from backend.core.db.upsert import insert_for

SIGNAL = "association-tellings"
"""Notified when there is something to tell."""
AWAY_SECONDS, AWAY_LONGEST_SECONDS = 5.0, 300.0
"""The wait after the first call that met nobody, or a central system that failed, and the longest; each is
twice the one before.
"""
REFUSED_SECONDS, REFUSED_LONGEST_SECONDS = 10.0, 6 * 3600.0
"""The same after one that was not taken."""
JITTER = 0.2
"""By this part a wait is longer or shorter."""

# Written out: by a value that comes later neither database would find the index of what is untold.
_TOLD: ColumnElement[str] = literal_column(f"'{TellingState.TOLD.value}'")
_UNTOLD = tellings.c.state != _TOLD
_OF_THEIRS = (TellingState.PUT_OFF.value, TellingState.FAILED.value)
"""States of what waits for the central system to work again."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many associations are still to be told, and since when the oldest is (None where there is none);
    how many of them were refused, or met a central system that failed.
    """

    untold: int
    refused: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Untold:
    """An association that is still to be told: how it stands, since when, what the last try came to, and
    when the next one is due.
    """

    association_id: int
    state: TellingState
    since: datetime
    attempts: int
    failure: str | None
    due_at: datetime


def want(connection: Connection, association_id: int, at: datetime) -> None:
    """This association is to be told: it is new, or has changed."""
    _WANT.run(connection, _wanted(association_id, at))
    notify(connection, SIGNAL)


def want_deleted(connection: Connection, association_id: int, at: datetime) -> None:
    """This association was deleted. Where no call about it was ever begun, nobody has to know."""
    _WANT_DELETED.run(connection, _wanted(association_id, at))
    notify(connection, SIGNAL)


def _wanted(association_id: int, at: datetime) -> dict[str, Any]:
    return {
        "association_id": association_id,
        "state": TellingState.WAITING.value,
        "revision": 1,
        "begun": 0,
        "attempts": 0,
        "since": at,
        "due_at": at,
    }


def _wants(state: Any) -> Any:
    """The statement that makes a row wanted; `state` is what a row that is there already becomes."""

    def build(insert_into: Any) -> Any:
        new = insert_into(tellings)
        told = tellings.c.state == TellingState.TOLD.value
        return new.on_conflict_do_update(
            index_elements=["association_id"],
            set_={
                "state": state,
                "revision": tellings.c.revision + 1,
                "attempts": 0,
                "failure": None,
                "since": case((told, new.excluded.since), else_=tellings.c.since),
                "due_at": new.excluded.due_at,
            },
        )

    return Statement(build)


# Built once: each association runs one of them.
_WANT = _wants(TellingState.WAITING.value)
_WANT_DELETED = _wants(
    case((tellings.c.begun == 0, TellingState.TOLD.value), else_=TellingState.WAITING.value)
)


def state_of(association_id: Any) -> ScalarSelect[Any]:
    """The state of an association's telling: a column of another query; null where it was never wanted."""
    return select(tellings.c.state).where(tellings.c.association_id == association_id).scalar_subquery()


def untold_since(association_id: Any) -> ScalarSelect[Any]:
    """Since when an association is still to be told: a column of another query; null where it is not."""
    mine = (tellings.c.association_id == association_id, _UNTOLD)
    return select(tellings.c.since).where(*mine).scalar_subquery()


_THIS, _OTHER = associations.alias("this"), associations.alias("other")
_EARLIER = tellings.alias("earlier")


def _waits_for(column: str) -> Any:
    """An earlier association of the same point, or device, is still to be told: first that one."""
    return exists().where(
        _OTHER.c[column] == _THIS.c[column],
        _OTHER.c.id < _THIS.c.id,
        _EARLIER.c.association_id == _OTHER.c.id,
        _EARLIER.c.state != _TOLD,
    )


_DUE = Statement(
    select(tellings.c.association_id)
    .join(_THIS, _THIS.c.id == tellings.c.association_id)
    .where(_UNTOLD, tellings.c.due_at <= bindparam("at"), ~_waits_for("point"), ~_waits_for("device_id"))
    .order_by(tellings.c.due_at, tellings.c.association_id)
    .limit(bindparam("most"))
)


def due(connection: Connection, at: datetime, most: int) -> list[int]:
    """The associations that are to be told now, the longest due first, no two of one point or device: their
    ids.
    """
    return [row.association_id for row in _DUE.all(connection, {"at": at, "most": most})]


def begin(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Calls about these associations are about to be made: from now on the central system may know of them.
    Returns the revision of each that is still to be told; the association is to be read in this transaction.
    """
    rows = connection.execute(
        update(tellings)
        .where(tellings.c.association_id.in_(ids), _UNTOLD)
        .values(begun=tellings.c.revision)
        .returning(tellings.c.association_id, tellings.c.revision)
    )
    return {row.association_id: row.revision for row in rows}


def succeeded(connection: Connection, association_id: int, revision: int, at: datetime) -> None:
    """The central system knows this revision now. If it is not the last one, the last one is due at once."""
    is_last = tellings.c.revision == revision
    connection.execute(
        update(tellings)
        .where(tellings.c.association_id == association_id, _UNTOLD)
        .values(
            state=case((is_last, TellingState.TOLD.value), else_=TellingState.WAITING.value),
            since=case((is_last, at), else_=tellings.c.since),
            attempts=0,
            failure=None,
            due_at=at,
        )
    )


def is_back(connection: Connection, at: datetime) -> None:
    """The central system has answered: what waits because nobody was there, or it failed, is due at once."""
    connection.execute(
        update(tellings)
        .where(_UNTOLD, tellings.c.due_at > at, tellings.c.state.in_(_OF_THEIRS))
        .values(due_at=at)
    )


def failed(
    connection: Connection,
    association_id: int,
    revision: int,
    error: RegistryError,
    at: datetime,
    chance: Random,
) -> None:
    """A call with this revision failed: it is told again later; at once where it has changed meanwhile."""
    mine = (tellings.c.association_id == association_id, tellings.c.revision == revision, _UNTOLD)
    if isinstance(error, RegistryOutdated) and revision <= error.known < GREATEST_REVISION:
        _count_on(connection, association_id, error, at, chance)
        return
    tried = connection.scalar(select(tellings.c.attempts).where(*mine))
    if tried is None:
        return
    connection.execute(
        update(tellings)
        .where(*mine)
        .values(
            state=_state_after(error).value,
            attempts=tried + 1,
            failure=error.reason[:32],
            due_at=at + timedelta(seconds=_seconds(error, tried, chance)),
        )
    )


def _count_on(
    connection: Connection, association_id: int, error: RegistryOutdated, at: datetime, chance: Random
) -> None:
    """It knows a greater revision than ours: ours becomes greater, and is told at once. Where the last try
    ended so too, it may know a greater one whatever is told, and is told ever more rarely.
    """
    mine = (tellings.c.association_id == association_id, tellings.c.revision <= error.known)
    last = connection.execute(select(tellings.c.attempts, tellings.c.failure).where(*mine)).first()
    if last is None:
        return
    again = last.failure == error.reason
    wait = _seconds(error, last.attempts, chance) if again else 0.0
    connection.execute(
        update(tellings)
        .where(*mine)
        .values(
            state=TellingState.REFUSED.value if again else TellingState.WAITING.value,
            revision=error.known + 1,
            attempts=last.attempts + 1,
            failure=error.reason,
            due_at=at + timedelta(seconds=wait),
        )
    )


def _state_after(error: RegistryError) -> TellingState:
    if isinstance(error, RegistryAway):
        return TellingState.PUT_OFF
    return TellingState.FAILED if isinstance(error, RegistryFailed) else TellingState.REFUSED


def _seconds(error: RegistryError, tried: int, chance: Random) -> float:
    """How long to wait after this failure, which follows `tried` others."""
    first, longest = REFUSED_SECONDS, REFUSED_LONGEST_SECONDS
    if isinstance(error, RegistryAway | RegistryFailed):
        first, longest = AWAY_SECONDS, AWAY_LONGEST_SECONDS
    wait = min(longest, first * 2.0 ** min(tried, 20)) * (1 + JITTER * chance.uniform(-1, 1))
    return max(wait, min(error.after, longest)) if isinstance(error, RegistryAway) else wait


def hurry(connection: Connection, at: datetime) -> int:
    """Everything that is still to be told is due now, also what was refused. Returns how many there are."""
    hurried = connection.execute(update(tellings).where(_UNTOLD).values(due_at=at))
    notify(connection, SIGNAL)
    return int(hurried.rowcount)


def counts(connection: Connection) -> Counts:
    """How much is still to be told."""
    refused = case((tellings.c.state.in_((TellingState.REFUSED.value, TellingState.FAILED.value)), 1))
    row = connection.execute(
        select(
            func.count().label("untold"),
            func.count(refused).label("refused"),
            func.min(tellings.c.since).label("oldest"),
        ).where(_UNTOLD)
    ).one()
    return Counts(row.untold, row.refused, row.oldest)


def untold(connection: Connection, most: int) -> list[Untold]:
    """What is still to be told, the oldest first."""
    rows = connection.execute(
        select(tellings).where(_UNTOLD).order_by(tellings.c.since, tellings.c.association_id).limit(most)
    )
    return [
        Untold(row.association_id, TellingState(row.state), row.since, row.attempts, row.failure, row.due_at)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """An association of ours beside what the central system was told of it. `told` is since when it knows the
    last state; None where something is on its way to it anyway.
    """

    association_id: int
    live: bool
    revision: int
    told: datetime | None


def between(connection: Connection, after: int, to: int | None, most: int) -> list[Known]:
    """The first of our associations with numbers greater than `after`, to `to` (None: to the last), by their
    numbers, `most` of them; of deleted ones those that the central system may have heard of.
    """
    query = (
        select(
            associations.c.id,
            associations.c.deleted_at,
            tellings.c.revision,
            tellings.c.state,
            tellings.c.since,
        )
        .join(tellings, tellings.c.association_id == associations.c.id, isouter=True)
        .where(associations.c.id > after)
        .where(or_(associations.c.deleted_at.is_(None), tellings.c.begun > 0))
        .order_by(associations.c.id)
        .limit(most)
    )
    if to is not None:
        query = query.where(associations.c.id <= to)
    return [
        Known(
            association_id=row.id,
            live=row.deleted_at is None,
            revision=row.revision or 0,
            told=row.since if row.state == TellingState.TOLD.value else None,
        )
        for row in connection.execute(query)
    ]


def exist(connection: Connection, ids: Collection[int]) -> set[int]:
    """Those of these numbers that are associations of ours, live or deleted."""
    return set(connection.scalars(select(associations.c.id).where(associations.c.id.in_(ids))))


def _again(connection: Connection) -> Any:
    new = insert_for(connection, tellings)
    known = new.excluded.begun
    return new.on_conflict_do_update(
        index_elements=["association_id"],
        set_={
            "state": TellingState.WAITING.value,
            "revision": case((tellings.c.revision < known, known), else_=tellings.c.revision) + 1,
            "begun": case((tellings.c.begun == 0, known), else_=tellings.c.begun),
            "attempts": 0,
            "failure": None,
            "since": case((_UNTOLD, tellings.c.since), else_=new.excluded.since),
            "due_at": new.excluded.due_at,
        },
    )


def want_again(connection: Connection, revisions: Sequence[tuple[int, int]], at: datetime) -> None:
    """These associations are to be told again, each with a revision greater than the one that the central
    system has (0 for none), which must be less than the greatest.
    """
    if not revisions:
        return
    rows = [
        _wanted(association_id, at) | {"revision": known + 1, "begun": known}
        for association_id, known in revisions
    ]
    connection.execute(_again(connection), rows)
    notify(connection, SIGNAL)
