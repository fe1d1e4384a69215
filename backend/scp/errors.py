"""Errors about SCP files.

ScpError
├── ScpSourceFailed         the source did not make the content
└── ScpRefused (a Refused)
    ├── ScpNotReady         there is no file to hand over yet (or none any more)
    └── ScpAssociationGone  the association is not the actor's integrator's, or was deleted
"""

from __future__ import annotations

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
