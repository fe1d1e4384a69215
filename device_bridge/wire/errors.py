"""Errors of what is signed.

WireError
├── UntrustedAnnouncement   a new signing key is not announced by a trusted one
└── EnvelopeError           a delivery envelope is not to be used
    ├── Malformed           it is not an envelope of this kind
    ├── UnknownKey          no trusted key has its key id (`key_id`)
    ├── BadSignature        it was changed, or somebody else signed it
    ├── DigestMismatch      the content is not what its digest says
    └── Expired             its time is over (`expires_at`)
"""

from __future__ import annotations

from datetime import datetime


class WireError(Exception):
    """Root of this package's exceptions."""


class UntrustedAnnouncement(WireError):
    """The announcement of a new signing key does not check out."""


class EnvelopeError(WireError):
    """A delivery envelope is not to be used."""


class Malformed(EnvelopeError):
    """It is not a delivery envelope."""


class UnknownKey(EnvelopeError):
    """No trusted key has the envelope's key id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


class BadSignature(EnvelopeError):
    """The envelope was changed, or somebody else signed it."""


class DigestMismatch(EnvelopeError):
    """The content is not what its digest says, although the envelope is signed."""


class Expired(EnvelopeError):
    """The envelope's time is over."""

    def __init__(self, expires_at: datetime) -> None:
        super().__init__(expires_at.isoformat())
        self.expires_at = expires_at
