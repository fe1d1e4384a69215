"""Tables of persons, integrators, who belongs to which, who is among the staff, and how each wants to be
told of things.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
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
    Column("closed_by_contract", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "integrator_id"),
    sqlite_autoincrement=True,  # ids stand in buttons and jobs that outlive a member
)

removals = Table(
    "removals",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True),
    Column("integrator_id", BigId, ForeignKey("integrators.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True),
    Column("role", String(24), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True),
    # Minutes of the day in Rome; none = no quiet hours.
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("by_mail", Boolean, nullable=False, server_default=true()),
)
"""A person who has none has the defaults."""

muted_notices = Table(
    "muted_notices",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True),
    Column("kind", String(32), primary_key=True),
)

KEPT = (
    Kept(
        persons.c.id,
        personal_data.person_id,
        erased=False,
        shown=(persons.c.display_name, persons.c.email, persons.c.codice_fiscale, persons.c.mobile),
    ),
    Kept(preferences.c.person_id, personal_data.person_id, erased=True),
    Kept(muted_notices.c.person_id, personal_data.person_id, erased=True),
    Kept(memberships.c.person_id, personal_data.person_id, erased=True),
    Kept(removals.c.person_id, personal_data.person_id, erased=True),
    Kept(staff.c.person_id, personal_data.person_id, erased=True),
)
