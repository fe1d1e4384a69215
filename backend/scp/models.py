"""Tables of SCP files and of who was handed one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

scp_files = Table(
    "scp_files",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("association_id", BigId, ForeignKey("associations.id"), nullable=False),
    Column("device_id", BigId, ForeignKey("devices.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("digest", String(80), ForeignKey("blobs.digest")),
    Column("size", Integer),
    Column("key_id", String(32)),
    Column("failure", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    UniqueConstraint("device_id", "sequence"),
    Index("ix_scp_files_association_id_id", "association_id", "id"),
    Index("ix_scp_files_digest", "digest"),
)

_PENDING = text("state IN ('requested', 'awaited')")
pending_request = Index(
    "uq_scp_files_pending",
    scp_files.c.association_id,
    unique=True,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)
"""Of an association one file at most is to come."""

awaited_files = Index(
    "ix_scp_files_awaited",
    scp_files.c.id,
    sqlite_where=scp_files.c.state == "awaited",
    postgresql_where=scp_files.c.state == "awaited",
)

scp_deliveries = Table(
    "scp_deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("scp_id", BigId, ForeignKey("scp_files.id"), nullable=False, index=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

scp_waits = Table(
    "scp_waits",
    metadata,
    Column("scp_id", BigId, ForeignKey("scp_files.id"), primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True, index=True),
    Column("batch", BigId, primary_key=True, index=True),  # 0: told of this file alone
)
"""Who is told when an awaited file is there; of the files of a batch when the last one is."""

KEPT = (
    Kept(scp_deliveries.c.person_id, personal_data.person_id, erased=False),
    Kept(scp_waits.c.person_id, personal_data.person_id, erased=True),
)
