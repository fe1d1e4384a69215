"""The table of associations, and of what the central system is to be told of them. Deleted ones stay, for the
reports; of live ones there is one per point and per device. And the table of who gets a report on them each
week.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from backend.core import personal_data
from backend.core.db.metadata import BigId, Json, UtcDateTime, metadata
from backend.core.personal_data import Kept

associations = Table(
    "associations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False),
    Column("point", String(14), nullable=False, index=True),
    Column("pod", String(15), nullable=False),
    Column("production_pod", String(15)),
    Column("device_id", BigId, ForeignKey("devices.id"), nullable=False, index=True),
    Column("device_type", String(16), nullable=False),
    Column("configuration", String(16), nullable=False),
    Column("eneltel", String(9), nullable=False),
    Column("meter_serial", String(32), nullable=False),
    Column("gesis", Boolean, nullable=False),
    Column("over_65_kw", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", BigId, ForeignKey("persons.id"), nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by", BigId, ForeignKey("persons.id")),
    Column("confirmed_at", UtcDateTime),  # on site
    Column("confirmed_by", BigId, ForeignKey("persons.id")),
    Index("ix_associations_integrator_id_id", "integrator_id", "id"),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

live_point = Index(
    "uq_associations_live_point",
    associations.c.point,
    unique=True,
    sqlite_where=associations.c.deleted_at.is_(None),
    postgresql_where=associations.c.deleted_at.is_(None),
)
live_device = Index(
    "uq_associations_live_device",
    associations.c.device_id,
    unique=True,
    sqlite_where=associations.c.deleted_at.is_(None),
    postgresql_where=associations.c.deleted_at.is_(None),
)

association_subscriptions = Table(
    "association_subscriptions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False, index=True),
    Column("integrator_id", BigId, ForeignKey("integrators.id")),  # none: as one of the staff
    Column("criteria", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),  # when the next report is to be made
    Index("ix_association_subscriptions_due_at", "due_at"),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

tellings = Table(
    "association_tellings",
    metadata,
    Column("association_id", BigId, ForeignKey("associations.id"), primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("revision", BigInteger, nullable=False),  # of the last change
    Column("begun", BigInteger, nullable=False),  # the greatest that a call was begun with; 0 for none
    Column("attempts", Integer, nullable=False),  # in a row that failed
    Column("failure", String(32)),  # of the last one
    Column("since", UtcDateTime, nullable=False),  # it is as its state says
    Column("due_at", UtcDateTime, nullable=False),
)
"""Of each association what the central system is to be told: its last state, whatever that is by then."""

untold = Index(
    "ix_association_tellings_untold",
    tellings.c.due_at,
    sqlite_where=tellings.c.state != "told",
    postgresql_where=tellings.c.state != "told",
)

KEPT = (
    Kept(associations.c.created_by, personal_data.person_id, erased=False),
    Kept(associations.c.deleted_by, personal_data.person_id, erased=False),
    Kept(associations.c.confirmed_by, personal_data.person_id, erased=False),
    Kept(association_subscriptions.c.person_id, personal_data.person_id, erased=True),
)
