"""Who acts, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a member may do for an integrator."""

    CONFIGURATOR = "configurator"
    """May look up, associate and delete, once enabled."""

    @property
    def may_configure(self) -> bool:
        """Whether the role covers look-up, association, SCP file and deletion."""
        return self is Role.CONFIGURATOR


@dataclass(frozen=True, slots=True)
class Integrator:
    """A System Integrator: the tenant. `code` is its partita IVA, 11 digits."""

    id: int
    code: str
    business_name: str


@dataclass(frozen=True, slots=True)
class ActingMember:
    """A person acting for an integrator. `subject` is the random id that stands for the person in the
    audit.
    """

    person_id: int
    subject: str
    integrator_id: int
    integrator_name: str
    person_name: str
    role: Role
    enabled: bool

    @property
    def may_configure(self) -> bool:
        """Whether look-up, association, SCP file and deletion are open to the member now."""
        return self.enabled and self.role.may_configure


@dataclass(frozen=True, slots=True)
class Membership:
    """A member as an operator lists them."""

    member: ActingMember
    telegram_user_id: int
    integrator_code: str
