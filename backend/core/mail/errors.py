"""Why a mail was not sent.

MailError
├── MailRefused       the address or the message is refused for good
└── MailUnavailable   it may pass: no connection, no answer in time, a refusal for now
"""

from __future__ import annotations


class MailError(Exception):
    """Root of this package's exceptions. `reason` is for the log: it names nobody. `detail` is what the
    server said, which may name the address: it is for the operator's eyes, and never logged.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class MailRefused(MailError):
    """The address or the message is refused for good: sending it again is useless."""


class MailUnavailable(MailError):
    """It could not be sent now; a later try may succeed."""
