"""Associations: a supply bound to one device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from backend.devices.values import DeviceType
from backend.gesis.values import Factor
from backend.supplies.pod import Pod


class Configuration(Enum):
    """The meters that the device reads."""

    STANDARD = "STANDARD"
    """The exchange meter only."""
    PROSUMER = "PROSUMER"
    """The exchange meter and one production meter."""


class TellingState(Enum):
    """What the central system knows of an association, where there is one to be told.

                     a               b
        WAITING ──────────► TOLD ──────────► WAITING
           │  ▲              ▲
         c │  │ d          a │
           ▼  │              │
    PUT_OFF, FAILED, REFUSED ┘

    a: it has answered for the last change; or it never heard of an association that is deleted.
    b: the association has changed, or was deleted; or the central system turned out not to know it.
    c: it could not be reached (PUT_OFF), failed (FAILED), or did not take it (REFUSED). Each is told again
       when due; what was not refused, also once it has answered for another.
    d: the association has changed, or an operator wants it told now.
    """

    WAITING = "waiting"
    """It is to be told as soon as its turn comes."""
    PUT_OFF = "put-off"
    """The central system could not be reached."""
    FAILED = "failed"
    """The central system failed, or answered what nobody can read. If it lasts, somebody should look."""
    REFUSED = "refused"
    """The central system did not take it. Somebody should look."""
    TOLD = "told"
    """The central system knows its last state."""


@dataclass(frozen=True, slots=True)
class AssociationRequest:
    """A member's request. At least one of `sid` and `nid`; `production_pod` for PROSUMER only."""

    pod: Pod
    sid: str | None
    nid: str | None
    device_type: DeviceType
    configuration: Configuration
    production_pod: Pod | None = None

    def __post_init__(self) -> None:
        if self.sid is None and self.nid is None:
            raise ValueError("a SID or a NID is needed")


@dataclass(frozen=True, slots=True)
class Association:
    """An association with everything its card shows.

    `gesis`, `over_65_kw`, `eneltel` and `meter_serial` are as they were when it was created. `created_by`,
    `deleted_by` and `confirmed_by` are names of persons; `deleted_at` and `deleted_by` are None while it
    lives, `confirmed_at` and `confirmed_by` until a technician has confirmed it on site. `factor` is the
    factor K of its GESIS meter, where its integrator has said it. `telling` says whether a central system
    that is told of associations knows this one, `untold_since` since when it does not.
    """

    id: int
    pod: Pod
    production_pod: Pod | None
    device_id: int
    sid: str
    nid: str
    device_type: DeviceType
    configuration: Configuration
    eneltel: str
    meter_serial: str
    gesis: bool
    over_65_kw: bool
    integrator_id: int
    integrator_name: str
    created_at: datetime
    created_by: str
    deleted_at: datetime | None
    deleted_by: str | None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    factor: Factor | None = None
    telling: TellingState = TellingState.TOLD
    untold_since: datetime | None = None

    @property
    def point(self) -> str:
        """The supply point of the exchange POD."""
        return self.pod.point
