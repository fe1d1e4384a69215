"""Errors about SCP files.

ScpError
├── ScpSourceFailed         the source did not make the content
├── ScpAwaited              the source makes none: somebody has to attach it
└── ScpRefused (a Refused)
    ├── ScpNotReady         there is no file to hand over yet (or none any more)
    ├── ScpAssociationGone  the association is not the actor's integrator's, or was deleted
    └── ScpChanged          another file was attached, or asked for, meanwhile
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


class ScpAwaited(ScpError):
    """The source makes no content: somebody of the staff has to attach it."""


class ScpRefused(ScpError, Refused):
    """Root of the expected refusals."""


class ScpNotReady(ScpRefused):
    """There is no file to hand over: not made yet, or failed."""

    key = "scp-not-ready"


class ScpAssociationGone(ScpRefused):
    """The association does not exist for this member, or was deleted."""

    key = "scp-association-gone"


class ScpChanged(ScpRefused):
    """The association's newest file is another one, or ready, by now: what was sealed does not follow it."""

    key = "scp-changed"
