"""Values of the inbox.

    waiting ──a──► ended
       │
       b
       ▼
  dead-lettered ──c──► waiting

a: its turn committed · b: the third try failed · c: an operator asked for another try
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class RowState(StrEnum):
    """The state of a row of the inbox."""

    WAITING = "waiting"
    """It is still to be worked, after those before it in its lane."""
    ENDED = "ended"
    """Its turn is committed; the payload is gone."""
    DEAD_LETTERED = "set_aside"
    """Three tries failed; it is kept with its error for an operator, and its lane went on."""


class RowKind(StrEnum):
    """The origin of a row of the inbox."""

    UPDATE = "update"
    """Telegram sent it."""
    RESULT = "result"
    """A job ended and its result belongs to a conversation of this lane."""
    ENTRY = "entry"
    """An action to go on with, put there by the turn before."""
    EXPIRED = "expired"
    """A conversation's time ran out."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something to be worked in a lane. `payload` is JSON; `album` gathers the parts of one; `press` is
    Telegram's id of a press; `user_id` is Telegram's of who sent it, or for whom it is.
    """

    bot_id: int
    lane: str
    kind: RowKind
    payload: dict[str, Any]
    correlation: str
    update_id: int | None = None
    album: str | None = None
    press: str | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came in, with its lanes locked until the commit: whether each was not seen before, and the lanes
    in which nothing else waits or is under way. `clock` is the database's, in milliseconds.
    """

    rows: Sequence[Incoming]
    fresh: Sequence[bool]
    idle: frozenset[str]
    clock: int

    @property
    def new(self) -> list[Incoming]:
        """What was not seen before, in its order."""
        return [row for row, fresh in zip(self.rows, self.fresh, strict=True) if fresh]


@dataclass(frozen=True, slots=True)
class Row:
    """A waiting row as a worker sees it."""

    id: int
    bot_id: int
    lane: str
    kind: RowKind
    payload: dict[str, Any]
    correlation: str
    album: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's hold on a lane. `attempt` counts the attempts at its oldest row, this one included."""

    lane: str
    token: str
    attempt: int


class Retried(StrEnum):
    """The result of a retry."""

    BACK = "back"
    """It is in its lane again."""
    UNKNOWN = "unknown"
    """No dead-lettered row has that reference."""
    FORGOTTEN = "forgotten"
    """It was dead-lettered too long ago: its content is gone."""


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A dead-lettered row as an operator sees it: without its payload."""

    id: int
    lane: str
    kind: RowKind
    reference: str
    error: str
    received_at: datetime
    has_content: bool = True
