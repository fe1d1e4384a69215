"""The table of devices."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from backend.core.db.metadata import BigId, metadata
from backend.core.personal_data import Kept

devices = Table(
    "devices",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("sid", String(32), nullable=False, unique=True),
    Column("nid", String(12), nullable=False, unique=True),
    Column("type", String(16), nullable=False),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False, index=True),
)

KEPT: tuple[Kept, ...] = ()
