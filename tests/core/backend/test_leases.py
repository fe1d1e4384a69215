"""Leader election: one process leads, and its predecessor can write nothing any more."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import update

from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.leases import service as leases
from backend.core.leases.models import leases as rows

LEASE_MS = 30_000


async def acquire(database: Database, token: str, name: str = "sender") -> bool:
    return await database.write(lambda connection: leases.acquire(connection, name, token, LEASE_MS))


async def hold(database: Database, token: str) -> None:
    await database.write(lambda connection: leases.check(connection, "sender", token))


async def is_free(database: Database) -> bool:
    return await database.long_read(lambda connection: leases.is_free(connection, "sender"))


async def run_out(database: Database) -> None:
    await database.write(lambda connection: connection.execute(update(rows).values(held_until_ms=0)))


async def test_a_role_is_free_before_it_is_taken_and_after_its_lease_expired(database: Database) -> None:
    assert await is_free(database)
    await acquire(database, "one", "poller")
    assert await is_free(database)
    await acquire(database, "one")
    assert not await is_free(database)
    await run_out(database)
    assert await is_free(database)


async def test_one_candidate_wins_and_may_renew(database: Database) -> None:
    assert await acquire(database, "one") is True
    assert await acquire(database, "two") is False
    assert await acquire(database, "one") is True


async def test_leases_of_different_roles_are_independent(database: Database) -> None:
    assert await acquire(database, "one", "sender") is True
    assert await acquire(database, "two", "poller") is True


async def test_exactly_one_of_many_simultaneous_candidates_wins(
    database: Database, database_url: str
) -> None:
    async with Database(database_url) as other:
        for round_number in range(10):
            name = f"role-{round_number}"
            won = await asyncio.gather(
                *(acquire(database if n % 2 else other, f"candidate-{n}", name) for n in range(8))
            )
            assert won.count(True) == 1


async def test_leadership_is_taken_over_when_its_lease_expired(database: Database) -> None:
    await acquire(database, "one")
    await run_out(database)

    assert await acquire(database, "two") is True
    assert await acquire(database, "one") is False


async def test_leadership_that_was_given_up_is_free_at_once(database: Database) -> None:
    await acquire(database, "one")
    await database.write(lambda connection: leases.release(connection, "sender", "two"))
    assert await acquire(database, "two") is False

    await database.write(lambda connection: leases.release(connection, "sender", "one"))
    assert await acquire(database, "two") is True


async def test_a_leader_that_was_succeeded_cannot_write(database: Database) -> None:
    await acquire(database, "one")
    await hold(database, "one")
    await run_out(database)
    await hold(database, "one")  # nobody else took it: it does no harm
    await acquire(database, "two")

    with pytest.raises(LeaseLost):
        await hold(database, "one")
    await hold(database, "two")


async def test_a_process_that_never_led_cannot_write(database: Database) -> None:
    with pytest.raises(LeaseLost):
        await hold(database, "one")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_lease_that_somebody_has_locked_is_not_waited_for(
    database: Database, database_url: str
) -> None:
    await acquire(database, "stopped")
    await run_out(database)
    holder = await asyncpg.connect(database_url)
    try:
        async with holder.transaction():
            await holder.execute("SELECT 1 FROM leases WHERE name = 'sender' FOR UPDATE")
            assert await acquire(database, "two") is False
            assert database.trouble == ""
        assert await acquire(database, "two") is True
    finally:
        await holder.close()
