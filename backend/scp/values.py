"""SCP files: what is asked of their source, and what is kept of them. Their content is a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from backend.associations.values import Configuration
from backend.devices.values import DeviceType

MEDIA_TYPE = "application/vnd.a486.scp"


class ScpState(Enum):
    """The state of an SCP file."""

    REQUESTED = "requested"
    """Its content is to be made."""
    READY = "ready"
    """It was made, signed and stored."""
    FAILED = "failed"
    """Its content could not be made; asking again begins another one."""


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

    def is_current(self, at: datetime) -> bool:
        """True if it is ready and its time is not over."""
        return self.state is ScpState.READY and self.expires_at is not None and at < self.expires_at
