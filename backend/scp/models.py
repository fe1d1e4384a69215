"""Tables of SCP files and of who was handed one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

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

open_request = Index(
    "uq_scp_files_requested",
    scp_files.c.association_id,
    unique=True,
    sqlite_where=scp_files.c.state == "requested",
    postgresql_where=scp_files.c.state == "requested",
)

scp_deliveries = Table(
    "scp_deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("scp_id", BigId, ForeignKey("scp_files.id"), nullable=False, index=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

KEPT = (Kept(scp_deliveries.c.person_id, personal_data.person_id, erased=False),)
