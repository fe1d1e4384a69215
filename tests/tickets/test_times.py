"""Working time: what is counted, and when so much of it has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.clock import ROME
from backend.tickets.targets import set_from
from backend.tickets.times import (
    USUAL,
    WorkingHours,
    after,
    is_working,
    is_working_day,
    opening,
    read_hours,
    working_day_before,
    working_time,
)

MINUTE = timedelta(minutes=1)
NOTHING = timedelta()
ALWAYS = WorkingHours(0, 6, 0, 24 * 60 - 1)
"""All but the last minute of every day: the hours in which clocks change count too."""

instants = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
short = st.integers(0, 3 * 24 * 60)
"""Minutes, for which an oracle can count one by one."""
long = st.integers(0, 60 * 9 * 60)
any_hours = st.builds(
    lambda first, days, opens, length: WorkingHours(
        first, min(first + days, 6), opens, min(opens + length, 24 * 60 - 1)
    ),
    st.integers(0, 6),
    st.integers(0, 6),
    st.integers(0, 24 * 60 - 2),
    st.integers(1, 24 * 60),
)


def rome(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=ROME)


def counted(hours: WorkingHours, start: datetime, minutes: int) -> int:
    """Count the working minutes one by one, as a clock on the wall shows them."""
    return sum(shows_working(hours, (start + number * MINUTE).astimezone(ROME)) for number in range(minutes))


def shows_working(hours: WorkingHours, local: datetime) -> bool:
    """The oracle knows the holidays of a year by heart."""
    minute = local.hour * 60 + local.minute
    return (
        hours.first <= local.weekday() <= hours.last
        and hours.opens <= minute < hours.closes
        and local.date() not in HOLIDAYS
    )


HOLIDAYS = {
    date(2026, month, day)
    for month, day in (
        (1, 1),
        (1, 6),
        (4, 5),  # Easter
        (4, 6),
        (4, 25),
        (5, 1),
        (6, 2),
        (8, 15),
        (10, 4),  # again since 2026
        (11, 1),
        (12, 8),
        (12, 25),
        (12, 26),
    )
}


def test_the_holidays_of_a_year_are_those_of_italy() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    every_day = WorkingHours(0, 6)
    assert {day for day in days if not is_working_day(every_day, day)} == HOLIDAYS


@given(
    st.integers(0, 362 * 24 * 60).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + minute * MINUTE),
    short,
    st.one_of(st.just(USUAL), any_hours.filter(lambda hours: hours.opens >= 3 * 60)),
)
@settings(max_examples=60)
def test_as_much_is_measured_as_is_counted_by_the_minute(
    start: datetime, minutes: int, hours: WorkingHours
) -> None:
    assert working_time(hours, start, start + minutes * MINUTE) == counted(hours, start, minutes) * MINUTE


@given(instants, long, any_hours)
def test_what_was_added_is_measured(start: datetime, minutes: int, hours: WorkingHours) -> None:
    minutes = min(minutes, 40 * (hours.closes - hours.opens))  # weeks, not years
    end = after(hours, start, minutes)
    assert end >= start
    assert end.tzinfo is UTC
    assert working_time(hours, start, end) == minutes * MINUTE
    if minutes:
        just_before = end - timedelta(seconds=1)
        assert working_time(hours, start, just_before) == minutes * MINUTE - timedelta(seconds=1)


@given(instants, long, long)
def test_more_is_never_earlier(start: datetime, one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert after(USUAL, start, less) <= after(USUAL, start, more)
    assert after(USUAL, start, less) <= after(USUAL, start + timedelta(hours=1), less)


@given(instants, st.integers(0, 10**6), st.integers(0, 10**6))
def test_spans_that_follow_each_other_add_up(start: datetime, first: int, second: int) -> None:
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    assert working_time(USUAL, start, middle) + working_time(USUAL, middle, end) == working_time(
        USUAL, start, end
    )


@given(instants, long)
def test_what_is_due_is_due_within_working_hours_or_at_their_end(start: datetime, minutes: int) -> None:
    end = after(USUAL, start, minutes)
    assert is_working(USUAL, end) or (minutes > 0 and is_working(USUAL, end - timedelta(microseconds=1)))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (rome(2026, 3, 27, 17, 30), rome(2026, 3, 30, 8, 30)),  # a weekend, in which the clocks change
        (rome(2026, 10, 23, 17, 30), rome(2026, 10, 26, 8, 30)),  # the other one
        (rome(2026, 4, 3, 17, 30), rome(2026, 4, 7, 8, 30)),  # Easter
        (rome(2026, 12, 24, 17, 30), rome(2026, 12, 28, 8, 30)),  # Christmas
        (rome(2026, 3, 25, 17, 30), rome(2026, 3, 26, 8, 30)),  # a night
        (rome(2026, 3, 26, 12), rome(2026, 3, 25, 12)),  # backwards
    ],
)
def test_nothing_is_counted_of_nights_weekends_and_holidays(start: datetime, end: datetime) -> None:
    assert working_time(USUAL, start, end) == NOTHING
    assert not is_working(USUAL, start) or end < start


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (rome(2026, 3, 27, 17), 60, rome(2026, 3, 30, 9)),
        (rome(2026, 10, 23, 17), 60, rome(2026, 10, 26, 9)),
        (rome(2026, 4, 3, 17), 60, rome(2026, 4, 7, 9)),
        (rome(2026, 3, 25, 10), 450, rome(2026, 3, 25, 17, 30)),
        (rome(2026, 3, 25, 10), 451, rome(2026, 3, 26, 8, 31)),
        (rome(2026, 3, 28, 12), 0, rome(2026, 3, 30, 8, 30)),
        (rome(2026, 3, 25, 12), 0, rome(2026, 3, 25, 12)),
        (rome(2026, 3, 25, 17, 30), 0, rome(2026, 3, 26, 8, 30)),
    ],
)
def test_an_afternoon_goes_on_in_the_next_morning(start: datetime, minutes: int, end: datetime) -> None:
    assert after(USUAL, start, minutes) == end


def test_the_day_on_which_clocks_change_has_as_many_hours_as_really_pass() -> None:
    shorter = working_time(ALWAYS, rome(2026, 3, 29), rome(2026, 3, 29, 12))
    longer = working_time(ALWAYS, rome(2026, 10, 25), rome(2026, 10, 25, 12))
    assert (shorter, longer) == (timedelta(hours=11), timedelta(hours=13))
    twice = rome(2026, 10, 25, 2, 30), rome(2026, 10, 25, 2, 30, fold=1)
    assert working_time(ALWAYS, *twice) == timedelta(hours=1)
    assert after(ALWAYS, twice[0], 60) == twice[1].astimezone(UTC)


def test_a_day_begins_with_its_hours_and_follows_a_working_day() -> None:
    assert opening(USUAL, date(2026, 3, 30)) == rome(2026, 3, 30, 8, 30)
    assert is_working(USUAL, rome(2026, 3, 30, 8, 30))
    assert not is_working(USUAL, rome(2026, 3, 30, 17, 30))
    assert working_day_before(USUAL, date(2026, 4, 7)) == date(2026, 4, 3)


def test_hours_are_read_as_they_are_written() -> None:
    assert read_hours("mon-fri 8:30-17:30") == USUAL
    assert read_hours(" Tue-SAT 09:00-13:15") == WorkingHours(1, 5, 540, 795)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8:30-17:30",
        "mon-fri 17:30-8:30",
        "fri-mon 8:30-17:30",
        "lun-ven 8:30-17:30",
        "mon-fri 8:30-24:00",
        "mon-fri 8:60-9:90",
        "mon-fri 8:30-8:30",
    ],
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not like|no such time|ends before"):
        read_hours(text)


def test_targets_become_dates_and_none_stays_none() -> None:
    start = rome(2026, 3, 25, 10)
    dates = set_from(USUAL, 240, None, start)
    assert dates["answer_due_at"] == datetime.combine(start.date(), time(14), ROME)
    assert dates["answer_escalates_at"] == datetime.combine(start.date(), time(16), ROME)
    assert dates["solve_due_at"] is None
    assert dates["solve_escalates_at"] is None
