"""Values of watches.

    watching ──a──► told
        ├──b──► expired
        ├──c──► stopped
        ├──d──► closed
        └──e──► moot

a: a look-up no longer says that the meter is out of reach, also one that the person made by hand · b: its
period is over, and it still was at the last look-up · c: the person wants no more of it · d: the person may
no longer look supplies up for that integrator · e: the person's own integrator has associated the supply
meanwhile
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.supplies.pod import Pod
from backend.supplies.values import LookUpOutcome

FOUND_NOTICE = "watch_found"
OVER_NOTICE = "watch_over"

MOST_WATCHES = 20
"""Watches that a person can have at a time, for all integrators together."""
PERIOD = timedelta(days=14)
"""After so long a watch ends, with a word."""
INTERVALS = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480, 720))
"""From one look-up to the next; the last one is repeated."""
NOBODY_KNOWS = timedelta(hours=1)
"""The longest interval while the central system is away: it may be back at any moment."""
CLAIMED_FOR = timedelta(minutes=15)
"""For so long a look-up that was ordered is awaited; then it is ordered again."""
AT_ONCE = 25
"""Look-ups that are ordered at a time, every half minute, also where more are due after an outage."""
KEPT = timedelta(days=30)
"""For so long a watch stays on record once it has ended."""

GOES_ON = frozenset(
    {
        LookUpOutcome.UNREACHABLE,
        LookUpOutcome.UNAVAILABLE,
        LookUpOutcome.INTERNAL_ERROR,
        LookUpOutcome.GENERIC_ERROR,
    }
)
"""Outcomes after which a watch goes on: the meter is out of reach, or nobody knows."""


class WatchState(StrEnum):
    """The state of a watch. Stored by value: a member is never renamed."""

    WATCHING = "watching"
    """The POD is looked up from time to time."""
    TOLD = "told"
    """The person is told what a look-up says now."""
    EXPIRED = "expired"
    """The period is over; the person is told that too."""
    STOPPED = "stopped"
    """The person has ended it."""
    CLOSED = "closed"
    """The person may not look supplies up any more."""
    MOOT = "moot"
    """The integrator has associated the supply itself."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A person's watch on a POD, for an integrator. `due_at` is when it is looked up next, `checked_at` when
    it was last (None before the first time), `outcome` what that said, or what was said when it ended.
    """

    id: int
    person_id: int
    integrator_id: int
    pod: Pod
    state: WatchState
    round: int
    step: int
    started_at: datetime
    ends_at: datetime
    due_at: datetime
    checked_at: datetime | None
    outcome: LookUpOutcome | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A look-up to be made now, for a Telegram user. Only the result of the latest round counts."""

    watch_id: int
    round: int
    telegram_user_id: int


def next_due(step: int, at: datetime, ends_at: datetime, longest: timedelta = INTERVALS[-1]) -> datetime:
    """When the look-up after this one is due; the last one is made when the period ends."""
    due = at + min(INTERVALS[min(step, len(INTERVALS) - 1)], longest)
    return due if at >= ends_at else min(due, ends_at)
