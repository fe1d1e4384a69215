"""Due checks: each is independent of the others."""

from __future__ import annotations

from datetime import datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import Connection, insert, select
from structlog.testing import capture_logs

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.inbox.models import inbox
from backend.core.inbox.values import RowKind, RowState
from backend.core.outbox import service as outbox
from backend.core.outbox.models import chats
from bot.core.due_checks import DueCheck
from bot.core.scheduler import Scheduler
from tests.core.bot.rig import due_checks


async def test_a_check_that_fails_undoes_no_other_and_is_tried_again(
    database: Database, clock: ManualClock
) -> None:
    tries = list[datetime]()

    def choose(chat: int, connection: Connection, at: datetime) -> int:
        connection.execute(insert(chats).values(bot_id=7, chat_id=chat, language="it"))
        return 1

    def fail(connection: Connection, at: datetime) -> int:
        choose(2, connection, at)
        tries.append(at)
        raise ValueError("it cannot be done")

    checks = [
        DueCheck("before", lambda connection, at: choose(1, connection, at)),
        DueCheck("broken", fail),
        DueCheck("after", lambda connection, at: choose(3, connection, at)),
    ]
    with capture_logs() as logged:
        await Scheduler(database, clock, checks).look()
    languages = await database.long_read(
        lambda connection: [outbox.language_of(connection, 7, chat) for chat in (1, 2, 3)]
    )
    assert languages == ["it", None, "it"]
    failed = [entry["check"] for entry in logged if entry["event"] == "scheduler.check_failed"]
    assert failed == ["broken"]

    first = len(tries)
    clock.advance(timedelta(seconds=30))
    with capture_logs():
        await Scheduler(database, clock, [checks[1]]).look()
    assert len(tries) > first


async def test_content_of_dead_letters_is_kept_as_long_as_the_setting_says(
    database: Database, clock: ManualClock
) -> None:
    row = {"bot_id": 7, "lane": "1", "kind": RowKind.UPDATE, "payload": {"a": 1}, "not_before_ms": 0}
    row |= {"state": RowState.DEAD_LETTERED, "correlation": "c", "reference": "ABCD2345"}
    at = clock.now()
    await database.write(
        lambda connection: connection.execute(insert(inbox).values(row | {"received_at": at, "ended_at": at}))
    )
    checks = due_checks(timedelta(days=3))

    async def payload_after(days: int) -> object:
        clock.advance(timedelta(days=days))
        await Scheduler(database, clock, checks).look()
        return await database.long_read(lambda connection: connection.scalar(select(inbox.c.payload)))

    assert await payload_after(2) == {"a": 1}
    assert await payload_after(2) is None


async def test_the_products_checks_find_nothing_to_do_in_a_fresh_database(
    database: Database, clock: ManualClock
) -> None:
    checks = due_checks()
    done = await database.write(lambda c: [check.look(c, clock.now()) for check in checks])

    assert done == [0] * len(checks)
    assert len({check.name for check in checks}) == len(checks)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_row_locked_by_another_process_delays_no_other_check(
    database: Database, clock: ManualClock
) -> None:
    made = list[datetime]()

    def note(connection: Connection, at: datetime) -> int:
        made.append(at)
        return 1

    await database.write(
        lambda connection: connection.execute(
            insert(inbox).values(
                bot_id=7,
                lane="1",
                kind=RowKind.UPDATE,
                state=RowState.ENDED,
                correlation="c",
                not_before_ms=0,
                received_at=clock.now(),
                ended_at=clock.now(),
            )
        )
    )
    dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    holder = await asyncpg.connect(dsn)
    try:
        async with holder.transaction():
            await holder.execute("SELECT * FROM inbox FOR UPDATE")
            clock.advance(timedelta(days=60))
            await Scheduler(database, clock, [*due_checks(), DueCheck("feature", note)]).look()
    finally:
        await holder.close()
    assert made
