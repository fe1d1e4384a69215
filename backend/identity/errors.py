"""What can go wrong with persons and integrators.

IdentityError
├── IntegratorCodeInvalid       not a partita IVA
└── IdentityRefused (a Refused)
    └── MemberUnknown           no such person or integrator
"""

from __future__ import annotations

from backend.refusals import Refused


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
    """There is no such person or integrator."""

    key = "member-unknown"
