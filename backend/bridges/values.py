"""Bridges as their technicians and the gateway see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class BridgeState(Enum):
    """The state of a bridge.

    ASKED ──► ACTIVE ──► REVOKED
      └─────► DECLINED
    """

    ASKED = "asked"
    """A laptop gave the code; the technician has not confirmed its key yet."""
    ACTIVE = "active"
    """The technician has confirmed the key."""
    DECLINED = "declined"
    """The technician said that it is not their laptop, or said nothing in time."""
    REVOKED = "revoked"
    """The technician does not want it any more."""


class PairingError(Enum):
    """Why a laptop cannot be paired by a code."""

    CODE = "code"
    """There is no such code."""
    EXPIRED = "expired"
    """Its time is over, or it was used."""
    TRIES = "tries"
    """It was given wrongly too often."""
    NOT_PERMITTED = "not_permitted"
    """Its technician may not program devices any more."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge. `fingerprint` is that of its key, `key_id` how its messages name it; `seen_at` is when it was
    connected last.
    """

    id: int
    person_id: int
    public_key: bytes
    key_id: str
    fingerprint: str
    host: str
    platform: str
    program: str
    state: BridgeState
    asked_at: datetime
    seen_at: datetime | None
    connected: bool


class CommandKind(Enum):
    """What a technician can have a bridge do at once."""

    IDENTIFY = "identify"
    """Say which device is connected."""
    READ = "read"
    """Read the meter."""
    BLINK = "blink"
    """Let the device's LED blink."""
    PROGRAM = "program"
    """Begin a programming job."""
    LOADED = "loaded"
    """The technician has loaded the file by hand."""


class CommandState(Enum):
    """The state of a command.

    WAITING ──► SENT ──► ANSWERED
       └──────────┴────► the row is deleted when whoever waited is gone
    """

    WAITING = "waiting"
    """The gateway has not seen it yet."""
    SENT = "sent"
    """The bridge has it."""
    ANSWERED = "answered"
    """The bridge has answered."""


@dataclass(frozen=True, slots=True)
class BridgeCommand:
    """A command and, once it is ANSWERED, its answer."""

    id: int
    bridge_id: int
    kind: CommandKind
    argument: dict[str, Any]
    state: CommandState
    answer: dict[str, Any] | None
