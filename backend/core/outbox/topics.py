"""Forum topics that the bot opens. A topic is a post of the outbox too: what it should be called, and whether
it should be open. So the sender opens it, and changes it, as it sends and edits messages.

What goes to a topic has its `Place`, and waits until Telegram has numbered it. A topic that people delete is
opened once more, where something is to go there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from backend.core.db.signals import notify
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Post, PostState

LONGEST_NAME = 128  # UTF-16 units, by Telegram's rule


def open_topic(
    connection: Connection, bot_id: int, chat_id: int, key: str, name: str, *, correlation: str, at: datetime
) -> Destination:
    """Open a topic in a forum where the bot may. `key` (at most 50 characters) tells it from the others of
    the forum. Returns the place for what goes there.
    """
    lane = f"{chat_id}#{key}"
    opened = outbox.enqueue(
        connection,
        Destination(bot_id, chat_id, 0, lane),
        _content(name, True),
        correlation=correlation,
        at=at,
    )
    connection.execute(update(posts).where(posts.c.id == opened).values(topic_id=opened))
    return Destination(bot_id, chat_id, 0, lane, opened)


def destination_of(connection: Connection, topic: int) -> Destination | None:
    """The place of a topic that was opened: `topic` is `Place.topic`, all of it that need be kept. None where
    there is no such topic.
    """
    row = connection.execute(
        select(posts.c.bot_id, posts.c.chat_id, posts.c.lane).where(
            posts.c.id == topic, posts.c.topic_id == topic
        )
    ).first()
    return None if row is None else Destination(row.bot_id, row.chat_id, 0, row.lane, topic)


def change_topic(
    connection: Connection,
    destination: Destination,
    *,
    correlation: str,
    name: str | None = None,
    is_open: bool | None = None,
) -> None:
    """Call the topic of this place something else, close it, or open it again."""
    if destination.topic is None:
        raise ValueError("it is no topic of ours")
    now = outbox.content_of(connection, destination, destination.topic)
    if now is None:
        raise ValueError("there is no such topic")
    topic = now["topic"]
    content = _content(topic["name"] if name is None else name, topic["open"] if is_open is None else is_open)
    outbox.update_post(
        connection, destination, destination.topic, content, correlation=correlation, is_topic=True
    )


def topic_lost(connection: Connection, post: Post) -> None:
    """People have deleted the topic that this post was to go to: the topic is opened once more, and then the
    post has its turn again.
    """
    notify(connection, outbox.SIGNAL)
    topic = post.destination.topic
    connection.execute(
        update(posts)
        .where(posts.c.id == topic, posts.c.message_id == post.destination.thread_id)
        .values(message_id=None, shown=0, state=PostState.QUEUED, due_ms=0)
    )
    _show_again(connection, topic)
    deliveries.later(connection, post, 0, "its topic was deleted", uncertain=False)


def _show_again(connection: Connection, topic: int | None) -> None:
    """The first message of the topic, which people come back to, went with it: it is sent anew."""
    first = select(func.min(posts.c.id)).where(posts.c.topic_id == topic, posts.c.id != topic)
    connection.execute(
        update(posts)
        .where(posts.c.id == first.scalar_subquery(), posts.c.message_id.is_not(None))
        .values(message_id=None, shown=0, state=PostState.QUEUED, due_ms=0, behind=False)
    )


def topic_of(connection: Connection, bot_id: int, chat_id: int, thread_id: int) -> int | None:
    """The post of the topic that has this number now; None for one that people have opened."""
    found: int | None = connection.scalar(
        select(posts.c.id).where(
            posts.c.bot_id == bot_id,
            posts.c.chat_id == chat_id,
            posts.c.message_id == thread_id,
            posts.c.topic_id == posts.c.id,
        )
    )
    return found


def give_up(connection: Connection, bot_id: int, chat_id: int) -> None:
    """Nothing more is shown in the topics that the bot has opened in this forum."""
    connection.execute(
        update(posts)
        .where(
            posts.c.bot_id == bot_id,
            posts.c.chat_id == chat_id,
            posts.c.topic_id.is_not(None),
            posts.c.state.in_(outbox.UNSENT),
        )
        .values(state=PostState.DEAD, error="its topic was left", behind=False)
    )


def forget(connection: Connection, topic: int) -> None:
    """Delete a topic's post, and those of what it shows: the forum itself stays as it is."""
    connection.execute(delete(posts).where(posts.c.topic_id == topic))


def _content(name: str, is_open: bool) -> dict[str, Any]:
    cut = name.encode("utf-16-le")[: 2 * LONGEST_NAME].decode("utf-16-le", "ignore")
    return {"topic": {"name": cut.strip() or "…", "open": is_open}}
