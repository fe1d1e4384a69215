"""Elections: one process holds an office, and its successor is safe from it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.leases import service as leases
from backend.core.leases.models import leases as rows

TERM_MS = 30_000


async def campaign(database: Database, token: str, name: str = "sender") -> bool:
    return await database.write(lambda connection: leases.campaign(connection, name, token, TERM_MS))


async def hold(database: Database, token: str) -> None:
    await database.write(lambda connection: leases.hold(connection, "sender", token))


async def is_free(database: Database) -> bool:
    return await database.long_read(lambda connection: leases.is_free(connection, "sender"))


async def run_out(database: Database) -> None:
    await database.write(lambda connection: connection.execute(update(rows).values(held_until_ms=0)))


async def test_a_role_is_free_until_it_is_taken_and_once_its_lease_has_run_out(database: Database) -> None:
    assert await is_free(database)
    await campaign(database, "one", "poller")
    assert await is_free(database)
    await campaign(database, "one")
    assert not await is_free(database)
    await run_out(database)
    assert await is_free(database)


async def test_one_candidate_wins_and_may_renew(database: Database) -> None:
    assert await campaign(database, "one") is True
    assert await campaign(database, "two") is False
    assert await campaign(database, "one") is True


async def test_offices_are_independent(database: Database) -> None:
    assert await campaign(database, "one", "sender") is True
    assert await campaign(database, "two", "poller") is True


async def test_of_many_candidates_at_once_exactly_one_wins(database: Database, database_url: str) -> None:
    async with Database(database_url) as other:
        for round_number in range(10):
            name = f"office-{round_number}"
            won = await asyncio.gather(
                *(campaign(database if n % 2 else other, f"candidate-{n}", name) for n in range(8))
            )
            assert won.count(True) == 1


async def test_an_office_is_taken_over_when_its_lease_ran_out(database: Database) -> None:
    await campaign(database, "one")
    await run_out(database)

    assert await campaign(database, "two") is True
    assert await campaign(database, "one") is False


async def test_an_office_that_was_given_up_is_free_at_once(database: Database) -> None:
    await campaign(database, "one")
    await database.write(lambda connection: leases.resign(connection, "sender", "two"))
    assert await campaign(database, "two") is False

    await database.write(lambda connection: leases.resign(connection, "sender", "one"))
    assert await campaign(database, "two") is True


async def test_who_was_succeeded_cannot_write(database: Database) -> None:
    await campaign(database, "one")
    await hold(database, "one")
    await run_out(database)
    await hold(database, "one")  # nobody else took it: no harm can come of it
    await campaign(database, "two")

    with pytest.raises(LeaseLost):
        await hold(database, "one")
    await hold(database, "two")


async def test_who_never_held_an_office_cannot_write(database: Database) -> None:
    with pytest.raises(LeaseLost):
        await hold(database, "one")
