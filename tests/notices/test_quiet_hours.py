"""Notices wait until their person's quiet hours end, also when clocks are changed; what is muted lapses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection, bindparam, create_engine, insert, select

from backend.core.clock import ROME, ManualClock
from backend.core.db.database import Database
from backend.core.db.metadata import metadata
from backend.identity import preferences as chosen
from backend.identity import service as identity
from backend.identity.models import preferences
from backend.identity.permissions import StaffRole
from backend.identity.preferences import QuietHours, read_hours
from backend.identity.values import Actor
from backend.notices import service as notices
from bot.core.scheduler import Scheduler
from bot.notices.feature import notices_feature
from tests.notices.test_notifier import AT, NUMBER, Good, states

MINUTES = st.integers(0, 24 * 60 - 1)
HOURS = (
    st.tuples(MINUTES, MINUTES).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: QuietHours(*ends))
)
CHANGES = [
    datetime(2024, 3, 31, 1, tzinfo=UTC),
    datetime(2025, 3, 30, 1, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
]
"""When Italy changed its clocks: forward in spring, back in autumn."""
NEAR_A_CHANGE = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-36 * 60, 36 * 60),
)
GAP_ENDS = time(3)


def instant(day: date, minute: int) -> datetime:
    """When a clock in Rome shows this for the first time; what it leaves out is when it goes on."""
    local = datetime.combine(day, time(minute // 60, minute % 60), ROME)
    shown = local.astimezone(UTC).astimezone(ROME)
    return (
        datetime.combine(day, GAP_ENDS, ROME).astimezone(UTC)
        if shown.time() != local.time()
        else (local.astimezone(UTC))
    )


def lasts(hours: QuietHours, at: datetime) -> tuple[datetime, datetime] | None:
    """From when to when it is quiet around that time."""
    for before in (1, 0):
        day = at.astimezone(ROME).date() - timedelta(days=before)
        ends = day if hours.start < hours.end else day + timedelta(days=1)
        start, end = instant(day, hours.start), instant(ends, hours.end)
        if start <= at < end:
            return start, end
    return None


@given(at=NEAR_A_CHANGE, hours=HOURS)
def test_it_is_quiet_from_the_first_time_to_the_second_whatever_the_clocks_do(
    at: datetime, hours: QuietHours
) -> None:
    assert hours.hold(at) == (lasts(hours, at) is not None)


@example(at=datetime(2024, 3, 31, 0, 59, tzinfo=UTC), hours=QuietHours(121, 120))
@given(at=NEAR_A_CHANGE, hours=HOURS)
def test_a_notice_waits_no_longer_than_until_the_hours_end(at: datetime, hours: QuietHours) -> None:
    period = lasts(hours, at)
    if period is not None:
        start, end = period
        assert hours.hold(end - timedelta(minutes=1))
        following = lasts(hours, end)  # both ends may lie in what the clocks leave out
        assert not hours.hold(end) if following is None else following[0] == end
        assert end - start <= timedelta(hours=25)


@pytest.fixture(scope="module")
def beside() -> Iterator[Connection]:
    """A database that holds nothing but preferences."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


def quiet_in(connection: Connection, person_id: int, at: datetime) -> bool:
    of = bindparam("of", person_id, type_=preferences.c.person_id.type)
    return bool(connection.scalar(select(chosen.is_quiet(of, at))))


@given(at=NEAR_A_CHANGE, hours=HOURS)
def test_the_database_says_the_same(beside: Connection, at: datetime, hours: QuietHours) -> None:
    with beside.begin_nested() as undone:
        values = {"person_id": 1, "quiet_from": hours.start, "quiet_to": hours.end, "by_mail": True}
        beside.execute(insert(preferences).values(**values))
        assert quiet_in(beside, 1, at) == hours.hold(at)
        assert not quiet_in(beside, 2, at)
        undone.rollback()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("21:30-6:45", "21:30–6:45"),
        (" 22 – 7 ", "22:00–7:00"),
        ("dalle 20 alle 7.15", "20:00–7:15"),
        ("from 0:00 to 24", None),
        ("13-24", "13:00–0:00"),
        ("22-22", None),
        ("25-7", None),
        ("22:75-7", None),
        ("22:5-7", None),
        ("٢٢-٧", None),
        ("22", None),
        ("22-7-9", None),
        ("", None),
    ],
)
def test_hours_are_read_as_people_type_them(text: str, hours: str | None) -> None:
    read = read_hours(text)
    assert (None if read is None else str(read)) == hours


