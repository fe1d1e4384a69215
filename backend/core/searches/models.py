"""Table of the searches."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

searches = Table(
    "searches",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False, index=True),
    Column("criteria", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_searches_created_at", "created_at"),
    sqlite_autoincrement=True,  # a button of a search that was deleted must not find another one
)

KEPT = (Kept(searches.c.person_id, personal_data.person_id, erased=True),)
