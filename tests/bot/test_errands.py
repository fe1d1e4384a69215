"""Errands: what goes wrong with one is tried again, and comes to an end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from telegram import Bot

from backend.clock import ManualClock
from backend.db.database import Database
from backend.inbox import service as inbox
from backend.jobs import service as jobs
from backend.jobs.models import jobs as rows
from backend.jobs.values import Job, JobState
from backend.outbox.values import Place
from bot.errands import FAILED, MAX_ATTEMPTS, Errands, Outcome

HERE = Place(7, 1, 0, "1")


async def ended(database: Database, errands: Errands) -> Any:
    """Let the errands run until the only job has ended; returns its row."""
    running = asyncio.create_task(errands.run())
    try:
        async with asyncio.timeout(20):
            while True:
                row = await database.read(lambda connection: connection.execute(select(rows)).one())
                if row.state == JobState.ENDED:
                    return row
                await database.bells.wait(inbox.BELL, 0.05)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def results(database: Database) -> Sequence[Any]:
    found = await database.read(lambda connection: inbox.head(connection, HERE.lane))
    return [row.payload["result"] for row in found]


@pytest.fixture
async def asked(database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> int:
    """A job that waits."""
    monkeypatch.setattr("bot.errands.FIRST_RETRY_MS", 1)
    return await database.write(
        lambda connection: jobs.add(
            connection,
            "scp",
            {},
            HERE,
            1,
            language="it",
            card_id=None,
            correlation="c",
            at=clock.now(),
        )
    )


async def test_a_conclusion_that_cannot_be_stored_ends_after_some_tries(
    database: Database, clock: ManualClock, bot: Bot, asked: int
) -> None:
    tries = list[int]()

    async def runner(job: Job) -> Outcome:
        def change(connection: Connection) -> None:
            raise ValueError("it cannot be stored")

        tries.append(job.attempt)
        return Outcome({}, change)

    row = await ended(database, Errands(database, clock, bot, {"scp": runner}))

    assert row.id == asked
    assert tries == list(range(1, MAX_ATTEMPTS + 1))
    assert await results(database) == [FAILED]


async def test_a_job_that_ends_its_process_each_time_is_not_begun_for_ever(
    database: Database, clock: ManualClock, bot: Bot, asked: int
) -> None:
    await database.write(lambda connection: connection.execute(update(rows).values(attempts=MAX_ATTEMPTS)))

    async def runner(job: Job) -> Outcome:
        raise AssertionError("it is not to run")

    await ended(database, Errands(database, clock, bot, {"scp": runner}))

    assert await results(database) == [FAILED]