class Optional(Good):
    """One that people may do without."""

    name = "optional"
    optional = True


class Urgent(Good):
    """One that cannot wait."""

    name = "urgent"
    urgent = True


KINDS = {kind.name: kind for kind in (Good(), Optional(), Urgent())}


def add(connection: Connection, number: int, kind: str, key: str) -> Actor:
    identity.add_staff(
        connection, telegram_user_id=number, display_name="x", role=StaffRole.ADMINISTRATOR, at=AT
    )
    actor = identity.actor_of(connection, number)
    assert actor is not None
    notices.add(connection, actor.person_id, kind, {}, dedupe_key=key, at=AT)
    return actor


async def look(database: Database, at: datetime) -> None:
    await Scheduler(
        database, ManualClock(at), notices_feature(1, KINDS, timedelta(days=90)).due_checks
    ).look()


async def test_only_what_is_urgent_comes_in_quiet_hours(database: Database) -> None:
    actor = await database.write(lambda c: add(c, NUMBER, "good", "quiet"))
    await database.write(lambda c: add(c, NUMBER, "urgent", "urgent"))
    await database.write(lambda c: add(c, NUMBER + 1, "good", "somebody else"))
    # AT is nine in the morning in Rome.
    await database.write(lambda c: chosen.keep_quiet(c, actor, QuietHours(8 * 60, 10 * 60)))
    await look(database, AT)
    assert await states(database) == {
        "quiet": "waiting",
        "urgent": "dispatched",
        "somebody else": "dispatched",
    }
    await look(database, AT + timedelta(minutes=59))
    assert (await states(database))["quiet"] == "waiting"
    await look(database, AT + timedelta(minutes=60))
    assert (await states(database))["quiet"] == "dispatched"


async def test_those_who_are_quiet_delay_nobody(database: Database) -> None:
    actor = await database.write(lambda c: add(c, NUMBER, "good", "0"))
    for number in range(notices.PORTION + 1):
        await database.write(partial(add, number=NUMBER, kind="good", key=str(number)))
    await database.write(lambda c: chosen.keep_quiet(c, actor, QuietHours(20 * 60, 19 * 60)))
    await database.write(lambda c: add(c, NUMBER + 1, "good", "after them"))
    await look(database, AT)
    found = await states(database)
    assert found.pop("after them") == "dispatched"
    assert set(found.values()) == {"waiting"}


async def test_changed_hours_hold_for_what_waits(database: Database) -> None:
    actor = await database.write(lambda c: add(c, NUMBER, "good", "one"))
    await database.write(lambda c: chosen.keep_quiet(c, actor, QuietHours(20 * 60, 19 * 60)))
    await look(database, AT)
    assert await states(database) == {"one": "waiting"}
    await database.write(lambda c: chosen.keep_quiet(c, actor, None))
    await look(database, AT)
    assert await states(database) == {"one": "dispatched"}


async def test_what_is_muted_lapses_and_the_rest_comes(database: Database) -> None:
    actor = await database.write(lambda c: add(c, NUMBER, "optional", "muted"))
    await database.write(lambda c: add(c, NUMBER, "good", "other"))
    await database.write(lambda c: add(c, NUMBER + 1, "optional", "somebody else"))
    await database.write(lambda c: chosen.mute(c, actor, "optional", True))
    await look(database, AT)
    assert await states(database) == {
        "muted": "lapsed",
        "other": "dispatched",
        "somebody else": "dispatched",
    }
    await database.write(lambda c: chosen.mute(c, actor, "optional", False))
    await database.write(lambda c: add(c, NUMBER, "optional", "again"))
    await look(database, AT)
    assert (await states(database))["again"] == "dispatched"
