"""Table of the notices: what people should learn without having asked just now."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

notices = Table(
    "notices",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("account", BigId),  # the Telegram account that is told; null: the person's own at that time
    Column("argument", Json),  # blanked as soon as nothing more comes of it
    Column("dedupe_key", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("post_id", BigId),  # a bare number: posts are forgotten before their notices
    Column("error", Text),
    Column("correlation", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("person_id", "kind", "dedupe_key"),
    Index("ix_notices_state_not_before", "state", "not_before"),
    Index("ix_notices_ended_at", "ended_at"),
    Index("ix_notices_account", "account"),
)

KEPT = (
    Kept(notices.c.person_id, personal_data.person_id, erased=True),
    Kept(notices.c.account, personal_data.telegram_user_id, erased=True),
    Kept(notices.c.argument, personal_data.subject, erased=True, within="subject"),  # told of them
)
