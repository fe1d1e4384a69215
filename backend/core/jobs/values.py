"""Values of the job queue.

    waiting ──a──► running ──b──► ended
       ▲   │          │
       └c──│──────────┤
           └────d─────┴──d──► cancelled

a: a worker took it · b: its result is in the lane · c: it failed and will be tried again, or its worker
died · d: the user no longer wants it
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.core.outbox.values import Destination


class JobState(StrEnum):
    """The state of a job."""

    WAITING = "waiting"
    """No worker has it."""
    RUNNING = "running"
    """A worker has it, as long as its lease lasts."""
    ENDED = "ended"
    """Its result, good or bad, is a row of its lane."""
    CANCELLED = "cancelled"
    """The user no longer waits for it; a result that comes late is dropped."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work for outside of a turn. `arguments` are JSON; `user_id` and `language` are Telegram's;
    `membership_id` is the one in which it was asked for."""

    id: int
    kind: str
    arguments: dict[str, Any]
    destination: Destination
    user_id: int
    language: str
    card_id: int | None
    attempt: int
    token: str
    correlation: str
    action: str | None = None
    membership_id: int | None = None
