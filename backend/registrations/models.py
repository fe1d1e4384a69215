"""Table of the registrations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, false

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

registrations = Table(
    "registrations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("telegram_user_id", BigInteger, nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id")),  # once it is submitted
    Column("state", String(16), nullable=False),
    Column("first_name", String(64)),
    Column("last_name", String(64)),
    Column("nationality", String(64)),
    Column("codice_fiscale", String(16)),
    Column("email", String(254)),
    Column("company_name", String(200)),
    Column("office", String(200)),
    Column("partita_iva", String(11)),
    Column("company_code", String(16)),
    Column("mobile", String(16)),
    Column("terms", Boolean, nullable=False, server_default=false()),
    Column("privacy", Boolean, nullable=False, server_default=false()),
    Column("accepted_at", UtcDateTime),
    Column("clauses", String(16)),  # the version of what was accepted
    Column("phone", String(32)),
    Column("doubts", Json, nullable=False),
    Column("reason", String(500)),
    Column("decided_by", BigId, ForeignKey("persons.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Index("ix_registrations_telegram_user_id", "telegram_user_id"),
    Index("ix_registrations_person_id", "person_id"),
    Index("ix_registrations_state_id", "state", "id"),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

open_one = Index(
    "uq_registrations_open",
    registrations.c.telegram_user_id,
    unique=True,
    sqlite_where=registrations.c.state.in_(("filling", "verifying")),
    postgresql_where=registrations.c.state.in_(("filling", "verifying")),
)

_SHOWN = (
    registrations.c.email,
    registrations.c.codice_fiscale,
    registrations.c.mobile,
    registrations.c.phone,
    registrations.c.office,
)
"""What commercial staff read of a person."""

KEPT = (
    Kept(registrations.c.telegram_user_id, personal_data.telegram_user_id, erased=True),
    Kept(registrations.c.person_id, personal_data.person_id, erased=True, shown=_SHOWN),
    Kept(
        registrations.c.decided_by,
        personal_data.person_id,
        erased=False,
        only=(registrations.c.id, registrations.c.state, registrations.c.decided_at),
    ),
)
