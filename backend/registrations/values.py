"""Registrations of people who want to use the service for their company.

    filling ──a──► verifying ──b──► submitted ──d──► enabled
                       │                │
                       └───────c────────┼──────────►
                                        ├──e──► refused
                                        └──f──► withdrawn

a: every field is given and confirmed · b: phone and e-mail are verified, or were for one that was withdrawn ·
c: as b, and a contract names the person · d: commercial staff enable them, or a
contract that names them is loaded · e: commercial staff refuse · f: the person wants to correct it: another
registration begins with all that was given, so that nobody decides about what they have not read

What is not submitted within a week is deleted, and so is what was withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RegistrationState(StrEnum):
    """The state of a registration."""

    FILLING = "filling"
    """Fields are missing, or not confirmed yet."""
    VERIFYING = "verifying"
    """The fields are confirmed; phone and e-mail are to be verified."""
    SUBMITTED = "submitted"
    """Verified; the service has not decided yet."""
    ENABLED = "enabled"
    """The service has opened itself to the person."""
    REFUSED = "refused"
    """Commercial staff refused, with a reason."""
    WITHDRAWN = "withdrawn"
    """The person took it back to correct it; another one has its fields."""


CLAUSES = "1"
"""The version of the texts that are accepted with a registration."""
OPEN = (RegistrationState.FILLING, RegistrationState.VERIFYING)
"""States in which the person has the next word."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a registration, as they were read; None for what is not given yet.

    `nationality` is a word; `codice_fiscale` is "" for somebody from abroad who has none; `mobile` is in the
    international form; `terms` and `privacy` are accepted clauses.
    """

    first_name: str | None = None
    last_name: str | None = None
    nationality: str | None = None
    codice_fiscale: str | None = None
    email: str | None = None
    company_name: str | None = None
    office: str | None = None
    partita_iva: str | None = None
    company_code: str | None = None
    mobile: str | None = None
    terms: bool = False
    privacy: bool = False


class Doubt(StrEnum):
    """Why a person decides about a registration, where a program may not."""

    NO_CONTRACT = "no-contract"
    """No standing contract of the company names the person by e-mail and Codice Fiscale."""
    OTHER_PHONE = "other-phone"
    """Telegram's number is not the mobile that was given."""
    REMOVED = "removed"
    """A referent of the company has removed the person."""
    OTHER_PERSON = "other-person"
    """The e-mail is that of a person with another Codice Fiscale, or the account is another person's."""


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """The company of a registration as the service knows it already, with the names of its referents."""

    business_name: str
    referents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration. `phone` is the number that Telegram vouches for; `clauses` is the version of what was
    accepted; `reason` says why it was refused.
    """

    id: int
    telegram_user_id: int
    person_id: int | None
    state: RegistrationState
    form: Form
    phone: str | None
    accepted_at: datetime | None
    clauses: str | None
    doubts: tuple[Doubt, ...]
    reason: str | None
    created_at: datetime
    expires_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    @property
    def name(self) -> str:
        """The name and surname."""
        return f"{self.form.first_name or ''} {self.form.last_name or ''}".strip()
