"""Refusals about codes by e-mail.

EmailCodeRefused (a Refused)
├── CodeWrong        it is not the code, or that was used, or is too old, or was tried too often
└── TooManyCodes     no further code is sent now
"""

from __future__ import annotations

from backend.core.refusals import Refused


class EmailCodeRefused(Refused):
    """Root of these refusals."""


class CodeWrong(EmailCodeRefused):
    """It is not the code, or that was used, or is too old, or was tried too often."""

    key = "code-wrong"


class TooManyCodes(EmailCodeRefused):
    """The person has been sent enough codes for now."""

    key = "too-many-codes"
