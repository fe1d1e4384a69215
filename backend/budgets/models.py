"""Tables of the budgets: the look-ups of each person by clock hour, and the hours in which a budget was
spent. Hours are whole hours since 1970 (UTC).
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, metadata
from backend.core.personal_data import Kept

look_up_counts = Table(
    "look_up_counts",
    metadata,
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("number", Integer, nullable=False),
    # In this order, the hours of an integrator are one range.
    PrimaryKeyConstraint("integrator_id", "hour", "person_id"),
    Index("ix_look_up_counts_hour", "hour"),
)

look_up_budgets_spent = Table(
    "look_up_budgets_spent",
    metadata,
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("person_id", BigId, nullable=False),  # 0: the integrator's own budget
    PrimaryKeyConstraint("integrator_id", "hour", "person_id"),
    Index("ix_look_up_budgets_spent_hour", "hour"),
)

KEPT = (
    Kept(look_up_counts.c.person_id, personal_data.person_id, erased=True),
    Kept(look_up_budgets_spent.c.person_id, personal_data.person_id, erased=True),
)
