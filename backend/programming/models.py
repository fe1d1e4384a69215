"""Tables of the programming jobs, of their tries and of the posts that show them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

programming_jobs = Table(
    "programming_jobs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("association_id", BigId, ForeignKey("associations.id"), nullable=False, index=True),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("technician_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("assigned_by", BigId, ForeignKey("persons.id"), nullable=False),
    Column("place", String(200), nullable=False),
    Column("note", String(500), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),  # none while it is open
    # The bridge that holds it: no other one is given it before the lease is over.
    Column("bridge_id", BigId, ForeignKey("bridges.id", ondelete="SET NULL")),
    Column("leased_until", UtcDateTime),
    Column("attempt", Integer, nullable=False),
    Column("step", String(16)),
    Column("done", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("failure", Json),
    Column("read_back", Json),
    Column("repeated", Boolean, nullable=False),
    # The technician's word on site, which may come before the report.
    Column("confirmed_at", UtcDateTime),
    Column("by_hand", Boolean, nullable=False),
    Column("photo_file", String(256)),  # as Telegram calls it, until it is stored
    Column("photo", String(80), ForeignKey("blobs.digest")),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("report", String(80), ForeignKey("blobs.digest")),
    Index("ix_programming_jobs_integrator_id_id", "integrator_id", "id"),
    Index("ix_programming_jobs_technician_id_id", "technician_id", "id"),
    sqlite_autoincrement=True,  # ids stand in buttons, and on laptops
)

open_job = Index(
    "uq_programming_jobs_open_association",
    programming_jobs.c.association_id,
    unique=True,
    sqlite_where=programming_jobs.c.ended_at.is_(None),
    postgresql_where=programming_jobs.c.ended_at.is_(None),
)

programming_runs = Table(
    "programming_runs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("job_id", BigId, ForeignKey("programming_jobs.id"), nullable=False),
    Column("bridge_id", BigId, ForeignKey("bridges.id", ondelete="SET NULL")),
    Column("key_id", String(16), nullable=False),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("failure", Json),
    Column("report", LargeBinary),  # as the bridge signed it
    Column("device_id", BigId, ForeignKey("devices.id")),  # with a report: which file the device was given
    Column("sequence", Integer),
    UniqueConstraint("job_id", "key_id", "attempt"),
    Index("ix_programming_runs_device_id", "device_id"),
)

programming_cards = Table(
    "programming_cards",
    metadata,
    Column("card_id", BigId, primary_key=True),
    Column("job_id", BigId, ForeignKey("programming_jobs.id"), nullable=False, index=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("thread_id", BigInteger),
)

_PUBLIC = (
    programming_jobs.c.id,
    programming_jobs.c.association_id,
    programming_jobs.c.state,
    programming_jobs.c.created_at,
    programming_jobs.c.ended_at,
)
KEPT = (
    Kept(programming_cards.c.chat_id, personal_data.telegram_user_id, erased=True),
    Kept(programming_jobs.c.technician_id, personal_data.person_id, erased=False),
    Kept(programming_jobs.c.assigned_by, personal_data.person_id, erased=False, only=_PUBLIC),
)
