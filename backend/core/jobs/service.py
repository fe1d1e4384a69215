"""The job queue: a turn commits a job, a worker runs it outside of any transaction, its result comes back to
the lane.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
    update,
)

from backend.core.db.errors import LeaseLost
from backend.core.db.metadata import now_ms
from backend.core.db.signals import notify
from backend.core.db.statements import NUMBERS, PORTION, Statement, is_one_of
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Incoming, RowKind
from backend.core.jobs.models import jobs
from backend.core.jobs.values import Job, JobState
from backend.core.outbox.values import Destination

SIGNAL = "jobs"
CANCELLED_SIGNAL = "jobs-cancelled"
NOBODY = 0
"""In place of a user's number."""


def add(
    connection: Connection,
    kind: str,
    arguments: dict[str, Any],
    destination: Destination,
    user_id: int,
    *,
    language: str,
    card_id: int | None,
    correlation: str,
    at: datetime,
    action: str | None = None,
    membership_id: int | None = None,
) -> int:
    """Ask for work outside of the turn, whose result comes back to `action`. Returns the job's id."""
    notify(connection, SIGNAL)
    made = connection.execute(
        insert(jobs)
        .values(
            kind=kind,
            action=action,
            arguments=arguments,
            bot_id=destination.bot_id,
            chat_id=destination.chat_id,
            thread_id=destination.thread_id,
            lane=destination.lane,
            user_id=user_id,
            language=language,
            membership_id=membership_id,
            card_id=card_id,
            state=JobState.WAITING,
            due_ms=now_ms(),
            correlation=correlation,
            created_at=at,
        )
        .returning(jobs.c.id)
    )
    return int(made.scalar_one())


def add_like(
    connection: Connection,
    like: Job,
    kind: str,
    arguments: Sequence[dict[str, Any]],
    at: datetime,
    *,
    delay_ms: int = 0,
) -> None:
    """Ask for several jobs of one kind, for whom a job is (`like`). Nobody waits for them in its lane."""
    notify(connection, SIGNAL)
    if arguments:
        destination = like.destination
        _ADD_LIKE.run_each(
            connection,
            [
                {
                    "kind": kind,
                    "arguments": each,
                    "bot_id": destination.bot_id,
                    "chat_id": destination.chat_id,
                    "thread_id": destination.thread_id,
                    "lane": f"{kind}:{like.id}",
                    "user_id": like.user_id,
                    "language": like.language,
                    "membership_id": like.membership_id,
                    "state": JobState.WAITING,
                    "delay": delay_ms,
                    "correlation": like.correlation,
                    "created_at": at,
                }
                for each in arguments
            ],
        )


_ADD_LIKE = Statement(insert(jobs).values(due_ms=now_ms() + bindparam("delay", type_=BigInteger)))
"""Built once: each row of a bulk request runs it."""


def claim(
    connection: Connection,
    token: str,
    lease_ms: int,
    limit: int,
    *,
    kind: str,
    running: Collection[int] = (),
) -> list[Job]:
    """Take up to `limit` jobs of one kind that are due, or whose worker's lease ran out.

    `running` are jobs that the process is at already: none is run twice at the same time.
    """
    taken = _CLAIM.all(
        connection,
        {"of_kind": kind, "running": sorted(running), "most": limit, "new_token": token, "lease": lease_ms},
    )
    return [
        Job(
            id=row.id,
            kind=row.kind,
            arguments=row.arguments,
            destination=Destination(row.bot_id, row.chat_id, row.thread_id, row.lane),
            user_id=row.user_id,
            language=row.language,
            card_id=row.card_id,
            attempt=row.attempts,
            token=token,
            correlation=row.correlation,
            action=row.action,
            membership_id=row.membership_id,
        )
        for row in taken
    ]


def _due(kind: str | ColumnElement[str]) -> ColumnElement[bool]:
    return and_(jobs.c.kind == kind, jobs.c.ended_at.is_(None), jobs.c.due_ms <= now_ms())


