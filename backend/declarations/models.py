"""The table of accepted declarations."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

acceptances = Table(
    "declaration_acceptances",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("text_version", String(32), nullable=False),
    Column("accepted_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(
        "ix_declaration_acceptances_person_id_integrator_id_expires_at",
        "person_id",
        "integrator_id",
        "expires_at",
    ),
)

KEPT = (Kept(acceptances.c.person_id, personal_data.person_id, erased=False),)
