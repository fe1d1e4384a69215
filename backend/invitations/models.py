"""Table of the invitations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

invitations = Table(
    "invitations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("role", String(24), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("email", String(254)),  # whom it is for, where that is known
    Column("codice_fiscale", String(16)),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_by", BigId, ForeignKey("persons.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id")),  # who has used it, or asks to
    Column("telegram_user_id", BigInteger),
    Column("decided_at", UtcDateTime),
    Index("ix_invitations_integrator_id_id", "integrator_id", "id"),
    Index("ix_invitations_expires_at", "expires_at"),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

KEPT = (
    Kept(invitations.c.telegram_user_id, personal_data.telegram_user_id, erased=True),
    Kept(invitations.c.email, personal_data.email, erased=True),
    Kept(invitations.c.person_id, personal_data.person_id, erased=True),
    Kept(
        invitations.c.created_by,
        personal_data.person_id,
        erased=False,
        only=(invitations.c.id, invitations.c.role, invitations.c.state, invitations.c.created_at),
    ),
)
