"""Conversation rows: read at the start of a turn, written in its transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, select, update

from backend.core.db.statements import Statement
from backend.core.db.upsert import insert_for
from backend.core.dialogues.models import conversations
from backend.core.dialogues.values import StoredDialogue, Suspended
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Incoming, RowKind
from backend.core.json_values import from_json, to_json
from backend.core.outbox.values import Destination

KEY = ("bot_id", "chat_id", "user_id", "thread_id")


_CURRENT = Statement(
    select(conversations).where(*(conversations.c[name] == bindparam(f"the_{name}") for name in KEY))
)
"""Built once: every turn asks for it."""


def current(connection: Connection, destination: Destination, user_id: int) -> StoredDialogue | None:
    """The dialogue under way of this user here, expired or not."""
    return ask_current(connection, destination, user_id)()


def ask_current(
    connection: Connection, destination: Destination, user_id: int
) -> Callable[[], StoredDialogue | None]:
    """Ask for `current`, together with what is asked for next; the answer gives it."""
    asked = _CURRENT.ask(
        connection,
        {
            "the_bot_id": destination.bot_id,
            "the_chat_id": destination.chat_id,
            "the_user_id": user_id,
            "the_thread_id": destination.thread_id,
        },
    )
    return lambda: None if (row := asked.first()) is None else _conversation(row)


def _key(destination: Destination, user_id: int) -> ColumnElement[bool]:
    return and_(
        conversations.c.bot_id == destination.bot_id,
        conversations.c.chat_id == destination.chat_id,
        conversations.c.user_id == user_id,
        conversations.c.thread_id == destination.thread_id,
    )


def _conversation(row: Any) -> StoredDialogue:
    return StoredDialogue(
        destination=Destination(row.bot_id, row.chat_id, row.thread_id, row.lane),
        user_id=row.user_id,
        flow=row.flow,
        version=row.version,
        step=row.step,
        draft=row.draft,
        revision=row.revision,
        card_id=row.card_id,
        expires_at=row.expires_at,
        language=row.language or "",
        job_id=row.job_id,
        membership_id=row.membership_id,
        suspended=tuple(_suspended(entry) for entry in row.suspended or ()),
    )


def _suspended(entry: Any) -> Suspended:
    """A dialogue beneath. One that cannot be read is of no flow: it is closed as outdated in its turn."""
    try:
        return from_json(Suspended, entry)
    except ValueError:
        return Suspended(flow="", version=0, step="", draft={})


def put(connection: Connection, conversation: StoredDialogue) -> None:
    """Store the dialogue as it stands now."""
    values = {
        "lane": conversation.destination.lane,
        "flow": conversation.flow,
        "version": conversation.version,
        "step": conversation.step,
        "draft": conversation.draft,
        "revision": conversation.revision,
        "card_id": conversation.card_id,
        "expires_at": conversation.expires_at,
        "language": conversation.language,
        "job_id": conversation.job_id,
        "membership_id": conversation.membership_id,
        "suspended": [to_json(entry) for entry in conversation.suspended] or None,
    }
    connection.execute(
        insert_for(connection, conversations)
        .values(
            bot_id=conversation.destination.bot_id,
            chat_id=conversation.destination.chat_id,
            user_id=conversation.user_id,
            thread_id=conversation.destination.thread_id,
            **values,
        )
        .on_conflict_do_update(index_elements=list(KEY), set_=values)
    )


def close(connection: Connection, destination: Destination, user_id: int) -> None:
    """The dialogue is over; its draft is gone."""
    connection.execute(delete(conversations).where(_key(destination, user_id)))


def expire(connection: Connection, at: datetime, correlation: str, limit: int = 500) -> int:
    """Put a row into the lane of each dialogue whose time ran out, so that it ends in order, unless one waits
    there. Returns how many.
    """
    rows = connection.execute(
        select(conversations)
        .where(conversations.c.expires_at < at, ~inbox.waits(conversations.c.lane, RowKind.EXPIRED))
        .order_by(conversations.c.expires_at)
        .limit(limit)
    ).all()
    for row in rows:
        conversation = _conversation(row)
        payload = {
            "chat_id": conversation.destination.chat_id,
            "thread_id": conversation.destination.thread_id,
            "user_id": conversation.user_id,
            "revision": conversation.revision,
            "language": conversation.language,
        }
        incoming = Incoming(
            conversation.destination.bot_id,
            conversation.destination.lane,
            RowKind.EXPIRED,
            payload,
            correlation,
            user_id=conversation.user_id,
        )
        inbox.add(connection, incoming, at)
    return len(rows)


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group became a supergroup: its dialogues follow it, but for those begun anew in it meanwhile."""
    there = conversations.alias("there")
    connection.execute(
        delete(conversations).where(
            conversations.c.bot_id == bot_id,
            conversations.c.chat_id == old,
            exists().where(
                there.c.bot_id == bot_id,
                there.c.chat_id == new,
                there.c.user_id == conversations.c.user_id,
                there.c.thread_id == conversations.c.thread_id,
            ),
        )
    )
    connection.execute(
        update(conversations)
        .where(conversations.c.bot_id == bot_id, conversations.c.chat_id == old)
        .values(chat_id=new, lane=func.replace(conversations.c.lane, str(old), str(new)))
    )
