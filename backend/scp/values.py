"""SCP files: what is asked of their source, and what is kept of them. Their content is a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from backend.associations.values import Association, Configuration
from backend.devices.values import DeviceType

MEDIA_TYPE = "application/vnd.a486.scp"


class ScpState(Enum):
    """The state of an SCP file.

    REQUESTED ──► READY, FAILED or AWAITED
    AWAITED ────► READY or WITHDRAWN

    What is READY stays so; a newer file of the same association takes its place.
    """

    REQUESTED = "requested"
    """Its content is to be made."""
    AWAITED = "awaited"
    """It was asked for, and somebody of the staff has to attach what the distributor gives."""
    READY = "ready"
    """It was made or attached, signed and stored."""
    FAILED = "failed"
    """Its content could not be made; asking again begins another one."""
    WITHDRAWN = "withdrawn"
    """Its association was deleted while it was awaited."""


PENDING = (ScpState.REQUESTED, ScpState.AWAITED)
"""The states in which the content is still to come; an association has one such file at most."""


@dataclass(frozen=True, slots=True)
class ScpRequest:
    """The input of a source: the association, its device and its PODs."""

    scp_id: int
    association_id: int
    sid: str
    nid: str
    device_type: DeviceType
    configuration: Configuration
    pod: str
    production_pod: str | None
    sequence: int

    @property
    def pods(self) -> tuple[str, ...]:
        """The exchange POD and, for PROSUMER, the production POD."""
        return (self.pod,) if self.production_pod is None else (self.pod, self.production_pod)


@dataclass(frozen=True, slots=True)
class ScpFile:
    """An SCP file as a member sees it; the bytes are in a blob. `sequence` counts the files of the device
    from 1.

    `digest`, `size` (bytes of the envelope), `key_id` and `expires_at` are set when READY; `failure` when
    FAILED.
    """

    id: int
    association_id: int
    sid: str
    state: ScpState
    sequence: int
    digest: str | None
    size: int | None
    key_id: str | None
    failure: str | None
    created_at: datetime
    expires_at: datetime | None

    @property
    def name(self) -> str:
        """The file's name: with its sequence, so that an older file of the device is not taken for it."""
        return f"{self.sid}-{self.sequence}.scp"

    @property
    def is_pending(self) -> bool:
        """True if its content is still to come."""
        return self.state in PENDING

    def is_current(self, at: datetime) -> bool:
        """True if it is ready and its time is not over."""
        return self.state is ScpState.READY and self.expires_at is not None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class AwaitedFile:
    """A file that somebody of the staff has to attach."""

    scp_id: int
    association: Association
    since: datetime


@dataclass(frozen=True, slots=True)
class Target:
    """An association that a file can be attached to. `request` is what the envelope says; its `scp_id` is the
    pending file that is filled, 0 where there is none. `newest` is the id of the newest file, 0 for none;
    `has_file` says whether one is ready.
    """

    association: Association
    request: ScpRequest
    newest: int
    has_file: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope that is stored, and does not belong to a file yet. `fills` and `newest` are the target's
    `request.scp_id` and `newest` when it was sealed; `size` is that of the envelope, in bytes, and `sha256`
    the content's (64 hexadecimal characters).
    """

    fills: int
    newest: int
    sequence: int
    digest: str
    size: int
    key_id: str
    issued_at: datetime
    sha256: str
