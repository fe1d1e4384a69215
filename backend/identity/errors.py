"""Errors about persons and integrators.

IdentityError
├── IntegratorCodeInvalid       not a partita IVA
└── IdentityRefused (a Refused)
    ├── FieldInvalid            a field cannot be so (`fault` says why)
    ├── LastReferent            nobody would be left to say who belongs to the integrator
    ├── MemberUnknown           no such person, integrator or membership
    ├── NotOneself              nobody does this to themselves
    ├── PersonSuspended         suspended people do not erase themselves
    └── NotPermitted            the actor's roles do not allow it (`permission`)
"""

from __future__ import annotations

from backend.core.refusals import Refused
from backend.identity.permissions import Permission


class IdentityError(Exception):
    """Root of this package's exceptions."""


class IntegratorCodeInvalid(IdentityError):
    """The code is not a valid partita IVA."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code!r} is not a partita IVA")
        self.code = code


class IdentityRefused(IdentityError, Refused):
    """Root of the expected refusals about persons."""


class MemberUnknown(IdentityRefused):
    """There is no such person, integrator or membership."""

    key = "member-unknown"


class FieldInvalid(IdentityRefused):
    """A field cannot be so. `fault` is the key of the reason."""

    key = "field-invalid"

    def __init__(self, fault: str) -> None:
        super().__init__(fault=fault)
        self.fault = fault


class LastReferent(IdentityRefused):
    """Nobody would be left to say who belongs to the integrator."""

    key = "last-referent"


class NotOneself(IdentityRefused):
    """Nobody does this to themselves."""

    key = "not-oneself"


class PersonSuspended(IdentityRefused):
    """Suspended people do not erase themselves: they would come back as somebody else."""

    key = "person-suspended"


class NotPermitted(IdentityRefused):
    """The actor may not do this. `permission` is what they lack; None where they act for no integrator."""

    key = "not-permitted"

    def __init__(self, permission: Permission | None) -> None:
        super().__init__()
        self.permission = permission
