"""The job runner: a failed job is tried again and comes to an end, and no job delays another."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from telegram import Bot

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.inbox import service as inbox
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry, Run
from backend.core.jobs.models import jobs as rows
from backend.core.jobs.values import Job, JobState
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Rank
from bot.core.jobs import runner as job_runner
from bot.core.jobs.runner import FAILED, JobRunner
from tests.scripted_api import ScriptedApi, Wait

HERE = Destination(7, 1, 0, "1")
QUICK = JobQueue("quick", concurrency=4)
AT_ONCE = Retry(attempts=5, first_seconds=0.001, longest_seconds=0.002)


def kind(run: Run, name: str = "scp", **said: Any) -> JobKind:
    return JobKind(name, run, **{"queue": QUICK, "seconds": 30.0, "retry": AT_ONCE, **said})


async def add(database: Database, clock: ManualClock, name: str = "scp", card_id: int | None = None) -> int:
    return await database.write(
        lambda connection: jobs.add(
            connection, name, {}, HERE, 1, language="it", card_id=card_id, correlation="c", at=clock.now()
        )
    )


@asynccontextmanager
async def running(runner: JobRunner) -> AsyncIterator[None]:
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def row(database: Database, job_id: int) -> Any:
    return await database.long_read(
        lambda connection: connection.execute(select(rows).where(rows.c.id == job_id)).one()
    )


async def until(database: Database, condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            await database.signals.wait(inbox.SIGNAL, 0.02)


async def reaches(database: Database, job_id: int, state: JobState) -> None:
    async def there() -> bool:
        return bool((await row(database, job_id)).state == state)

    await until(database, there)


async def results(database: Database) -> Sequence[Any]:
    found = await database.long_read(lambda connection: inbox.oldest(connection, HERE.lane))
    return [row.payload["result"] for row in found]


async def test_a_result_that_cannot_be_stored_is_given_up_after_some_attempts(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    tries = list[int]()

    async def run(job: Job, context: JobContext) -> Outcome:
        def change(connection: Connection) -> None:
            raise ValueError("it cannot be stored")

        tries.append(job.attempt)
        return Outcome({}, change)

    job_id = await add(database, clock)
    async with running(JobRunner(database, clock, bot, [kind(run)])):
        await reaches(database, job_id, JobState.ENDED)

    assert tries == [1, 2, 3, 4, 5]
    assert await results(database) == [FAILED]


async def test_a_job_that_kills_its_process_is_not_begun_for_ever(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    async def run(job: Job, context: JobContext) -> Outcome:
        raise AssertionError("it is not to run")

    job_id = await add(database, clock)
    await database.write(lambda connection: connection.execute(update(rows).values(attempts=5)))
    async with running(JobRunner(database, clock, bot, [kind(run)])):
        await reaches(database, job_id, JobState.ENDED)

    assert await results(database) == [FAILED]


async def test_the_failure_of_a_job_without_result_is_not_reported_to_a_lane(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    async def run(job: Job, context: JobContext) -> Outcome:
        raise ValueError("never")

    job_id = await add(database, clock)
    async with running(JobRunner(database, clock, bot, [kind(run, returns=False)])):
        await reaches(database, job_id, JobState.ENDED)

    assert await results(database) == []


async def test_an_attempt_that_takes_too_long_has_failed(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    tries = list[int]()

    async def run(job: Job, context: JobContext) -> Outcome:
        tries.append(job.attempt)
        if job.attempt == 1:
            await asyncio.Event().wait()
        return Outcome({"after": job.attempt})

    job_id = await add(database, clock)
    async with running(JobRunner(database, clock, bot, [kind(run, seconds=0.05)])):
        await reaches(database, job_id, JobState.ENDED)

    assert await results(database) == [{"after": 2}]


async def test_a_job_is_held_while_telegram_hangs_and_never_run_twice_at_the_same_time(
    database: Database, clock: ManualClock, bot: Bot, api: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_runner, "LEASE_MS", 300)
    monkeypatch.setattr(job_runner, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(job_runner, "CARD_SECONDS", 0.0)
    telegram, finished, runs = asyncio.Event(), asyncio.Event(), list[int]()
    api.will("sendChatAction", *(Wait(telegram) for _ in range(50)))

    async def run(job: Job, context: JobContext) -> Outcome:
        runs.append(job.attempt)
        await finished.wait()
        return Outcome({"run": job.attempt})

    job_id = await add(database, clock)
    async with running(JobRunner(database, clock, bot, [kind(run)])):
        await reaches(database, job_id, JobState.RUNNING)
        began_ms = (await row(database, job_id)).leased_until_ms

        async def long_after() -> bool:
            return bool((await row(database, job_id)).leased_until_ms > began_ms + 900)

        await until(database, long_after)
        await api.heard(lambda: api.sent("sendChatAction"))
        finished.set()
        await reaches(database, job_id, JobState.ENDED)
    telegram.set()

    assert runs == [1]
    assert await results(database) == [{"run": 1}]


async def test_a_cancelled_job_is_stopped_at_once_and_changes_nothing(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def run(job: Job, context: JobContext) -> Outcome:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return Outcome({})

    job_id = await add(database, clock, card_id=5)
    async with running(JobRunner(database, clock, bot, [kind(run)])):
        async with asyncio.timeout(10):
            await begun.wait()
        await database.write(lambda c: jobs.cancel_waiting(c, HERE.lane, 1, clock.now()))
        async with asyncio.timeout(10):  # half of the time until leases are checked anyway
            await stopped.wait()

    assert (await row(database, job_id)).state == JobState.CANCELLED
    assert await results(database) == []


async def test_a_slow_queue_with_thousands_of_jobs_delays_no_other(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    at_it, never = list[int](), asyncio.Event()

    async def hang(job: Job, context: JobContext) -> Outcome:
        at_it.append(job.id)
        await never.wait()
        return Outcome(None)

    async def answer(job: Job, context: JobContext) -> Outcome:
        return Outcome({"found": True})

    await add(database, clock, "bulk")
    one = await database.long_read(lambda connection: connection.execute(select(rows)).one()._asdict())
    copies: list[dict[str, Any]] = [{**one, "id": one["id"] + number} for number in range(1, 5000)]
    await database.write(lambda connection: connection.execute(insert(rows), copies))
    bulk = kind(hang, "bulk", queue=JobQueue("bulk", concurrency=3), awaited=False)
    look_up = kind(answer, "pod", queue=JobQueue("calls", concurrency=2, priority=1))
    if not database.is_sqlite:
        await database.write(_count_on)
    async with running(JobRunner(database, clock, bot, [bulk, look_up])):

        async def hangs() -> bool:
            return len(at_it) == 3

        await until(database, hangs)
        job_id = await add(database, clock, "pod")
        await reaches(database, job_id, JobState.ENDED)

    assert len(at_it) == 3
    assert await results(database) == [{"found": True}]


def _count_on(connection: Connection) -> None:
    """Move the sequence behind rows with explicit ids: the next id of the database comes after them."""
    connection.exec_driver_sql("SELECT setval('jobs_id_seq', (SELECT max(id) FROM jobs))")


async def test_places_that_idle_queues_leave_empty_are_anothers(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    async def answer(job: Job, context: JobContext) -> Outcome:
        return Outcome({"found": True})

    urgent = kind(answer, "pod", queue=JobQueue("urgent", concurrency=100, priority=1))
    rare = kind(answer, "export", queue=JobQueue("rare", concurrency=1))
    job_id = await add(database, clock, "export")
    async with running(JobRunner(database, clock, bot, [urgent, rare])):
        await reaches(database, job_id, JobState.ENDED)


async def test_a_job_of_an_unknown_kind_waits_for_a_process_that_knows_it(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    async def run(job: Job, context: JobContext) -> Outcome:
        return Outcome({})

    of_tomorrow, known = await add(database, clock, "of_tomorrow"), await add(database, clock)
    async with running(JobRunner(database, clock, bot, [kind(run)])):
        await reaches(database, known, JobState.ENDED)

    waiting = await row(database, of_tomorrow)
    assert (waiting.state, waiting.attempts) == (JobState.WAITING, 0)


async def test_kinds_or_queues_of_the_same_name_are_refused(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    async def run(job: Job, context: JobContext) -> Outcome:
        return Outcome({})

    with pytest.raises(ValueError, match="two kinds of jobs share the name 'scp'"):
        JobRunner(database, clock, bot, [kind(run), kind(run)])
    other = kind(run, "pod", queue=JobQueue("quick", concurrency=5))
    with pytest.raises(ValueError, match="two queues of jobs share the name 'quick'"):
        JobRunner(database, clock, bot, [kind(run), other])


def test_retry_delays_grow_up_to_a_limit_and_vary_a_little() -> None:
    retry = Retry(first_seconds=2.0, factor=2.0, longest_seconds=10.0, jitter=0.25)
    waits = [retry.seconds(attempt, random.Random(attempt)) for attempt in (1, 2, 3, 4, 5)]  # noqa: S311

    for wait, middle in zip(waits, (2.0, 4.0, 8.0, 10.0, 10.0), strict=True):
        assert abs(wait - middle) <= middle * 0.25
    assert len({round(wait / middle, 6) for wait, middle in zip(waits, (2, 4, 8, 10, 10), strict=True)}) == 5


async def test_progress_updates_the_card_every_three_seconds_at_most_and_after_replies(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    shown, now, finished = list[dict[str, Any]](), [100.0], asyncio.Event()
    card = {"text": "⏳ Un momento…", "rows": [[["choice", "Annulla", "~cancel"]]], "revision": 4}
    post = await database.write(
        lambda c: outbox.enqueue(c, HERE, card, correlation="c", at=clock.now(), rank=Rank.REPLY)
    )

    async def run(job: Job, context: JobContext) -> Outcome:
        for done, seconds in ((0, 0.0), (1, 1.0), (2, 1.0), (30, 10.0)):
            now[0] += seconds
            await context.progress(done, 100)
            shown.append(await content())
        await finished.wait()
        return Outcome({})

    async def content() -> dict[str, Any]:
        found = await database.long_read(lambda connection: outbox.content_of(connection, HERE, post))
        assert found is not None
        return found

    job_id = await add(database, clock, card_id=post)
    async with running(JobRunner(database, clock, bot, [kind(run, awaited=False)], ticks=lambda: now[0])):

        async def told() -> bool:
            return len(shown) == 4

        await until(database, told)
        row_of_card = await database.long_read(
            lambda c: c.execute(select(posts).where(posts.c.id == post)).one()
        )
        assert row_of_card.rank == Rank.REPLY  # not sent yet: it keeps its position
        finished.set()
        await reaches(database, job_id, JobState.ENDED)

    first, last = "░░░░░░░░░░ 0 di 100", "▓▓▓░░░░░░░ 30 di 100 · ancora 0:28"
    assert [each["progress"] for each in shown] == [first, first, first, last]
    assert all({**each, "progress": ""} == {**card, "progress": ""} for each in shown)


async def test_progress_that_comes_late_is_not_shown(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    begun, goes_on, dropped = asyncio.Event(), asyncio.Event(), asyncio.Event()
    post = await database.write(
        lambda c: outbox.enqueue(c, HERE, {"text": "⏳"}, correlation="c", at=clock.now())
    )

    async def run(job: Job, context: JobContext) -> Outcome:
        begun.set()
        await goes_on.wait()
        try:
            await context.progress(1, 2)
        except LeaseLost:
            dropped.set()
            raise
        return Outcome({})

    job_id = await add(database, clock, card_id=post)
    async with running(JobRunner(database, clock, bot, [kind(run)])):
        async with asyncio.timeout(10):
            await begun.wait()
        # Another process has taken the job over, and has ended it.
        await database.write(lambda c: c.execute(update(rows).values(token="other", state=JobState.ENDED)))
        await database.write(lambda c: outbox.update_post(c, HERE, post, {"text": "Ecco"}, correlation="c"))
        goes_on.set()
        async with asyncio.timeout(10):
            await dropped.wait()

    assert (await row(database, job_id)).token == "other"
    assert await database.long_read(lambda c: outbox.content_of(c, HERE, post)) == {"text": "Ecco"}
