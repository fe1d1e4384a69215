"""Table of the codes that were sent by e-mail, as hashes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

email_codes = Table(
    "email_codes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("telegram_user_id", BigInteger, nullable=False),
    Column("email", String(254), nullable=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),  # or replaced by another one
    Index("ix_email_codes_telegram_user_id_id", "telegram_user_id", "id"),
    Index("ix_email_codes_email_sent_at", "email", "sent_at"),
    Index("ix_email_codes_sent_at", "sent_at"),
)

KEPT = (
    Kept(email_codes.c.telegram_user_id, personal_data.telegram_user_id, erased=True),
    Kept(email_codes.c.email, personal_data.email, erased=True),
)
