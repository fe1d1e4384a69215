"""Programming jobs as their technicians and their integrator see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from backend.associations.values import Association


class ProgrammingState(Enum):
    """The state of a programming job.

    ASSIGNED ──► RUNNING ──► PROGRAMMED ──► CONFIRMED
       │  ▲       │   ▲                        ▲
       │  │       ▼   │                        │
       │  └───── FAILED ───────── by hand ─────┤
       ├───────── by hand ─────────────────────┘
       └──► CANCELLED ◄── FAILED

    A report that comes in is never refused for the state: it moves ASSIGNED and FAILED to PROGRAMMED too,
    when a laptop worked without a network.
    """

    ASSIGNED = "assigned"
    """It waits for its technician."""
    RUNNING = "running"
    """A bridge programs the device, or has lost its network while it did."""
    PROGRAMMED = "programmed"
    """The device was read back; the technician has not confirmed the work on site yet."""
    CONFIRMED = "confirmed"
    """The technician has confirmed the work on site."""
    FAILED = "failed"
    """The last try ended without a proof; it can be tried again."""
    CANCELLED = "cancelled"
    """The integrator has cancelled it before it was begun, or the association is gone."""


OPEN = (
    ProgrammingState.ASSIGNED,
    ProgrammingState.RUNNING,
    ProgrammingState.PROGRAMMED,
    ProgrammingState.FAILED,
)
"""The states in which there is something left to do."""
TO_PROGRAM = (ProgrammingState.ASSIGNED, ProgrammingState.RUNNING, ProgrammingState.FAILED)
"""The states in which a bridge may program."""


class RunState(Enum):
    """The state of one try of a bridge.

    BEGUN ──► DONE or FAILED
    """

    BEGUN = "begun"
    """Nothing was heard of its end yet."""
    DONE = "done"
    """There is a signed report."""
    FAILED = "failed"
    """It ended without a proof."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a try ended without a proof: the step, a word for the reason, and the values of its sentence."""

    step: str
    reason: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a laptop read from the device after programming. `outcome` is `confirmed`, `unread` or `unproved`;
    `links` says of each meter `ok` or a word for why it is not reached; `held` is the SHA-256 that the device
    gave, if any.
    """

    outcome: str
    nid: str
    pod: str | None
    model: int | None
    firmware: str
    links: dict[str, str]
    loader: str
    sequence: int
    sha256: str
    held: str | None
    simulated: bool
    host: str
    fingerprint: str
    began_at: datetime
    ended_at: datetime
    attempt: int
    clock_wrong: bool = False


@dataclass(frozen=True, slots=True)
class OnSite:
    """The technician's word on site. `by_hand`: nothing was read back by a bridge. `photo_file` is the
    picture as Telegram calls it, `photo` its digest once it is stored.
    """

    at: datetime
    by_hand: bool
    photo_file: str | None
    photo: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class ProgrammingJob:
    """A programming job with everything that its card shows. `step`, `done` and `of` say how far a RUNNING
    one is; `bridge` is the name of the laptop that has it; `report` is the PDF's digest; `repeated`: the
    device was programmed again after a report had come in; `awaits_file`: its SCP file is to be attached by
    the staff.
    """

    id: int
    association: Association
    technician_id: int
    technician: str
    assigned_by_id: int
    assigned_by: str
    place: str
    note: str
    state: ProgrammingState
    created_at: datetime
    bridge_id: int | None
    bridge: str | None
    attempt: int
    step: str | None
    done: int
    of: int
    failure: Failure | None
    read_back: ReadBack | None
    on_site: OnSite | None
    report: str | None
    repeated: bool
    ended_at: datetime | None
    awaits_file: bool = False
