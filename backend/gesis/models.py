"""The table of factors: what an integrator knows of the meter of a supply point. It is the meter's, so that
whoever associates the point again has it again, and nobody has it for another meter.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

meter_factors = Table(
    "meter_factors",
    metadata,
    Column("integrator_id", BigId, ForeignKey("integrators.id"), primary_key=True),
    Column("point", String(14), primary_key=True),
    Column("meter_serial", String(32), primary_key=True),
    Column("factor", String(24), nullable=False),  # as `Factor.written`
    Column("set_at", UtcDateTime, nullable=False),
    Column("set_by", BigId, ForeignKey("persons.id"), nullable=False),
)

KEPT = (Kept(meter_factors.c.set_by, personal_data.person_id, erased=False),)
