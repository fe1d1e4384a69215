"""Posts that show how far something is, and are brought up to date with it. Each feature has a table of them:
`card_id`, a column for what is followed, `bot_id`, `chat_id`, `thread_id`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Table, delete, select, update

from backend.core.db.upsert import insert_for
from backend.core.outbox.values import Destination, lane_name


def follow(
    connection: Connection,
    followed: Column[Any],
    followed_id: int,
    destination: Destination,
    card_id: int,
    most: int,
) -> None:
    """From now on this post shows what the column names; of its posts the `most` newest ones do."""
    cards = _table_of(followed)
    values = {
        followed.name: followed_id,
        "bot_id": destination.bot_id,
        "chat_id": destination.chat_id,
        "thread_id": destination.thread_id,
    }
    connection.execute(
        insert_for(connection, cards)
        .values(card_id=card_id, **values)
        .on_conflict_do_update(index_elements=["card_id"], set_=values)
    )
    newest = (
        select(cards.c.card_id).where(followed == followed_id).order_by(cards.c.card_id.desc()).limit(most)
    )
    connection.execute(
        delete(cards).where(followed == followed_id, cards.c.card_id.not_in(newest.scalar_subquery()))
    )


def followers(
    connection: Connection, followed: Column[Any], followed_id: int
) -> list[tuple[Destination, int]]:
    """The posts that show it, oldest first: where each is, and its id."""
    cards = _table_of(followed)
    rows = connection.execute(select(cards).where(followed == followed_id).order_by(cards.c.card_id))
    return [
        (
            Destination(row.bot_id, row.chat_id, row.thread_id, lane_name(row.chat_id, row.thread_id)),
            int(row.card_id),
        )
        for row in rows
    ]


def migrate(connection: Connection, cards: Table, bot_id: int, old: int, new: int) -> None:
    """A group became a supergroup: its posts follow it."""
    in_it = (cards.c.bot_id == bot_id, cards.c.chat_id == old)
    connection.execute(update(cards).where(*in_it).values(chat_id=new))


def _table_of(followed: Column[Any]) -> Table:
    table = followed.table
    assert isinstance(table, Table)  # noqa: S101 - a column of a table, not of a query
    return table
