"""Values of the budgets of look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

LOOK_UPS_SPENT = "look_ups_spent"
"""The kind of notice that tells the staff of a spent budget."""


class Budget(StrEnum):
    """A budget of look-ups. Stored by value: a member is never renamed."""

    PERSON_HOUR = "person_hour"
    """Those of a person for one integrator, in a clock hour."""
    PERSON_DAY = "person_day"
    """Those of a person for one integrator, in the last 24 clock hours."""
    INTEGRATOR_HOUR = "integrator_hour"
    """Those of all who act for an integrator, in a clock hour."""
    INTEGRATOR_DAY = "integrator_day"
    """Those of all who act for an integrator, in the last 24 clock hours."""

    @property
    def whose(self) -> str:
        """`person` or `integrator`."""
        return self.partition("_")[0]

    @property
    def per(self) -> str:
        """`hour` or `day`."""
        return self.partition("_")[2]

    @property
    def hours(self) -> int:
        """The clock hours that it covers: the present one and those before it."""
        return 1 if self.per == "hour" else DAY


DAY = 24

Limits: TypeAlias = Mapping[Budget, int]
"""How many look-ups each budget holds; one that is 0 or missing has no limit."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A budget that has no room for `number` look-ups more. From `until` on it has; None where it never has,
    because they are more than its limit.
    """

    budget: Budget
    limit: int
    number: int
    until: datetime | None


def hour_of(at: datetime) -> int:
    """The clock hour of a moment: whole hours since 1970 (UTC)."""
    return int(at.timestamp()) // 3600


def start_of(hour: int) -> datetime:
    """The moment at which a clock hour begins."""
    return datetime.fromtimestamp(hour * 3600, UTC)


def room_at(counts: Mapping[int, int], number: int, hour: int, budget: Budget, limit: int) -> int | None:
    """The first clock hour, from `hour` on, in which the budget has room for so many more. `counts` are the
    look-ups by clock hour, none later than `hour`. None where they are more than the limit.
    """
    if number > limit:
        return None
    return next(
        at
        for at in range(hour, hour + budget.hours + 1)
        if sum(counts.get(each, 0) for each in range(at - budget.hours + 1, at + 1)) + number <= limit
    )
