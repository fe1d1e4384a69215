"""A month's days as buttons of a question, to pick one."""

from __future__ import annotations

from datetime import date, timedelta

from conversations.core.context import Say
from conversations.core.dates import YEARS
from conversations.core.prompts import Choice, Rows

_WEEK = 7
_BLANK = "~"
"""The value of a button that only fills its place."""


def month_of(value: str, otherwise: date) -> date:
    """The first day of a month (`2026-09`), or of the month of `otherwise` where it is none."""
    return _month(value) or otherwise.replace(day=1)


def calendar_rows(say: Say, month: date, first: date, last: date) -> Rows:
    """The rows of a month: a head that turns months and years, the days of the week, the days. Those before
    `first` or after `last` cannot be picked.
    """
    first_month, last_month = first.replace(day=1), last.replace(day=1)
    head = []
    for label, months in (("«", -12), ("‹", -1), ("", 0), ("›", 1), ("»", 12)):
        to = _later(month, months)
        if not months:
            head.append(Choice(say(f"calendar.month.{month.month}", year=str(month.year)), _BLANK))
        elif first_month <= to <= last_month:
            head.append(Choice(label, f"m{to:%Y-%m}"))
        else:
            head.append(Choice("·", _BLANK))
    days = tuple(Choice(say(f"calendar.weekday.{day}"), _BLANK) for day in range(1, _WEEK + 1))
    weeks = []
    start = month - timedelta(days=month.weekday())
    while start < _later(month, 1):
        week = [start + timedelta(days=number) for number in range(_WEEK)]
        weeks.append(tuple(_day(day, month, first, last) for day in week))
        start += timedelta(days=_WEEK)
    return (tuple(head), days, *weeks)


def _day(day: date, month: date, first: date, last: date) -> Choice:
    if day.month != month.month or not first <= day <= last:
        return Choice("·", _BLANK)
    return Choice(str(day.day), f"d{day.isoformat()}")


def turned(value: str) -> date | None:
    """The month that a press leads to; None where it was no such press."""
    return _month(value[1:]) if value[:1] == "m" else None


def picked(value: str, first: date, last: date) -> date | None:
    """The day that was pressed; None where it was none that could be picked."""
    try:
        day = date.fromisoformat(value[1:]) if value[:1] == "d" else None
    except ValueError:
        return None
    return day if day is not None and first <= day <= last else None


def is_blank(value: str) -> bool:
    """True for a button that only fills its place."""
    return value == _BLANK


def _month(value: str) -> date | None:
    try:
        month = date.fromisoformat(f"{value}-01")
    except ValueError:
        return None
    return month if month.year in YEARS else None


def _later(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
