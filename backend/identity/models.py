"""Tables of persons, integrators, who belongs to which, and who is among the staff."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
    true,
)

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

persons = Table(
    "persons",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("subject", String(36), nullable=False, unique=True),
    Column("telegram_user_id", BigInteger, nullable=False, unique=True),
    Column("display_name", String(128), nullable=False),
    Column("language", String(16)),  # of their Telegram app, as last seen
    # The one that they chose to act in. A bare number: the two tables would depend on each other.
    Column("chosen_membership_id", BigId),
    Column("email", String(254), unique=True),  # verified
    Column("codice_fiscale", String(16)),
    Column("mobile", String(16)),
    Column("suspended_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

integrators = Table(
    "integrators",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(11), nullable=False, unique=True),
    Column("business_name", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), nullable=False),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), nullable=False, index=True),
    Column("role", String(24), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("contract_id", BigId, index=True),  # that enabled them; a bare number: contracts stand above
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "integrator_id"),
)

staff = Table(
    "staff",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True),
    Column("role", String(24), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

KEPT = (
    Kept(persons.c.id, personal_data.person_id, erased=False),
    Kept(memberships.c.person_id, personal_data.person_id, erased=True),
    Kept(staff.c.person_id, personal_data.person_id, erased=True),
)
