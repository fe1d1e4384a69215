"""Periods of days, in the database: a day of Rome begins and ends at its midnights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from backend.core.db.database import Database
from backend.core.db.metadata import UtcDateTime
from backend.core.periods import Period, within

MOMENTS = MetaData()
TABLE = Table(
    "moments", MOMENTS, Column("id", Integer, primary_key=True), Column("at", UtcDateTime, nullable=True)
)
INSTANT = timedelta(microseconds=1)
BEGINNING = datetime(2026, 3, 27, 23, tzinfo=UTC)
"""Midnight of Rome, as 28 March begins: winter."""
END = datetime(2026, 3, 29, 22, tzinfo=UTC)
"""Midnight of Rome, as 29 March ends: summer, an hour sooner."""
FIRST, LAST = date(2026, 3, 28), date(2026, 3, 29)
ROWS = (BEGINNING - INSTANT, BEGINNING, END - INSTANT, END, None)


@pytest.mark.parametrize(
    ("period", "found"),
    [
        (Period(FIRST, LAST), [1, 2]),
        (Period(FIRST), [1, 2, 3]),
        (Period(last=LAST), [0, 1, 2]),
        (Period(LAST, LAST), [2]),
        (Period(), [0, 1, 2, 3]),
        (Period(days=2).on(LAST), [1, 2]),
    ],
)
async def test_a_period_holds_its_days_from_midnight_to_midnight(
    database: Database, period: Period, found: list[int]
) -> None:
    rows = [{"id": number, "at": at} for number, at in enumerate(ROWS)]
    await database.write(MOMENTS.create_all)
    await database.write(lambda connection: connection.execute(insert(TABLE), rows))
    query = select(TABLE.c.id).where(within(TABLE.c.at, period)).order_by(TABLE.c.id)
    assert await database.long_read(lambda connection: list(connection.scalars(query))) == found
