"""Days and periods as Italians type them: `1/9/2026`, `ieri`, `dal 1/9 al 15/9`, `fino al 3.9.26`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from backend.core.periods import Period

YEARS = range(2000, 2101)
_LEAP = 9
"""In so many years there is a 29 February, whatever the century."""
_WORDS = {"oggi": 0, "today": 0, "ieri": 1, "yesterday": 1}


def _day(name: str) -> str:
    """A day as a pattern. Between its numbers the same sign stands, so that a dash can stand between two."""
    numbers = rf"[0-9]{{1,2}}(?P<{name}_sign>[./-])[0-9]{{1,2}}(?:(?P={name}_sign)[0-9]{{2}}(?:[0-9]{{2}})?)?"
    return rf"(?P<{name}>{'|'.join(_WORDS)}|{numbers})"


_ONE = re.compile(rf"(?:il |on )?{_day('day')}")
_SINCE = re.compile(rf"(?:dal?|from|since) {_day('first')}")
_UNTIL = re.compile(rf"(?:fino ad? |fino al |al? |entro (?:il )?|until |up to |to ){_day('last')}")
_BETWEEN = re.compile(
    rf"(?:(?:dal?|from) )?{_day('first')}(?: ?[-–—] ?| (?:al?|fino al?|to|until) ){_day('last')}"
)


def read_period(text: str, today: date, since: date | None = None) -> Period | None:
    """The period that a text names; None for anything else, and for one that ends before it begins. `since`
    is its first day where that was said before.
    """
    words = " ".join(text.casefold().split())
    if (one := _ONE.fullmatch(words)) is not None:
        day = read_day(one["day"], today, since)
        return Period(day, day) if day is not None else None
    if (begun := _SINCE.fullmatch(words)) is not None:
        first = read_day(begun["first"], today)
        return Period(first, None) if first is not None else None
    if (until := _UNTIL.fullmatch(words)) is not None:
        last = read_day(until["last"], today, since)
        return Period(None, last) if last is not None else None
    if (between := _BETWEEN.fullmatch(words)) is not None:
        first = read_day(between["first"], today)
        last = read_day(between["last"], today, first)
        if first is not None and last is not None and first <= last:
            return Period(first, last)
    return None


def read_day(text: str, today: date, since: date | None = None) -> date | None:
    """The day that a word or numbers name. Without a year it is the last such day that is not to come; of a
    period that begins with `since`, the first such day from then on.
    """
    if text in _WORDS:
        return today - timedelta(days=_WORDS[text])
    day, month, *years = (int(number) for number in re.split("[./-]", text))
    if years:
        return _date(years[0] if years[0] > 99 else 2000 + years[0], month, day)
    such = (_date((since or today).year + (step if since else -step), month, day) for step in range(_LEAP))
    return next(
        (each for each in such if each is not None and (each >= since if since else each <= today)), None
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def last_days(name: str, today: date) -> Period | None:
    """The period behind a button: `today`, `week`, `month` (30 days) or `year` (this one). The first three
    are the last days whenever somebody looks; all end today.
    """
    if name == "year":
        return Period(today.replace(month=1, day=1))
    days = {"today": 1, "week": 7, "month": 30}.get(name)
    return Period(days=days) if days is not None else None
