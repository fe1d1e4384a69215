"""Notices: ordered in any transaction, enqueued in small portions, followed until they are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, and_, delete, exists, or_, select, update
from sqlalchemy.exc import DBAPIError

from backend.core.db.engines import concerns_everybody
from backend.core.db.errors import DatabaseError
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION as ROWS
from backend.core.db.upsert import insert_for
from backend.core.outbox.models import posts
from backend.core.outbox.values import PostState
from backend.identity import preferences
from backend.identity import service as identity
from backend.identity.values import Address
from backend.notices.models import notices
from backend.notices.values import Notice, NoticeState

log = structlog.get_logger(__name__)

SIGNAL = "notices"
PORTION = 20
"""Notices worded in one transaction: this bounds how long it keeps other writers waiting."""
WAITS_FOR_RETURN = timedelta(days=30)
"""For so long an undelivered notice waits for its user to come back."""


def add(
    connection: Connection,
    person_id: int,
    kind: str,
    argument: dict[str, Any],
    *,
    dedupe_key: str,
    at: datetime,
    not_before: datetime | None = None,
    account: int | None = None,
) -> bool:
    """Tell a person something, from `not_before` on. Of one kind and `dedupe_key` a person gets one notice:
    returns False, and changes nothing, where there is one already. `account`: the Telegram account that is
    told, where it is not the person's own.
    """
    correlation = structlog.contextvars.get_contextvars().get("correlation") or "notice"
    added = connection.execute(
        insert_for(connection, notices)
        .values(
            person_id=person_id,
            kind=kind,
            account=account,
            argument=argument,
            dedupe_key=dedupe_key,
            state=NoticeState.WAITING,
            not_before=not_before or at,
            correlation=str(correlation)[:32],
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["person_id", "kind", "dedupe_key"])
    )
    notify(connection, SIGNAL)
    return added.rowcount == 1


def dispatch(
    connection: Connection,
    at: datetime,
    kinds: Collection[str],
    enqueue: Callable[[Connection, Notice], int | None],
    *,
    urgent: Collection[str] = (),
) -> int:
    """Enqueue a portion of what is due of these kinds; others are left to a process that knows them. Returns
    how many there were.

    `enqueue(connection, notice)` words a notice and returns its post, or None where it matters
    no longer. What it raises is that notice's own trouble: it lapses, and the others go on. What is not of
    the `urgent` kinds waits until its person's quiet hours end; what they want to hear nothing of lapses.
    """
    is_quiet = preferences.is_quiet(notices.c.person_id, at)
    is_muted = preferences.is_muted(notices.c.person_id, notices.c.kind)
    due = connection.execute(
        select(notices, is_muted.label("muted"))
        .where(
            notices.c.state == NoticeState.WAITING,
            notices.c.not_before <= at,
            notices.c.kind.in_(kinds),
            or_(notices.c.kind.in_(urgent), ~is_quiet),
        )
        .order_by(notices.c.not_before, notices.c.id)
        .limit(PORTION)
        .with_for_update(of=notices, skip_locked=True)
    ).all()
    addresses = identity.addresses_of(connection, {row.person_id for row in due})
    for row in due:
        post_id, error = None, "it mattered no longer"
        address = addresses.get(row.person_id) if not row.muted else None
        if address is not None:  # else the person was erased, or wants to hear nothing of it
            with _own_trouble(connection, row) as trouble:
                post_id = enqueue(connection, _notice(row, address))
            error = trouble.error or error
        if post_id is not None:
            _change(connection, row.id, state=NoticeState.DISPATCHED, post_id=post_id)
        else:
            _change(connection, row.id, state=NoticeState.LAPSED, error=error, ended_at=at, argument=None)
    return len(due)


def conclude(connection: Connection, at: datetime, ended: Callable[[Connection, Notice, bool], None]) -> int:
    """Note what became of a portion of the dispatched notices. Returns how many came to an end.

    `ended(connection, notice, delivered)` is told of each; what it raises undoes what it did, and no more.
    """
    over = (PostState.SENT, PostState.DEAD)
    rows = connection.execute(
        select(notices, posts.c.state.label("post_state"), posts.c.shown)
        .outerjoin(posts, posts.c.id == notices.c.post_id)
        .where(
            notices.c.state == NoticeState.DISPATCHED,
            or_(posts.c.state.in_(over), posts.c.id.is_(None), posts.c.shown > 0),
        )
        .order_by(notices.c.id)
        .limit(PORTION)
        .with_for_update(of=notices, skip_locked=True)
    ).all()
    addresses = identity.addresses_of(connection, {row.person_id for row in rows})
    for row in rows:
        delivered = row.post_state == PostState.SENT or bool(row.shown)
        with _own_trouble(connection, row):
            ended(connection, _notice(row, addresses.get(row.person_id)), delivered)
        if delivered:
            _change(connection, row.id, state=NoticeState.DELIVERED, ended_at=at, argument=None)
        else:
            _change(connection, row.id, state=NoticeState.UNDELIVERED, ended_at=at)
    return len(rows)


@dataclass
class _Trouble:
    """The error of one notice, or ""."""

    error: str = ""


@contextmanager
def _own_trouble(connection: Connection, row: Any) -> Iterator[_Trouble]:
    """Confine an exception of one kind of notice: undo its changes and note it. Raises only errors that
    concern the database as a whole.
    """
    trouble = _Trouble()
    try:
        with connection.begin_nested():
            yield trouble
    except Exception as failure:
        if isinstance(failure, DatabaseError) or (
            isinstance(failure, DBAPIError) and concerns_everybody(failure)
        ):
            raise
        log.exception("notice.failed", notice=row.id, kind=row.kind)
        trouble.error = type(failure).__name__


def came_back(connection: Connection, telegram_user_id: int, at: datetime) -> int:
    """The user can be reached again: what could not be delivered lately is tried once more, where it still
    matters. Returns how many.
    """
    again = connection.execute(
        update(notices)
        .where(
            notices.c.person_id == identity.person_id_of(connection, telegram_user_id),
            # A send under way when the user blocked the bot may have arrived all the same.
            ~exists().where(posts.c.id == notices.c.post_id, posts.c.shown > 0),
            or_(
                and_(notices.c.state == NoticeState.UNDELIVERED, notices.c.ended_at > at - WAITS_FOR_RETURN),
                and_(
                    notices.c.state == NoticeState.DISPATCHED,
                    exists().where(posts.c.id == notices.c.post_id, posts.c.state == PostState.DEAD),
                ),
            ),
        )
        .values(state=NoticeState.WAITING, ended_at=None, post_id=None)
    )
    notify(connection, SIGNAL)
    return again.rowcount


def undelivered(connection: Connection, notice_id: int) -> Notice | None:
    """A notice that could not be delivered; None for one that can be by now, or that has ended otherwise."""
    row = connection.execute(
        select(notices).where(notices.c.id == notice_id, notices.c.state == NoticeState.UNDELIVERED)
    ).first()
    return (
        None
        if row is None
        else _notice(row, identity.addresses_of(connection, [row.person_id]).get(row.person_id))
    )


def mailed(connection: Connection, notice_id: int, at: datetime) -> None:
    """A notice that could not be delivered went by e-mail."""
    connection.execute(
        update(notices)
        # Where the user came back at the same moment, the chat has a say too.
        .where(notices.c.id == notice_id, notices.c.state == NoticeState.UNDELIVERED)
        .values(state=NoticeState.MAILED, ended_at=at, argument=None)
    )


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of the notices that ended longer ago than `kept`: until then each prevents another one
    with its key. Returns how many.
    """
    old = select(notices.c.id).where(notices.c.ended_at < at - kept).limit(ROWS)
    return connection.execute(delete(notices).where(notices.c.id.in_(old))).rowcount


def _notice(row: Any, address: Address | None) -> Notice:
    return Notice(
        id=row.id,
        person_id=row.person_id,
        telegram_user_id=(row.account or address.telegram_user_id) if address is not None else 0,
        language=address.language if address is not None else "",
        kind=row.kind,
        argument=row.argument,
        correlation=row.correlation,
        post_id=row.post_id,
    )


def _change(connection: Connection, notice_id: int, **values: Any) -> None:
    connection.execute(update(notices).where(notices.c.id == notice_id).values(**values))
