"""Contracts.

    standing ──a──► ended

a: commercial staff end it: where no other one stands, nobody of the company is enabled any longer
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.identity.permissions import Role


class ContractState(StrEnum):
    """The state of a contract."""

    STANDING = "standing"
    """Whom it names are enabled once they have registered."""
    ENDED = "ended"
    """It enables nobody."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a contract names. `role` is None where the contract does not say it."""

    email: str
    codice_fiscale: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract as it is loaded: its number, the company's partita IVA and name, the people."""

    number: str
    integrator_code: str
    business_name: str
    people: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What loading a contract would do to its list of people. `is_new`: there is none with its number;
    one that has `ended` cannot be loaded again.
    """

    number: str
    business_name: str
    people: int
    is_new: bool
    added: int
    removed: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract. `people` is how many it names, `enabled` how many it has enabled."""

    id: int
    number: str
    integrator_code: str
    business_name: str
    state: ContractState
    people: int
    enabled: int
    created_at: datetime
    ended_at: datetime | None