_chosen = (
    select(jobs.c.id)
    .where(
        _due(bindparam("of_kind", type_=jobs.c.kind.type)),
        ~is_one_of(jobs.c.id, bindparam("running", type_=NUMBERS)),
    )
    .order_by(jobs.c.due_ms)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("chosen")  # as a plain subquery, PostgreSQL may run it once for each row, each time with new jobs
)
_until = now_ms() + bindparam("lease", type_=BigInteger)
_CLAIM = Statement(
    update(jobs)
    .where(jobs.c.id.in_(select(_chosen.c.id)), jobs.c.due_ms <= now_ms())
    .values(
        state=JobState.RUNNING,
        token=bindparam("new_token"),
        leased_until_ms=_until,
        due_ms=_until,
        attempts=jobs.c.attempts + 1,
    )
    .returning(*jobs.c)
)
_END = Statement(
    update(jobs)
    .where(
        jobs.c.id == bindparam("at_id"),
        jobs.c.token == bindparam("of_token"),
        jobs.c.state == JobState.RUNNING,
    )
    .values(state=JobState.ENDED, arguments=None, ended_at=bindparam("at"), token=None)
    .returning(jobs.c.chat_id, jobs.c.lane)  # its group may have moved while it ran
)
"""Built once: every job runs them."""


def due_kinds(connection: Connection, kinds: Collection[str]) -> set[str]:
    """Those of these kinds of which a job waits for a worker."""
    if not kinds:
        return set()
    return {row[0] for row in _due_kinds(tuple(sorted(kinds))).all(connection, {})}


@lru_cache(maxsize=64)
def _due_kinds(kinds: tuple[str, ...]) -> Statement:
    each = [select(literal(kind).label("kind")).where(exists().where(_due(kind))) for kind in kinds]
    return Statement(union_all(*each))


def _held(held: Collection[Job]) -> ColumnElement[bool]:
    return and_(
        jobs.c.id.in_([job.id for job in held]),
        jobs.c.token.in_({job.token for job in held}),
        jobs.c.state == JobState.RUNNING,
    )


def renew(connection: Connection, held: Collection[Job], lease_ms: int) -> set[int]:
    """Hold these jobs for longer. Returns those still held: the others were cancelled or taken over."""
    until = now_ms() + lease_ms
    renewed = connection.execute(
        update(jobs).where(_held(held)).values(leased_until_ms=until, due_ms=until).returning(jobs.c.id)
    )
    return {job_id for (job_id,) in renewed}


def still_held(connection: Connection, held: Collection[Job]) -> set[int]:
    """Those of these jobs that were neither cancelled nor taken over."""
    return {job_id for (job_id,) in connection.execute(select(jobs.c.id).where(_held(held)))}


def card_of(connection: Connection, job: Job) -> int | None:
    """The card that waits for a running job; its row stays locked until the commit. None where nobody waits.

    Raises LeaseLost where the job was cancelled or another worker took it over.
    """
    row = connection.execute(
        update(jobs).where(_held([job])).values(token=jobs.c.token).returning(jobs.c.card_id)
    ).first()
    if row is None:
        raise LeaseLost(f"job {job.id}")
    card_id: int | None = row.card_id
    return card_id


def show_on(connection: Connection, job_id: int, card_id: int) -> None:
    """From now on this card waits for the job."""
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(card_id=card_id))


def end(connection: Connection, job: Job, result: dict[str, Any] | None, at: datetime) -> None:
    """The job is done; where there is a `result` for the chat, it goes into the lane.

    Raises LeaseLost where the job was cancelled or another worker took it over meanwhile.
    """
    ended = _END.first(connection, {"at_id": job.id, "of_token": job.token, "at": at})
    if ended is None:
        raise LeaseLost(f"job {job.id}")
    if result is not None:
        payload = {
            "kind": job.kind,
            "job": job.id,
            "action": job.action,
            "arguments": job.arguments,
            "result": result,
            "card_id": job.card_id,
            "chat_id": ended.chat_id,
            "thread_id": job.destination.thread_id,
            "user_id": job.user_id,
            "language": job.language,
            "membership": job.membership_id,
        }
        row = Incoming(
            job.destination.bot_id, ended.lane, RowKind.RESULT, payload, job.correlation, user_id=job.user_id
        )
        inbox.add(connection, row, at)


