"""Table of the jobs: calls that leave the machine, made outside of turns."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

jobs = Table(
    "jobs",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("action", String(32)),  # what its result goes back to; none = the action that has the kind's name
    Column("arguments", Json),  # blanked as soon as the job has ended
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("language", String(16), nullable=False),
    Column("membership_id", BigId),  # in which it was asked for
    Column("lane", String(80), nullable=False),
    Column("card_id", BigInteger),  # what says "one moment…" and will show the result
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("token", String(32)),
    Column("leased_until_ms", BigInteger, nullable=False, server_default="0"),
    Column("due_ms", BigInteger, nullable=False),  # when to look at it: while it runs, the end of its lease
    Column("error", Text),
    Column("correlation", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_jobs_lane_state", "lane", "state"),
    Index("ix_jobs_ended_at", "ended_at"),
)

# A claim walks only what it takes, however many jobs have ended or wait in other queues.
Index(
    "ix_jobs_open",
    jobs.c.kind,
    jobs.c.due_ms,
    sqlite_where=jobs.c.ended_at.is_(None),
    postgresql_where=jobs.c.ended_at.is_(None),
)

KEPT = (Kept(jobs.c.user_id, personal_data.telegram_user_id, erased=True),)
