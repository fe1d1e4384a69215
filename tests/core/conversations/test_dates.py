"""Days and periods as they are typed."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest

from backend.core.periods import Period
from backend.tickets.report import Criteria
from conversations.core.dates import last_days, read_period
from conversations.core.filters import COMPANY
from conversations.tickets.filters import FILTERS, FORM, READERS

TODAY = date(2026, 9, 16)
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 15)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("1/9/2026", Period(FIRST, FIRST)),
        ("01.09.26", Period(FIRST, FIRST)),
        ("il 1-9-2026", Period(FIRST, FIRST)),
        ("1/9", Period(FIRST, FIRST)),
        ("25/12", Period(date(2025, 12, 25), date(2025, 12, 25))),
        ("OGGI", Period(TODAY, TODAY)),
        ("ieri", Period(LAST, LAST)),
        ("yesterday", Period(LAST, LAST)),
        ("dal 1/9/2026", Period(FIRST)),
        ("since 1/9/2026", Period(FIRST)),
        ("fino al 15/9/2026", Period(last=LAST)),
        ("entro il 15/9/2026", Period(last=LAST)),
        ("fino a ieri", Period(last=LAST)),
        ("dal 1/9/2026 al 15/9/2026", Period(FIRST, LAST)),
        ("dal 1/9   al 15/9", Period(FIRST, LAST)),
        ("1/9/2026-15/9/2026", Period(FIRST, LAST)),
        ("1-9-2026 - 15-9-2026", Period(FIRST, LAST)),
        ("1/9-15/9", Period(FIRST, LAST)),
        ("from 1/9 to yesterday", Period(FIRST, LAST)),
        ("29/2/2024", Period(date(2024, 2, 29), date(2024, 2, 29))),
        *((text, None) for text in ("", "boh", "31/2/2026", "29/2/2026", "1/13/2026", "0/1/2026", "1/9/202")),
        *(
            (text, None)
            for text in ("dal 15/9/2026 al 1/9/2026", "1/9/1999", "1/9/2101", "1/9.2026", "20260901")
        ),
        *((text, None) for text in ("9999999999", "dal", "al", "1/9/2026 e poi", "²/9/2026")),
    ],
)
def test_a_period_is_read_as_it_was_meant_or_not_at_all(text: str, period: Period | None) -> None:
    assert read_period(text, TODAY) == period


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("dal 1/9 al 15/9", date(2026, 9, 10), FIRST, LAST),
        ("dal 1/9/2026 al 15/9", date(2026, 9, 10), FIRST, LAST),
        ("dal 1/9/2025 al 15/9", date(2026, 9, 20), date(2025, 9, 1), date(2025, 9, 15)),
        ("dal 28/12 al 3/1", date(2027, 1, 2), date(2026, 12, 28), date(2027, 1, 3)),
        ("dal 28/12 al 3/1", date(2027, 2, 2), date(2026, 12, 28), date(2027, 1, 3)),
        ("dal 1/9 al 1/9", date(2026, 9, 1), FIRST, FIRST),
        ("dal 1/3/2025 al 29/2", date(2026, 9, 10), date(2025, 3, 1), date(2028, 2, 29)),
        ("29/2", date(2026, 9, 10), date(2024, 2, 29), date(2024, 2, 29)),
        ("29/2", date(2024, 2, 29), date(2024, 2, 29), date(2024, 2, 29)),
        ("29/2", date(2024, 2, 28), date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_nearest_that_makes_sense(
    text: str, today: date, first: date, last: date
) -> None:
    assert read_period(text, today) == Period(first, last)


def test_the_last_day_of_a_period_whose_first_was_chosen_comes_after_it() -> None:
    for text in ("15/9", "fino al 15/9"):
        period = read_period(text, date(2026, 9, 10), FIRST)
        assert period is not None
        assert period.last == LAST


def test_the_periods_of_the_buttons_end_on_the_day_on_which_somebody_looks() -> None:
    for name, first in (("today", TODAY), ("week", date(2026, 9, 10)), ("month", date(2026, 8, 18))):
        period = last_days(name, TODAY)
        assert period is not None
        assert period.on(TODAY) == Period(first, TODAY)
        assert period.on(LAST) == Period(first - timedelta(days=1), LAST)
    assert last_days("year", TODAY) == Period(date(2026, 1, 1))
    assert last_days("century", TODAY) is None


def test_every_criterion_is_a_filter_and_each_can_be_answered() -> None:
    assert set(FILTERS) == {field.name for field in fields(Criteria)}
    assert set(FILTERS) == {*READERS, *FORM.periods, *FORM.options, COMPANY}
