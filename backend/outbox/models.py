"""Tables of the outbox: what should be seen in a chat, and what is known of the chats themselves."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from backend.db.metadata import BigId, Json, UtcDateTime, metadata

posts = Table(
    "posts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("lane", String(80), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),  # of what it should show
    Column("shown", Integer, nullable=False, server_default="0"),  # the revision that it shows
    Column("message_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_ms", BigInteger, nullable=False),
    Column("error", Text),
    Column("correlation", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_posts_state_rank_id", "state", "rank", "id"),
    Index("ix_posts_lane_id", "lane", "id"),
    Index("ix_posts_created_at", "created_at"),
    sqlite_autoincrement=True,  # ids stand in buttons, and in calls under way: none is given twice
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(8)),  # chosen in this chat; none = as Telegram says
    UniqueConstraint("bot_id", "chat_id"),
)