def give_back(connection: Connection, job: Job, delay_ms: int, error: str, *, counted: bool = True) -> None:
    """Let the job be tried again after `delay_ms`; a try that was only interrupted is not counted."""
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job.id, jobs.c.token == job.token, jobs.c.state == JobState.RUNNING)
        .values(
            state=JobState.WAITING,
            token=None,
            leased_until_ms=0,
            due_ms=now_ms() + delay_ms,
            error=error,
            attempts=jobs.c.attempts if counted else jobs.c.attempts - 1,
        )
    )
    notify(connection, SIGNAL)


def cancel_waiting(
    connection: Connection,
    lane: str,
    user_id: int,
    at: datetime,
    only: Collection[int] | None = None,
    but_for: str | None = None,
) -> list[int]:
    """The user no longer waits for anything in this lane, or, where `only` names jobs, for none of these.
    What goes back to the action `but_for` is still waited for. A result that is in the lane already is
    dropped too. Called in a turn of the lane.

    Returns the cards that said "one moment…".
    """
    these: ColumnElement[bool] = true() if only is None else jobs.c.id.in_(only)
    if but_for is not None:
        these = and_(these, jobs.c.action.is_distinct_from(but_for))
    cancelled = connection.execute(
        update(jobs)
        .where(
            these,
            jobs.c.lane == lane,
            jobs.c.user_id == user_id,
            jobs.c.card_id.is_not(None),
            jobs.c.state.in_((JobState.WAITING, JobState.RUNNING)),
        )
        .values(state=JobState.CANCELLED, arguments=None, token=None, ended_at=at)
        .returning(jobs.c.card_id)
    )
    cards = {int(card_id) for (card_id,) in cancelled}

    def unwanted(result: dict[str, Any]) -> bool:
        return (
            result["user_id"] == user_id
            and result["card_id"] is not None
            and (only is None or result["job"] in only)
            and (but_for is None or result["action"] != but_for)
        )

    cards |= {int(result["card_id"]) for result in inbox.drop_results(connection, lane, unwanted, at)}
    notify(connection, CANCELLED_SIGNAL)
    return sorted(cards)


def let_go(connection: Connection, user_id: int, kinds: Collection[str]) -> None:
    """The user's jobs of these kinds, which nobody waits for, go on for nobody. What is under way begins
    again.
    """
    connection.execute(
        update(jobs)
        .where(jobs.c.user_id == user_id, jobs.c.kind.in_(kinds), jobs.c.ended_at.is_(None))
        .values(
            user_id=NOBODY,
            chat_id=NOBODY,
            thread_id=0,
            lane=str(NOBODY),
            membership_id=None,
            language="",
            state=JobState.WAITING,
            token=None,
            leased_until_ms=0,
            due_ms=now_ms(),
        )
    )
    notify(connection, SIGNAL)
    notify(connection, CANCELLED_SIGNAL)


def waiting_kinds(connection: Connection, lane: str, user_id: int) -> list[str]:
    """The kinds of jobs that the user waits for in this lane."""
    rows = connection.execute(
        select(jobs.c.kind)
        .where(
            jobs.c.lane == lane,
            jobs.c.user_id == user_id,
            jobs.c.card_id.is_not(None),
            jobs.c.state.in_((JobState.WAITING, JobState.RUNNING)),
        )
        .order_by(jobs.c.id)
    )
    return [kind for (kind,) in rows]


def is_under_way(connection: Connection, job_id: int) -> bool:
    """True if the job's result is still to come, or waits in its lane to be worked."""
    row = connection.execute(select(jobs.c.state, jobs.c.lane).where(jobs.c.id == job_id)).first()
    if row is None or row.state == JobState.CANCELLED:
        return False
    if row.state in (JobState.WAITING, JobState.RUNNING):
        return True
    return bool(connection.scalar(select(inbox.waits(literal(row.lane), RowKind.RESULT))))


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group became a supergroup: the results of its jobs go there."""
    connection.execute(
        update(jobs)
        .where(jobs.c.bot_id == bot_id, jobs.c.chat_id == old, jobs.c.ended_at.is_(None))
        .values(chat_id=new, lane=func.replace(jobs.c.lane, str(old), str(new)))
    )


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of the jobs that ended longer ago than `kept`. Returns how many."""
    old = select(jobs.c.id).where(jobs.c.ended_at < at - kept).limit(PORTION)
    return connection.execute(delete(jobs).where(jobs.c.id.in_(old))).rowcount
