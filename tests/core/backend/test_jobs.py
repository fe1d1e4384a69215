"""The job queue: each job runs, its result comes back to the lane once, and the user may stop waiting."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.inbox import service as inbox
from backend.core.inbox.models import inbox as inbox_rows
from backend.core.inbox.values import Incoming, Row, RowKind, RowState
from backend.core.jobs import service as jobs
from backend.core.jobs.models import jobs as rows
from backend.core.jobs.values import Job, JobState
from backend.core.outbox.values import Destination
from tests.samples import START
from tests.statements import plans_of, seen

HERE = Destination(7, 1, 0, "c1")
LEASE_MS = 30_000
KEPT = timedelta(days=7)


async def add(database: Database, pod: str = "POD", card_id: int | None = 5, user_id: int = 1) -> int:
    return await database.write(
        lambda connection: jobs.add(
            connection,
            "pod",
            {"pod": pod},
            HERE,
            user_id,
            language="it",
            card_id=card_id,
            correlation="c",
            at=START,
        )
    )


async def claim(database: Database, worker: str = "one", limit: int = 10) -> list[Job]:
    return await database.write(lambda c: jobs.claim(c, worker, LEASE_MS, limit, kind="pod"))


async def end(database: Database, job: Job, result: dict[str, Any] | None) -> None:
    await database.write(lambda connection: jobs.end(connection, job, result, START))


async def forget(database: Database, at: datetime) -> int:
    return await database.write(lambda connection: jobs.forget_old(connection, at, KEPT))


async def run_out(database: Database) -> None:
    await database.write(lambda c: c.execute(update(rows).values(leased_until_ms=0, due_ms=0)))


async def results(database: Database) -> list[Row]:
    return await database.long_read(lambda connection: inbox.oldest(connection, HERE.lane))


async def row(database: Database, job_id: int) -> Any:
    return await database.long_read(
        lambda connection: connection.execute(select(rows).where(rows.c.id == job_id)).one()
    )


async def test_the_result_of_a_job_comes_back_to_its_lane(database: Database) -> None:
    job_id = await add(database)
    [job] = await claim(database)
    assert (job.id, job.kind, job.arguments, job.destination, job.attempt) == (
        job_id,
        "pod",
        {"pod": "POD"},
        HERE,
        1,
    )
    assert (await row(database, job_id)).state == JobState.RUNNING

    await end(database, job, {"found": True})

    [result] = await results(database)
    assert (result.kind, result.correlation, result.bot_id) == (RowKind.RESULT, "c", 7)
    assert result.payload == {
        "kind": "pod",
        "job": job_id,
        "action": None,
        "arguments": {"pod": "POD"},
        "result": {"found": True},
        "card_id": 5,
        "chat_id": 1,
        "thread_id": 0,
        "user_id": 1,
        "language": "it",
        "membership": None,
    }
    kept = await row(database, job_id)
    assert (kept.state, kept.arguments, kept.ended_at) == (JobState.ENDED, None, START)
    assert await claim(database) == []


async def test_a_job_that_nobody_waits_for_leaves_no_row(database: Database) -> None:
    await add(database, card_id=None)
    [job] = await claim(database)
    await end(database, job, None)

    assert await results(database) == []


async def test_two_processes_that_claim_at_the_same_time_never_share_a_job(
    database: Database, database_url: str
) -> None:
    made = [await add(database, str(number)) for number in range(30)]
    taken: list[int] = []
    async with Database(database_url) as other:
        for _ in range(12):
            claims = await asyncio.gather(
                *(claim(each, f"{each is other}-{n}", 1) for each in (database, other) for n in range(2))
            )
            taken += [job.id for claimed in claims for job in claimed]
    taken += [job.id for job in await claim(database, "rest", 30)]

    assert sorted(taken) == made


async def test_a_job_whose_worker_died_is_taken_over_and_the_late_result_dropped(database: Database) -> None:
    await add(database)
    [late] = await claim(database, "late")
    assert await claim(database, "other") == []
    await run_out(database)
    [present] = await claim(database, "present")
    assert present.attempt == 2

    with pytest.raises(LeaseLost):
        await end(database, late, {"from": "late"})
    assert await results(database) == []
    await end(database, present, {"from": "present"})
    [result] = await results(database)
    assert result.payload["result"] == {"from": "present"}


async def test_a_result_is_not_given_twice(database: Database) -> None:
    await add(database)
    [job] = await claim(database)
    await end(database, job, {"number": 1})

    with pytest.raises(LeaseLost):
        await end(database, job, {"number": 2})
    [result] = await results(database)
    assert result.payload["result"] == {"number": 1}


async def test_a_worker_can_hold_its_job_for_longer(database: Database) -> None:
    await add(database)
    [job] = await claim(database)
    await run_out(database)

    assert await database.write(lambda c: jobs.renew(c, [job], LEASE_MS)) == {job.id}
    assert await claim(database, "two") == []


async def test_a_user_who_no_longer_waits_gets_no_result(database: Database) -> None:
    running = await add(database, "running", card_id=5)
    [job] = await claim(database)
    waiting = await add(database, "waiting", card_id=6)
    await add(database, "another user's", user_id=2)
    unseen = await add(database, "nobody waits for it", card_id=None)

    cards = await database.write(lambda c: jobs.cancel_waiting(c, HERE.lane, 1, START))

    assert cards == [5, 6]
    with pytest.raises(LeaseLost):
        await end(database, job, {"late": True})
    assert await results(database) == []
    assert await database.write(lambda c: jobs.renew(c, [job], LEASE_MS)) == set()
    assert await database.long_read(lambda c: jobs.still_held(c, [job])) == set()
    for job_id in (running, waiting):
        kept = await row(database, job_id)
        assert (kept.state, kept.arguments) == (JobState.CANCELLED, None)
    assert (await row(database, unseen)).state == JobState.WAITING
    left = {job.arguments["pod"] for job in await claim(database)}
    assert left == {"another user's", "nobody waits for it"}


async def test_the_kinds_of_job_that_a_user_waits_for_are_known(database: Database) -> None:
    await add(database)
    await claim(database)
    await add(database)
    await add(database, card_id=None)
    await add(database, user_id=2)

    assert await database.long_read(lambda c: jobs.waiting_kinds(c, HERE.lane, 1)) == ["pod", "pod"]
    assert await database.long_read(lambda c: jobs.waiting_kinds(c, "c2", 1)) == []


@pytest.mark.parametrize(("counted", "attempt"), [(True, 2), (False, 1)])
async def test_an_attempt_counts_when_it_failed_and_not_when_it_was_interrupted(
    database: Database, counted: bool, attempt: int
) -> None:
    job_id = await add(database)
    [job] = await claim(database, "one")
    await database.write(lambda c: jobs.give_back(c, job, 60_000, "why", counted=counted))
    assert await claim(database, "two") == []
    assert (await row(database, job_id)).error == "why"

    await database.write(lambda connection: connection.execute(update(rows).values(due_ms=0)))

    assert [each.attempt for each in await claim(database, "two")] == [attempt]


async def test_a_cancelled_job_cannot_be_given_back(database: Database) -> None:
    job_id = await add(database)
    [job] = await claim(database)
    await database.write(lambda connection: jobs.cancel_waiting(connection, HERE.lane, 1, START))
    await database.write(lambda c: jobs.give_back(c, job, 0, "why"))

    assert (await row(database, job_id)).state == JobState.CANCELLED
    assert await claim(database) == []


async def test_jobs_that_ended_long_ago_are_forgotten(database: Database) -> None:
    await add(database)
    [job] = await claim(database)
    await end(database, job, None)
    waiting = await add(database)

    forgotten = [await forget(database, START + KEPT * times) for times in (1, 2)]

    assert forgotten == [0, 1]
    assert (await row(database, waiting)).state == JobState.WAITING


async def test_kinds_with_a_waiting_job_are_known(database: Database) -> None:
    assert await database.long_read(lambda c: jobs.due_kinds(c, ["pod", "scp"])) == set()
    await add(database)
    assert await database.long_read(lambda c: jobs.due_kinds(c, ["pod", "scp"])) == {"pod"}
    assert await database.long_read(lambda c: jobs.due_kinds(c, [])) == set()
    await claim(database)
    assert await database.long_read(lambda c: jobs.due_kinds(c, ["pod", "scp"])) == set()


async def test_a_job_running_in_the_process_is_not_claimed_again(database: Database) -> None:
    await add(database)
    [job] = await claim(database)
    await run_out(database)

    again = await database.write(lambda c: jobs.claim(c, "two", LEASE_MS, 10, kind="pod", running=[job.id]))
    assert again == []
    assert await database.write(lambda c: jobs.renew(c, [job], LEASE_MS)) == {job.id}


async def test_the_card_of_a_running_job_can_be_moved_and_is_released_on_cancellation(
    database: Database,
) -> None:
    job_id = await add(database, card_id=5)
    [job] = await claim(database)
    await database.write(lambda c: jobs.show_on(c, job_id, 9))
    assert await database.write(lambda c: jobs.card_of(c, job)) == 9

    await database.write(lambda c: jobs.cancel_waiting(c, HERE.lane, 1, START))
    with pytest.raises(LeaseLost):
        await database.write(lambda c: jobs.card_of(c, job))


async def test_a_job_is_under_way_until_its_result_was_worked(database: Database) -> None:
    job_id = await add(database)
    assert await database.long_read(lambda c: jobs.is_under_way(c, job_id))
    [job] = await claim(database)
    assert await database.long_read(lambda c: jobs.is_under_way(c, job_id))
    await end(database, job, {"found": True})
    assert await database.long_read(lambda c: jobs.is_under_way(c, job_id))
    await database.write(lambda c: c.execute(delete(inbox_rows)))
    assert not await database.long_read(lambda c: jobs.is_under_way(c, job_id))
    assert not await database.long_read(lambda c: jobs.is_under_way(c, job_id + 1))


async def test_a_cancellation_ends_the_named_jobs_and_no_others(database: Database) -> None:
    first, second = await add(database, card_id=5), await add(database, card_id=6)

    assert await database.write(lambda c: jobs.cancel_waiting(c, HERE.lane, 1, START, [second])) == [6]
    assert (await row(database, first)).state == JobState.WAITING


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_claims_and_clean_up_of_jobs_use_an_index(database: Database) -> None:
    with seen(database.engines.writer.dialect) as statements:
        await claim(database)
        await forget(database, START)
    plans = await database.write(lambda connection: plans_of(connection, statements))

    assert any("ix_jobs_open" in plan for plan in plans)
    assert any("ix_jobs_ended_at" in plan for plan in plans)
    assert not any("SCAN jobs" in plan for plan in plans)


async def test_a_result_already_in_the_lane_is_dropped_with_its_job(database: Database) -> None:
    await database.write(
        lambda connection: inbox.add(
            connection, Incoming(7, HERE.lane, RowKind.ENTRY, {"action": "stop"}, "c", user_id=1), START
        )
    )
    await add(database, card_id=5)
    await add(database, card_id=6, user_id=2)
    for job in await claim(database):
        await end(database, job, {"found": True})

    cards = await database.write(lambda connection: jobs.cancel_waiting(connection, HERE.lane, 1, START))
    assert cards == [5]
    left = await database.long_read(
        lambda connection: connection.scalars(
            select(inbox_rows.c.user_id).where(
                inbox_rows.c.kind == RowKind.RESULT, inbox_rows.c.state == RowState.WAITING
            )
        ).all()
    )
    assert left == [2]


@pytest.mark.parametrize("when", ["before it runs", "while it runs", "when it has ended"])
async def test_a_result_follows_its_group_into_the_supergroup(database: Database, when: str) -> None:
    def moved(connection: Connection) -> None:
        inbox.migrate_chat(connection, 7, -77, -10077)
        jobs.migrate_chat(connection, 7, -77, -10077)

    destination = Destination.of(7, -77, 3)
    await database.write(
        lambda connection: jobs.add(
            connection, "pod", {}, destination, 1, language="it", card_id=5, correlation="c", at=START
        )
    )
    if when == "before it runs":
        await database.write(moved)
    (job,) = await claim(database)
    if when == "while it runs":
        await database.write(moved)
    await end(database, job, {"found": True})
    if when == "when it has ended":
        await database.write(moved)

    (result,) = await database.long_read(
        lambda connection: inbox.oldest(connection, Destination.of(7, -10077, 3).lane)
    )
    assert (result.payload["chat_id"], result.payload["result"]) == (-10077, {"found": True})
    assert await database.long_read(inbox.has_work)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_no_more_jobs_are_claimed_than_asked_for_whatever_the_plan(database: Database) -> None:
    for _ in range(40):
        await add(database)

    def work(connection: Connection) -> int:
        for kind in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            connection.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
        return len(jobs.claim(connection, "one", LEASE_MS, 2, kind="pod"))

    assert await database.write(work) == 2
