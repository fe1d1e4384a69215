"""Working time: what of a span of time the service works, and when so much of it has passed.

Instants are aware; what comes back is in UTC. Working days and hours are those of Rome, less Italy's public
holidays. Across a change of the clocks the time that really passes counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

from backend.core.clock import ROME

DAY = timedelta(days=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([a-z]{3})-([a-z]{3}) (\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
LONGEST_WAIT = 366
"""Days after which the next working day has come, whatever the holidays."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When the service works: from weekday `first` to `last` (0 is Monday), from minute `opens` of the day in
    Rome up to, and without, minute `closes`. Raises ValueError for days or hours that are none.
    """

    first: int = 0
    last: int = 4
    opens: int = 8 * 60 + 30
    closes: int = 17 * 60 + 30

    def __post_init__(self) -> None:
        if not (0 <= self.first <= self.last <= 6 and 0 <= self.opens < self.closes < 24 * 60):
            raise ValueError("no working hours")

    @property
    def day(self) -> timedelta:
        """What a working day has."""
        return timedelta(minutes=self.closes - self.opens)


USUAL = WorkingHours()


def read_hours(text: str) -> WorkingHours:
    """Working hours as they are written: `mon-fri 8:30-17:30`. Raises ValueError."""
    found = _HOURS.fullmatch(text.strip().lower())
    if found is None or found[1] not in DAYS or found[2] not in DAYS:
        raise ValueError("is not like mon-fri 8:30-17:30")
    (from_hour, from_minute), (to_hour, to_minute) = found.group(3, 4), found.group(5, 6)
    if int(from_minute) > 59 or int(to_minute) > 59:
        raise ValueError("has no such time of day")
    opens, closes = int(from_hour) * 60 + int(from_minute), int(to_hour) * 60 + int(to_minute)
    try:
        return WorkingHours(DAYS.index(found[1]), DAYS.index(found[2]), opens, closes)
    except ValueError:
        raise ValueError("ends before it begins, or not within a day") from None


def is_working_day(hours: WorkingHours, day: date) -> bool:
    """True for a working day that is no public holiday."""
    return hours.first <= day.weekday() <= hours.last and day not in _holidays()


def is_working(hours: WorkingHours, at: datetime) -> bool:
    """True within working hours; at closing time they are over."""
    day = at.astimezone(ROME).date()
    opens, closes = _span(hours, day)
    return is_working_day(hours, day) and opens <= at < closes


def working_time(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two instants; none where the second is not later."""
    start, end = (
        start.astimezone(UTC),
        end.astimezone(UTC),
    )  # times of one zone would be subtracted by its clock
    passed, day, last = timedelta(), start.astimezone(ROME).date(), end.astimezone(ROME).date()
    while day <= last:
        if is_working_day(hours, day):
            opens, closes = _span(hours, day)
            passed += max(min(end, closes) - max(start, opens), timedelta())
        day += DAY
    return passed


def after(hours: WorkingHours, start: datetime, minutes: int) -> datetime:
    """The first instant by which so many working minutes have passed since `start`. With none it is `start`,
    or the next opening where that is outside working hours.
    """
    start, left = start.astimezone(UTC), timedelta(minutes=minutes)
    for opens, closes in _spans(hours, start):
        begins = max(start, opens)
        if begins < closes and left <= closes - begins:
            return begins + left
        left -= max(closes - begins, timedelta())
    raise ValueError("no working day")  # pragma: no cover - a year has working days


def opening(hours: WorkingHours, day: date) -> datetime:
    """When a day's working hours begin."""
    return _span(hours, day)[0]


def working_day_before(hours: WorkingHours, day: date) -> date:
    """The last working day before this one."""
    return next(
        earlier
        for number in range(1, LONGEST_WAIT)
        if is_working_day(hours, earlier := day - timedelta(days=number))
    )


def _spans(hours: WorkingHours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working days' beginnings and ends from the day of `start` on."""
    day, idle = start.astimezone(ROME).date(), 0
    while idle < LONGEST_WAIT:
        idle += 1
        if is_working_day(hours, day):
            idle = 0
            yield _span(hours, day)
        day += DAY


def _span(hours: WorkingHours, day: date) -> tuple[datetime, datetime]:
    return _moment(day, hours.opens), _moment(day, hours.closes)


def _moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(*divmod(minute, 60)), ROME).astimezone(UTC)


@cache
def _holidays() -> HolidayBase:
    """Italy's public holidays; it works a year out when it is first asked about it."""
    return country_holidays("IT")
