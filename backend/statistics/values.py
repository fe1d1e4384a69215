"""Values of the statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from backend.bulk.values import RowState

WEEKS = 8
"""The present one, and those before it."""
TICKET_AGES = (1, 3, 7, 30)
"""Days: the spans of ages end with each of these, and the last does not end."""
CONFIRMATION_AGES = (7, 30, 90)
"""Days: the same, of associations that nobody has confirmed on site."""


@dataclass(frozen=True, slots=True)
class Week:
    """The associations of a week that begins on this Monday, in Rome."""

    monday: date
    created: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of so many rows of bulk requests. `outcome` is the key of its text."""

    state: RowState
    outcome: str
    rows: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a moment. `of_all`: of every integrator. The weeks are in order, the ages begin with the
    youngest.
    """

    of_all: bool
    weeks: tuple[Week, ...]
    live: int
    outcomes: tuple[Outcome, ...]
    unassigned: tuple[int, ...]
    """Open tickets that nobody looks after, by age."""
    assigned: tuple[int, ...]
    """Open tickets that somebody looks after, by age."""
    oldest_ticket: datetime | None
    unconfirmed: tuple[int, ...]
    """Associations that nobody has confirmed on site, by age."""
    to_confirm: int
    """Programming jobs that only wait for the technician's word."""

    @property
    def rows(self) -> int:
        """Rows of bulk requests."""
        return sum(each.rows for each in self.outcomes)

    @property
    def open_tickets(self) -> int:
        """Open tickets."""
        return sum(self.unassigned) + sum(self.assigned)
