"""Notices between row and post: one failure affects no other notice, and none is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update
from structlog.testing import capture_logs

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import PostState, Shown
from backend.identity import personal_data
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.notices import service as notices
from backend.notices.models import notices as table
from backend.notices.values import Notice
from backend.product import KEPT
from bot.core.scheduler import Scheduler
from bot.notices.feature import notices_feature
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Html, Prompt

AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
NUMBER = 100


class Good(NoticeKind):
    """A kind without failures."""

    name = "good"

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        return Prompt(Html("bene"))


class BadEnd(Good):
    """A kind that fails after being shown."""

    name = "bad_end"

    def ended(self, connection: Any, notice: Notice, delivered: bool, at: datetime) -> None:
        raise ValueError("a mistake in the feature")


class BadStatement(Good):
    """A kind that reads a missing table."""

    name = "bad_statement"

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        connection.execute(text("SELECT nothing FROM nowhere"))
        return None


KINDS: Mapping[str, NoticeKind] = {kind.name: kind for kind in (Good(), BadEnd(), BadStatement())}


def person(connection: Connection) -> int:
    identity.add_staff(
        connection, telegram_user_id=NUMBER, display_name="x", role=StaffRole.ADMINISTRATOR, at=AT
    )
    found = identity.person_id_of(connection, NUMBER)
    assert found is not None
    return found


def notice(kind: str, key: str) -> Callable[[Connection], bool]:
    return lambda connection: notices.add(connection, person(connection), kind, {}, dedupe_key=key, at=AT)


async def states(database: Database) -> dict[str, str]:
    rows = await database.long_read(
        lambda connection: connection.execute(select(table.c.dedupe_key, table.c.state)).all()
    )
    return {row.dedupe_key: row.state for row in rows}


async def look(database: Database, kinds: Mapping[str, NoticeKind] = KINDS) -> None:
    with capture_logs():
        await Scheduler(
            database, ManualClock(AT), notices_feature(1, kinds, timedelta(days=90)).due_checks
        ).look()


async def enqueued(database: Database) -> list[tuple[int, str]]:
    rows = await database.long_read(
        lambda connection: connection.execute(select(posts.c.chat_id, posts.c.state)).all()
    )
    return [(row.chat_id, row.state) for row in rows]


async def test_a_kind_that_fails_after_being_shown_delays_no_other(database: Database) -> None:
    await database.write(notice("bad_end", "bad"))
    for number in range(notices.PORTION + 5):
        await database.write(notice("good", f"good {number}"))
    for _ in range(2):
        await look(database)
    shown = {"state": PostState.SENT, "shown": 1, "message_id": posts.c.id}
    await database.write(lambda connection: connection.execute(update(posts).values(**shown)))
    for _ in range(3):
        await look(database)

    assert set((await states(database)).values()) == {"delivered"}


async def test_a_kind_with_a_wrong_statement_delays_no_other(database: Database) -> None:
    await database.write(notice("bad_statement", "bad"))
    await database.write(notice("good", "good"))
    await look(database)

    assert await states(database) == {"bad": "lapsed", "good": "dispatched"}


async def test_a_kind_known_only_to_a_later_version_waits_for_it(database: Database) -> None:
    await database.write(notice("later", "new"))
    await look(database)
    assert await states(database) == {"new": "waiting"}
    await look(database, {"later": Good()})
    assert await states(database) == {"new": "dispatched"}


async def test_a_notice_that_arrived_despite_a_block_is_not_sent_twice(
    database: Database,
) -> None:
    await database.write(notice("good", "one"))
    await look(database)
    due = await database.short_read(lambda connection: deliveries.due(connection, 1, 10))
    (post,) = await database.write(lambda connection: deliveries.begin(connection, due))
    await database.write(lambda connection: outbox.blocked(connection, 1, NUMBER))
    await look(database)
    await database.write(lambda connection: deliveries.shown(connection, [Shown(post, 77)], AT))
    await database.write(lambda connection: notices.came_back(connection, NUMBER, AT))
    await look(database)

    assert await enqueued(database) == [(NUMBER, PostState.SENT)]


async def test_an_erased_person_gets_no_notice(database: Database) -> None:
    person_id = await database.write(person)
    await database.write(lambda connection: personal_data.erase(connection, KEPT, NUMBER, AT))
    await database.write(
        lambda connection: notices.add(connection, person_id, "good", {}, dedupe_key="one", at=AT)
    )
    await look(database)

    assert await enqueued(database) == []
    assert await states(database) == {"one": "lapsed"}


def slowly(started: asyncio.Event, connection: Connection) -> None:
    started.set()
    connection.execute(text("SELECT pg_sleep(0.5)"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_return_at_the_moment_of_the_conclusion_is_not_lost(
    database: Database, database_url: str
) -> None:
    await database.write(notice("good", "one"))
    await look(database)
    await database.write(lambda connection: connection.execute(update(posts).values(state=PostState.DEAD)))
    started = asyncio.Event()
    async with Database(database_url) as other:
        concluding = asyncio.create_task(
            database.write(lambda c: notices.conclude(c, AT, lambda c, *_: slowly(started, c)))
        )
        await started.wait()
        await other.write(lambda connection: notices.came_back(connection, NUMBER, AT))
        await concluding
    await look(database)

    assert await states(database) == {"one": "dispatched"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_erasure_at_the_moment_of_the_wording_leaves_no_trace(
    database: Database, database_url: str
) -> None:
    await database.write(notice("good", "one"))
    started = asyncio.Event()

    class Slow(Good):
        def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
            slowly(started, connection)
            return Prompt(Html("di te"))

    async with Database(database_url) as other:
        looking = asyncio.create_task(look(database, {"good": Slow()}))
        await started.wait()
        await other.write(lambda connection: personal_data.erase(connection, KEPT, NUMBER, AT))
        await looking

    assert await enqueued(database) == []
