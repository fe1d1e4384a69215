"""Refusals about registrations.

RegistrationRefused (a Refused)
├── RegistrationIncomplete    a field is missing
├── RegistrationGone          it expired, or is another's
├── RegistrationDecided       somebody has decided meanwhile
├── RegistrationWithdrawn     the person has taken it back
├── TooManyWithdrawals        it was taken back often enough for now
├── CompanyClosed             no contract of the company stands any more
└── NotOnePerson              it is not said by one known person only, or by one who may not move
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


class RegistrationWithdrawn(RegistrationRefused):
    """The person has taken it back."""

    key = "registration-withdrawn"


class TooManyWithdrawals(RegistrationRefused):
    """It was taken back often enough for now."""

    key = "too-many-withdrawals"


class CompanyClosed(RegistrationRefused):
    """No contract of the company stands any more."""

    key = "company-closed"


class NotOnePerson(RegistrationRefused):
    """There is not one known person behind it, or one who may not move."""

    key = "not-one-person"
