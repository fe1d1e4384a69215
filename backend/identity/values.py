"""Actors: persons, and whom they act for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.identity.errors import NotPermitted
from backend.identity.permissions import BEFORE_ENABLING, GRANTED, Permission, Role, StaffRole


@dataclass(frozen=True, slots=True)
class Integrator:
    """A System Integrator: the tenant. `code` is its partita IVA, 11 digits."""

    id: int
    code: str
    business_name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place with an integrator. `enabled`: the service has opened itself to them.

    `role` is None where only a later version knows it: it grants nothing here.
    """

    id: int
    integrator_id: int
    integrator_name: str
    integrator_code: str
    role: Role | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, the membership that they act in (none for somebody who belongs to no integrator),
    and their roles among the staff.

    `subject` is the random id that stands for the person in the audit, `language` that of their Telegram app,
    as it was last seen.
    """

    person_id: int
    subject: str
    name: str
    membership: Membership | None
    staff_roles: frozenset[StaffRole] = frozenset()
    language: str = ""
    suspended: bool = False

    def may(self, permission: Permission) -> bool:
        """True if one of the roles grants it. Somebody who is suspended may nothing."""
        if self.suspended:
            return False
        if any(permission in GRANTED[role] for role in self.staff_roles):
            return True
        member = self.membership
        if member is None or member.role is None:
            return False
        if not member.enabled and permission not in BEFORE_ENABLING:
            return False
        return permission in GRANTED[member.role]

    def may_for_all(self, permission: Permission) -> bool:
        """True if a role among the staff grants it: it is then about every integrator."""
        return not self.suspended and any(permission in GRANTED[role] for role in self.staff_roles)

    def authorise(self, permission: Permission) -> None:
        """Check a permission: the first line of every service. Raises NotPermitted."""
        if not self.may(permission):
            raise NotPermitted(permission)

    @property
    def acting_for(self) -> Membership:
        """The membership that the actor acts in. Raises NotPermitted where there is none."""
        if self.membership is None:
            raise NotPermitted(None)
        return self.membership

    @property
    def integrator_id(self) -> int:
        """The integrator that the actor acts for: the tenant. Raises NotPermitted where there is none."""
        return self.acting_for.integrator_id


@dataclass(frozen=True, slots=True)
class Details:
    """What was verified about a person. `codice_fiscale` is None for somebody from abroad who has none;
    `phone` is the number that Telegram vouches for. What an invitation does not tell is None.
    """

    name: str
    email: str | None
    codice_fiscale: str | None
    mobile: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """Who is behind verified details. `left` is the Telegram account that the person had until now, where it
    changed.
    """

    person_id: int
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A place with an integrator, as contracts see it."""

    membership_id: int
    person_id: int
    enabled: bool
    contract_id: int | None
    closed_by_contract: bool
    email: str | None
    codice_fiscale: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an integrator, as colleagues see them. `role` is None where only a later version knows
    it.
    """

    membership_id: int
    person_id: int
    subject: str
    name: str
    role: Role | None
    enabled: bool
    suspended: bool
    email: str | None
    mobile: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place with an integrator, as they see it themselves. `contract_id` is the contract that
    enabled them, where one did.
    """

    membership: Membership
    since: datetime
    contract_id: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What the service knows of a person, as they see it themselves."""

    name: str
    email: str | None
    mobile: str | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as an administrator sees them. Each of the `companies`: its name, the role's name, enabled."""

    id: int
    name: str
    email: str | None
    telegram_user_id: int
    suspended_at: datetime | None
    staff_roles: frozenset[StaffRole]
    companies: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A person's Telegram number, and the language of their app (may be empty)."""

    telegram_user_id: int
    language: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as an operator lists them: in one of their memberships, or in none."""

    actor: Actor
    telegram_user_id: int
