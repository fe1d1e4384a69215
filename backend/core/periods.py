"""Periods of days, as reports are asked for: from a day to a day, or the last so many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_

from backend.core.clock import ROME


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day of Rome, both included; None where it has no such end. Where `days` is
    given, it is the last so many days whenever somebody looks, that day included, and has no other ends.
    """

    first: date | None = None
    last: date | None = None
    days: int | None = None

    def on(self, today: date) -> Period:
        """The same period by its ends, seen from a day."""
        return self if self.days is None else Period(today - timedelta(days=self.days - 1), today)


def within(column: ColumnElement[Any], period: Period) -> ColumnElement[bool]:
    """True where the column's time lies in a period. Raises ValueError for one without its own ends."""
    if period.days is not None:
        raise ValueError("which day is today?")
    ends: list[ColumnElement[bool]] = [column.is_not(None)]
    if period.first is not None:
        ends.append(column >= _midnight(period.first))
    if period.last is not None:
        ends.append(column < _midnight(period.last + timedelta(days=1)))
    return and_(*ends)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ROME).astimezone(UTC)
