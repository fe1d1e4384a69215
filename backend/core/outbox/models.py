"""Tables of the outbox: what should be seen in a chat, and what is known of the chats themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
)

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

posts = Table(
    "posts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("lane", String(80), nullable=False),
    # The post of the topic that it goes to; its own id where it is a topic itself.
    Column("topic_id", BigId),
    Column("rank", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),  # of what it should show
    Column("shown", Integer, nullable=False, server_default="0"),  # the revision that it shows
    Column("message_id", BigInteger),
    Column("state", String(16), nullable=False),
    # An earlier first send of its lane waits: the sender need not look at it.
    Column("behind", Boolean, nullable=False, server_default=false()),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_ms", BigInteger, nullable=False),
    Column("error", Text),
    Column("correlation", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_posts_lane_id", "lane", "id"),
    Index("ix_posts_bot_id_chat_id_message_id", "bot_id", "chat_id", "message_id"),
    Index("ix_posts_created_at", "created_at"),
    sqlite_autoincrement=True,  # ids stand in buttons, and in calls under way: none is given twice
)


def _literals(*words: str) -> list[ColumnElement[str]]:
    return [literal_column(f"'{word}'") for word in words]


def is_first_send(table: FromClause = posts) -> ColumnElement[bool]:
    """True if a post still waits for its first send to be over. Said as the index says it."""
    unsent = _literals("queued", "sending", "uncertain")
    return and_(table.c.message_id.is_(None), table.c.state.in_(unsent))


def may_leave(table: FromClause = posts) -> ColumnElement[bool]:
    """True if the sender should look at a post. Said as the index says it."""
    states = _literals("queued", "uncertain")
    return and_(~table.c.behind, table.c.state.in_(states))


def _partial(name: str, columns: Sequence[ColumnElement[Any]], condition: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


_partial("ix_posts_first_sends", [posts.c.bot_id, posts.c.lane, posts.c.rank, posts.c.id], is_first_send())
_partial("ix_posts_may_leave", [posts.c.bot_id, posts.c.rank, posts.c.id], may_leave())
_partial("ix_posts_topic_id", [posts.c.topic_id], posts.c.topic_id.is_not(None))
_partial("ix_posts_behind", [posts.c.bot_id, posts.c.lane, posts.c.rank, posts.c.id], posts.c.behind)

post_files = Table(
    "post_files",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(80), ForeignKey("blobs.digest"), primary_key=True),
    Index("ix_post_files_digest", "digest"),
)
"""Which blobs a post shows, or has shown: they stay as long as it does."""

passing_posts = Table(
    "passing_posts",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
)
"""Posts that are forgotten as soon as the chat has shown them."""

chats = Table(
    "chats",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(8)),  # chosen in this chat; none = as Telegram says
    UniqueConstraint("bot_id", "chat_id"),
)

KEPT = (
    Kept(posts.c.chat_id, personal_data.telegram_user_id, erased=True),
    Kept(chats.c.chat_id, personal_data.telegram_user_id, erased=True),
)
