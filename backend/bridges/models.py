"""Tables of the bridges, of the codes that pair them, and of what they are to do at once."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True),  # one code each
    Column("name", String(4), nullable=False, unique=True),
    Column("proof_hash", LargeBinary(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

bridges = Table(
    "bridges",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False, index=True),
    Column("key_id", String(16), nullable=False, unique=True),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("host", String(64), nullable=False),
    Column("platform", String(64), nullable=False),
    Column("program", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("link", String(32)),  # the connection that it has now, by the gateway's random name
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

bridge_commands = Table(
    "bridge_commands",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("bridge_id", BigId, ForeignKey("bridges.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("argument", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_bridge_commands_state_id", "state", "id"),
    sqlite_autoincrement=True,  # an answer that comes late must not meet another command
)

KEPT = (
    Kept(pairing_codes.c.person_id, personal_data.person_id, erased=True),
    Kept(bridges.c.person_id, personal_data.person_id, erased=True),
)
