"""Tables of contracts and of the people whom they name to be enabled (Allegato 5)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint

from backend.core import personal_data
from backend.core.db.metadata import BigId, UtcDateTime, metadata
from backend.core.personal_data import Kept

contracts = Table(
    "contracts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("integrator_code", String(11), nullable=False, index=True),
    Column("business_name", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("loaded_by", BigId, ForeignKey("persons.id")),  # none: the operator at the machine
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    sqlite_autoincrement=True,  # ids stand in buttons that live for months
)

contract_people = Table(
    "contract_people",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("contract_id", BigId, ForeignKey("contracts.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("codice_fiscale", String(16), nullable=False),
    Column("role", String(24)),  # none: the first one of a company is its referent
    UniqueConstraint("contract_id", "email"),
    Index("ix_contract_people_email", "email"),
)

KEPT = (
    Kept(contracts.c.loaded_by, personal_data.person_id, erased=False),
    Kept(contract_people.c.email, personal_data.email, erased=True),
)
