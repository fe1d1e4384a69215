"""The inbox: each row is worked once, in order, by one worker at a time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, func, insert, make_url, select, update

from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.db.metadata import now_ms
from backend.core.inbox import service as inbox
from backend.core.inbox.models import inbox as rows
from backend.core.inbox.models import lanes
from backend.core.inbox.values import Incoming, Lease, Retried, Row, RowKind
from tests.conftest import PostgresServer
from tests.samples import START

BOT = 7
LANE = "c1"
LEASE_MS = 30_000


def incoming(number: int, lane: str = LANE, album: str | None = None, bot: int = BOT) -> Incoming:
    return Incoming(bot, lane, RowKind.UPDATE, {"update_id": number}, f"c{number}", number, album)


async def store(database: Database, *updates: Incoming) -> list[bool]:
    return await database.write(lambda connection: inbox.store(connection, updates, START))


async def claim(database: Database, worker: str = "one", limit: int = 10) -> list[Lease]:
    return await database.write(lambda connection: inbox.claim(connection, worker, LEASE_MS, limit))


async def head(database: Database, lane: str = LANE) -> list[Row]:
    return await database.long_read(lambda connection: inbox.oldest(connection, lane))


async def end(database: Database, lease: Lease, worked: list[Row]) -> bool:
    def work(connection: Connection) -> bool:
        inbox.renew(connection, lease, LEASE_MS)
        return inbox.end(connection, lease, worked, START)

    return await database.write(work)


async def states(database: Database) -> list[tuple[int | None, str]]:
    def work(connection: Connection) -> list[Any]:
        return list(connection.execute(select(rows.c.update_id, rows.c.state).order_by(rows.c.id)))

    return [(number, state) for number, state in await database.long_read(work)]


async def lane_of(database: Database, name: str = LANE) -> Any:
    return await database.long_read(
        lambda connection: connection.execute(select(lanes).where(lanes.c.name == name)).one()
    )


async def forget(database: Database, at: datetime) -> int:
    return await database.write(lambda connection: inbox.forget_old(connection, at))


async def run_out(database: Database, lane: str = LANE) -> None:
    """Let every lease expire."""
    await database.write(
        lambda connection: connection.execute(
            update(lanes).where(lanes.c.name == lane).values(leased_until_ms=0)
        )
    )


async def wait_since(database: Database, lane: str, at_ms: int) -> None:
    await database.write(
        lambda connection: connection.execute(
            update(lanes).where(lanes.c.name == lane).values(ready_at_ms=at_ms)
        )
    )


async def fall_due(database: Database) -> None:
    """Let every waiting row fall due."""

    def work(connection: Connection) -> None:
        connection.execute(update(rows).values(not_before_ms=0))
        connection.execute(update(lanes).where(lanes.c.ready_at_ms.is_not(None)).values(ready_at_ms=0))

    await database.write(work)


async def test_an_update_that_comes_again_is_stored_once(database: Database) -> None:
    assert await store(database, incoming(1), incoming(2)) == [True, True]
    assert await store(database, incoming(2), incoming(3), incoming(3)) == [False, True, False]

    assert await states(database) == [(1, "waiting"), (2, "waiting"), (3, "waiting")]


async def test_an_update_that_comes_again_after_its_turn_is_not_worked_again(database: Database) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database)
    await end(database, lease, await head(database))

    assert await store(database, incoming(1)) == [False]
    assert await claim(database) == []


async def test_two_bots_may_have_the_same_update_ids(database: Database) -> None:
    assert await store(database, incoming(1), incoming(1, bot=8)) == [True, True]


async def test_a_lane_is_worked_in_the_order_of_intake_and_under_one_lease(database: Database) -> None:
    await store(database, incoming(30), incoming(10), incoming(20))
    [lease] = await claim(database)

    worked = []
    more = True
    while more:
        turn = await head(database)
        worked.append([row.payload["update_id"] for row in turn])
        more = await end(database, lease, turn)

    assert worked == [[30], [10], [20]]
    lane = await lane_of(database)
    assert (lane.ready_at_ms, lane.token, lane.attempts) == (None, None, 0)


async def test_an_ended_row_keeps_no_payload(database: Database) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database)
    await end(database, lease, await head(database))

    kept = await database.long_read(lambda connection: connection.execute(select(rows)).one())
    assert (kept.state, kept.payload, kept.ended_at) == ("ended", None, START)


async def test_a_held_lane_is_not_given_to_another_worker(database: Database) -> None:
    await store(database, incoming(1))
    await claim(database, "one")
    await store(database, incoming(2))

    assert await claim(database, "two") == []


async def test_two_processes_that_claim_at_the_same_time_never_share_a_lane(
    database: Database, database_url: str
) -> None:
    names = {f"c{number}" for number in range(40)}
    await store(database, *(incoming(number, f"c{number}") for number in range(40)))
    async with Database(database_url) as other:
        taken: list[str] = []
        for _ in range(10):
            claims = await asyncio.gather(
                claim(database, "one", 2),
                claim(other, "two", 2),
                claim(database, "three", 1),
                claim(other, "four", 1),
            )
            assert all(len(leases) <= most for leases, most in zip(claims, (2, 2, 1, 1), strict=True))
            taken += [lease.lane for leases in claims for lease in leases]
        taken += [lease.lane for lease in await claim(database, "five", 40)]

    assert sorted(taken) == sorted(names)


async def test_rows_of_a_lane_are_numbered_in_the_order_of_their_commits(postgres: PostgresServer) -> None:
    async with postgres.fresh() as url, Database(url) as database:
        await store(database, incoming(1))
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        other = await asyncpg.connect(dsn)
        try:
            async with other.transaction():
                await other.execute("SELECT 1 FROM lanes WHERE name = $1 FOR UPDATE", LANE)
                storing = asyncio.create_task(store(database, incoming(2)))
                while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    assert not storing.done()
                number = await other.fetchval("SELECT nextval(pg_get_serial_sequence('inbox', 'id'))")
        finally:
            await other.close()
        await storing
        newest = await database.long_read(lambda c: c.scalar(select(func.max(rows.c.id))))
        assert newest is not None
        assert newest > number


async def test_retry_candidates_are_claimed_one_at_a_time(database: Database) -> None:
    names = ("c1", "c2", "c3")
    await store(database, *(incoming(number, name) for number, name in enumerate(names)))
    await claim(database, "dead")
    await database.write(lambda connection: connection.execute(update(lanes).values(leased_until_ms=0)))
    await store(database, incoming(3, "fresh"))

    first = await claim(database, "one")
    assert sorted(lease.attempt for lease in first) == [1, 2]
    assert "fresh" in {lease.lane for lease in first}
    busy = await database.write(
        lambda connection: inbox.claim(connection, "one", LEASE_MS, 10, retry_candidates=0)
    )
    assert busy == []
    second, third = [(await claim(database, "one"))[0] for _ in range(2)]
    assert {lease.lane for lease in (*first, second, third)} == {*names, "fresh"}


async def test_lanes_that_waited_longest_are_claimed_first(database: Database) -> None:
    for number, name in enumerate(("c3", "c1", "c2")):
        await store(database, incoming(number, name))
        await wait_since(database, name, number)

    assert {lease.lane for lease in await claim(database, limit=2)} == {"c3", "c1"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_no_more_lanes_are_claimed_than_asked_for_whatever_the_plan(database: Database) -> None:
    for number in range(40):
        await store(database, incoming(number, f"c{number}"))

    def work(connection: Connection) -> int:
        for kind in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            connection.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
        return len(inbox.claim(connection, "one", LEASE_MS, 2))

    assert await database.write(work) == 2


async def test_an_expired_lease_is_taken_over_and_the_attempt_counted(database: Database) -> None:
    await store(database, incoming(1))
    [first] = await claim(database, "one")
    await run_out(database)

    [second] = await claim(database, "two")

    assert (first.attempt, second.attempt) == (1, 2)


async def test_a_worker_that_lost_its_lease_writes_nothing(database: Database) -> None:
    await store(database, incoming(1))
    [late] = await claim(database, "late")
    turn = await head(database)
    await run_out(database)
    [present] = await claim(database, "present")

    def work(connection: Connection) -> None:
        connection.execute(insert(rows).values(_row(99)))
        inbox.renew(connection, late, LEASE_MS)

    with pytest.raises(LeaseLost):
        await database.write(work)
    assert await states(database) == [(1, "waiting")]
    assert await end(database, present, turn) is False
    assert await states(database) == [(1, "ended")]


def _row(number: int) -> dict[str, Any]:
    return {
        "bot_id": BOT,
        "update_id": number,
        "lane": LANE,
        "kind": RowKind.UPDATE,
        "not_before_ms": 0,
        "state": "waiting",
        "correlation": "",
        "received_at": START,
    }


async def test_a_worker_whose_lease_ran_out_unnoticed_may_still_finish(database: Database) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database)
    await run_out(database)

    assert await end(database, lease, await head(database)) is False


async def test_the_attempts_of_the_next_oldest_row_are_counted_from_zero(database: Database) -> None:
    await store(database, incoming(1), incoming(2))
    await claim(database, "one")
    await run_out(database)
    [lease] = await claim(database, "two")

    assert await end(database, lease, await head(database)) is True

    assert (await lane_of(database)).attempts == 1


@pytest.mark.parametrize(("counted", "attempt"), [(True, 2), (False, 1)])
async def test_an_attempt_counts_when_it_failed_and_not_when_it_was_interrupted(
    database: Database, counted: bool, attempt: int
) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database, "one")

    await database.write(lambda connection: inbox.give_back(connection, lease, delay_ms=0, counted=counted))

    [again] = await claim(database, "two")
    assert again.attempt == attempt


async def test_a_lane_given_back_for_later_waits(database: Database) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database)
    await database.write(lambda connection: inbox.give_back(connection, lease, delay_ms=60_000, counted=True))

    assert await claim(database) == []
    await fall_due(database)
    assert [each.attempt for each in await claim(database)] == [2]


async def test_a_worker_that_lost_the_lane_cannot_give_it_back(database: Database) -> None:
    await store(database, incoming(1))
    [late] = await claim(database, "late")
    await run_out(database)
    await claim(database, "present")

    await database.write(lambda connection: inbox.give_back(connection, late, delay_ms=0, counted=False))

    assert (await lane_of(database)).token == "present"


async def test_the_parts_of_an_album_become_one_turn_a_second_after_the_last(database: Database) -> None:
    await store(database, incoming(1, album="a"))
    await store(database, incoming(2, album="a"), incoming(3))
    assert await claim(database) == []
    assert await head(database) == []

    def work(connection: Connection) -> list[Any]:
        clock = connection.scalar(select(now_ms())) or 0
        due = select(rows.c.not_before_ms - clock).where(rows.c.album == "a")
        return [*connection.scalars(due), connection.scalar(select(lanes.c.ready_at_ms - clock))]

    *parts, lane = await database.long_read(work)
    assert len(set(parts)) == 1
    assert 0 < parts[0] <= inbox.ALBUM_WAIT_MS
    assert lane == parts[0]
    await fall_due(database)
    [lease] = await claim(database)
    album = await head(database)
    assert [row.payload["update_id"] for row in album] == [1, 2]
    assert await end(database, lease, album) is True
    assert [row.payload["update_id"] for row in await head(database)] == [3]


async def test_a_new_part_makes_the_whole_album_wait_again(database: Database) -> None:
    await store(database, incoming(1, album="a"))
    await fall_due(database)
    await store(database, incoming(2, album="a"))

    assert await claim(database) == []


async def test_a_part_arriving_while_its_album_is_worked_is_a_turn_of_its_own(database: Database) -> None:
    await store(database, incoming(1, album="a"))
    await fall_due(database)
    [lease] = await claim(database)
    album = await head(database)
    await store(database, incoming(2, album="a"))

    assert await end(database, lease, album) is False
    await fall_due(database)
    assert [each.lane for each in await claim(database)] == [LANE]
    assert [row.payload["update_id"] for row in await head(database)] == [2]


async def test_a_dead_letter_lets_the_lane_go_on(database: Database) -> None:
    await store(database, incoming(1), incoming(2))
    [lease] = await claim(database)

    assert await dead_letter(database, lease, await head(database), "REF1") is True

    assert await states(database) == [(1, "set_aside"), (2, "waiting")]
    [kept] = await database.long_read(lambda connection: list(inbox.failed(connection)))
    assert (kept.reference, kept.error, kept.lane, kept.kind) == ("REF1", "too bad", LANE, RowKind.UPDATE)


async def dead_letter(database: Database, lease: Lease, turn: list[Row], reference: str) -> bool:
    return await database.write(
        lambda connection: inbox.dead_letter(connection, lease, turn, reference, "too bad", START)
    )


async def test_a_dead_letter_can_be_tried_again_with_its_payload(database: Database) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database)
    await dead_letter(database, lease, await head(database), "REF1")
    assert await claim(database) == []

    assert await database.write(lambda connection: inbox.retry(connection, "REF1")) is Retried.BACK

    assert [each.attempt for each in await claim(database)] == [1]
    assert [row.payload for row in await head(database)] == [{"update_id": 1}]
    assert await database.write(lambda connection: inbox.retry(connection, "REF1")) is Retried.UNKNOWN


async def test_a_dead_lettered_album_is_tried_again_as_a_whole(database: Database) -> None:
    await store(database, incoming(1, album="a"), incoming(2, album="a"))
    await fall_due(database)
    [lease] = await claim(database)
    await dead_letter(database, lease, await head(database), "REF1")
    assert [kept.reference for kept in await database.long_read(lambda c: list(inbox.failed(c)))] == ["REF1"]

    await database.write(lambda connection: inbox.retry(connection, "REF1"))

    await claim(database)
    assert [row.payload["update_id"] for row in await head(database)] == [1, 2]


async def test_the_first_error_of_a_row_is_kept(database: Database) -> None:
    await store(database, incoming(1))
    [lease] = await claim(database)
    turn = await head(database)
    await database.write(lambda connection: inbox.note_error(connection, turn, "the first"))

    await dead_letter(database, lease, turn, "REF1")

    [kept] = await database.long_read(lambda connection: list(inbox.failed(connection)))
    assert kept.error == "the first"


async def test_rows_that_ended_long_ago_are_forgotten_and_no_others(database: Database) -> None:
    await store(database, incoming(1), incoming(2), incoming(3))
    [lease] = await claim(database)
    await end(database, lease, await head(database))
    await dead_letter(database, lease, await head(database), "REF1")

    forgotten = [await forget(database, START + inbox.REMEMBERED * times) for times in (1, 2)]

    assert forgotten == [0, 1]
    assert await states(database) == [(2, "set_aside"), (3, "waiting")]


async def test_a_row_of_our_own_goes_behind_earlier_rows(database: Database) -> None:
    await store(database, incoming(1))
    own = Incoming(BOT, LANE, RowKind.ENTRY, {"action": "home"}, "c")
    await database.write(lambda connection: inbox.add(connection, own, START))
    [lease] = await claim(database)

    assert await end(database, lease, await head(database)) is True
    assert [row.kind for row in await head(database)] == [RowKind.ENTRY]


async def test_a_committed_turn_is_neither_committed_again_nor_dead_lettered(database: Database) -> None:
    await store(database, incoming(1), incoming(2))
    lease = (await claim(database))[0]
    worked = await head(database)
    await end(database, lease, worked)

    with pytest.raises(LeaseLost):
        await end(database, lease, worked)
    with pytest.raises(LeaseLost):
        await database.write(
            lambda connection: inbox.dead_letter(connection, lease, worked, "ABCDEFGH", "late", START)
        )

    assert await states(database) == [(1, "ended"), (2, "waiting")]


async def test_a_dead_letter_loses_its_content_in_time_and_is_listed_for_a_year(
    database: Database,
) -> None:
    await store(database, incoming(1), incoming(2))
    [lease] = await claim(database)
    await dead_letter(database, lease, await head(database), "REF1")

    async def forget(days: int) -> int:
        at, kept = START + timedelta(days=days), timedelta(days=30)
        return await database.write(lambda connection: inbox.forget_dead_letters(connection, at, kept))

    async def listed() -> list[tuple[str, bool]]:
        found = await database.long_read(lambda connection: list(inbox.failed(connection)))
        return [(each.reference, each.has_content) for each in found]

    assert await forget(29) == 0
    assert await listed() == [("REF1", True)]
    assert await forget(31) == 1
    assert await listed() == [("REF1", False)]
    assert await forget(31) == 0
    assert await database.write(lambda c: inbox.retry(c, "REF1")) is Retried.FORGOTTEN
    assert await forget(366) == 1
    assert await listed() == []
    assert await states(database) == [(2, "waiting")]
