"""Refusals about registrations.

RegistrationRefused (a Refused)
├── RegistrationIncomplete    a field is missing
├── RegistrationGone          it expired, or is another's
└── RegistrationDecided       somebody has decided meanwhile
"""

from __future__ import annotations

from backend.core.refusals import Refused


class RegistrationRefused(Refused):
    """Root of these refusals."""


class RegistrationIncomplete(RegistrationRefused):
    """A field is missing, or not verified yet."""

    key = "registration-incomplete"


class RegistrationGone(RegistrationRefused):
    """It expired, or is another's."""

    key = "registration-gone"


class RegistrationDecided(RegistrationRefused):
    """Somebody has decided meanwhile."""

    key = "registration-decided"
