"""Tables of the staff group: which it is, its topics, what they show, and what is to be shown."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

staff_groups = Table(
    "staff_groups",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("chosen_by", BigId, ForeignKey("persons.id"), nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
)

staff_topics = Table(
    "staff_topics",
    metadata,
    Column("subject", String(40), primary_key=True),
    Column("topic_id", BigId, nullable=False, unique=True),
    Column("card_id", BigId, nullable=False),
)

staff_posts = Table(
    "staff_posts",
    metadata,
    Column("post_id", BigId, primary_key=True, autoincrement=False),
    Column("subject", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", BigId),
    Index("ix_staff_posts_subject_reference", "subject", "reference"),
)

staff_events = Table(
    "staff_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("subject", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", BigId),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,  # they are shown in this order
)

KEPT = (Kept(staff_groups.c.chosen_by, personal_data.person_id, erased=False),)
