"""Table of the conversations: the whole state of a dialogue is one row."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

conversations = Table(
    "conversations",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("lane", String(80), nullable=False),
    Column("flow", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", String(32), nullable=False),
    Column("draft", Json, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("card_id", BigInteger, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("language", String(16)),  # of the person's app
    Column("job_id", BigInteger),  # what the present question waits for
    Column("membership_id", BigId),  # in which it was begun
    Column("suspended", Json),  # the dialogues that this one was begun in, the outermost first
    UniqueConstraint("bot_id", "chat_id", "user_id", "thread_id"),
    Index("ix_conversations_expires_at", "expires_at"),
)

KEPT = (Kept(conversations.c.user_id, personal_data.telegram_user_id, erased=True),)
