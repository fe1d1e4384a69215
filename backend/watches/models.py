"""The table of watches. Of those under way a person has one per integrator and supply point."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept
from backend.watches.values import WatchState

watches = Table(
    "watches",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("point", String(14), nullable=False),
    Column("pod", String(15), nullable=False),
    Column("state", String(16), nullable=False),
    Column("round", Integer, nullable=False),  # grows with each look-up that is ordered
    Column("step", Integer, nullable=False),  # the interval before the next one
    Column("started_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("checked_at", UtcDateTime),
    Column("outcome", String(32)),
    Column("ended_at", UtcDateTime, index=True),
    Index("ix_watches_person_id_id", "person_id", "id"),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

_UNDER_WAY = watches.c.state == WatchState.WATCHING.value
one_watch = Index(
    "uq_watches_under_way",
    watches.c.person_id,
    watches.c.integrator_id,
    watches.c.point,
    unique=True,
    sqlite_where=_UNDER_WAY,
    postgresql_where=_UNDER_WAY,
)
due_watches = Index("ix_watches_due", watches.c.due_at, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY)

KEPT = (Kept(watches.c.person_id, personal_data.person_id, erased=True),)
