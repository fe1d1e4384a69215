"""Tables of the audit.

Entries and seals refer to each other and to the rest by number only, without foreign keys: that a row is gone
is for `verify` to find, and nothing may hold up the erasure of a person.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, String, Table, false

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

audit_subjects = Table(
    "audit_subjects",
    metadata,
    Column("subject", String(36), primary_key=True),
    Column("point", String(14), nullable=False, unique=True),
)
"""The random id that stands for a supply point. Persons have theirs in `persons.subject`."""

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person_subject", String(36)),
    Column("integrator_id", BigInteger),
    Column("action", String(40), nullable=False),
    Column("outcome", String(40)),
    Column("pod_subject", String(36), index=True),
    Column("device_id", BigInteger),
    Column("association_id", BigInteger),
    Column("correlation", String(64)),
    Column("detail", Json, nullable=False),
    Column("sealed", Boolean, nullable=False, server_default=false()),
    Index("ix_audit_entries_person_subject_at", "person_subject", "at"),
    Index("ix_audit_entries_at", "at"),
    sqlite_autoincrement=True,  # an id is never given twice, not even after the last row was deleted
)

unsealed = Index(
    "ix_audit_entries_unsealed",
    audit_entries.c.id,
    sqlite_where=audit_entries.c.sealed.is_(False),
    postgresql_where=audit_entries.c.sealed.is_(False),
)

audit_seals = Table(
    "audit_seals",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", BigInteger, nullable=False, unique=True),
    Column("previous_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

KEPT = (
    Kept(audit_entries.c.person_subject, personal_data.subject, erased=False),
    Kept(audit_entries.c.detail, personal_data.subject, erased=False, within="subject"),  # done to them
)
