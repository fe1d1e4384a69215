"""Errors about SCP files and their envelopes.

ScpError
├── ScpSourceFailed         the source did not make the content
├── ScpRefused (a Refused)
│   ├── ScpNotReady         there is no file to hand over yet (or none any more)
│   └── ScpAssociationGone  the association is not the actor's integrator's, or was deleted
└── EnvelopeError           a delivery envelope is not to be used
    ├── Malformed           it is not an envelope of this kind
    ├── UnknownKey          no trusted key has its key id (`key_id`)
    ├── BadSignature        it was changed, or somebody else signed it
    ├── DigestMismatch      the content is not what its digest says
    └── Expired             its time is over (`expires_at`)
"""

from __future__ import annotations

from datetime import datetime

from backend.core.refusals import Refused


class ScpError(Exception):
    """Root of this package's exceptions."""


class ScpSourceFailed(ScpError):
    """The source did not make the content. `reason` is a constant for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ScpRefused(ScpError, Refused):
    """Root of the expected refusals."""


class ScpNotReady(ScpRefused):
    """There is no file to hand over: not made yet, or failed."""

    key = "scp-not-ready"


class ScpAssociationGone(ScpRefused):
    """The association does not exist for this member, or was deleted."""

    key = "scp-association-gone"


class EnvelopeError(ScpError):
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
