"""Table of the elections: which process holds which role."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from backend.core.db.metadata import metadata
from backend.core.personal_data import Kept

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("held_until_ms", BigInteger, nullable=False),
)

KEPT: tuple[Kept, ...] = ()
