"""Reads from within a transaction, work that is done at once, and writes that ride with others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from sqlalchemy import Connection, insert, select

from backend.core.db.database import Database, MustWait, finish
from backend.core.leases.models import leases
from tests.statements import seen


def put(connection: Connection, name: str) -> None:
    connection.execute(insert(leases).values(name=name, token="", held_until_ms=0))


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(select(leases.c.name).order_by(leases.c.name)))


async def test_a_short_read_from_within_a_transaction_sees_what_it_has_written(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        put(connection, "ours")
        with database.inside(connection):
            return finish(database.short_read(names))

    assert await database.write(work) == ["ours"]
    assert await database.short_read(names) == ["ours"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_does_so_in_that_database_only(database: Database) -> None:
    async with Database(database.url) as another:

        def work(connection: Connection) -> list[str]:
            put(connection, "ours")
            with database.inside(connection):
                return finish(another.short_read(names))

        assert await database.write(work) == []


@pytest.mark.parametrize("wait", [lambda database: database.long_read(names), lambda _: asyncio.sleep(0)])
async def test_what_would_have_to_wait_is_not_gone_through(
    database: Database, wait: Callable[[Database], Awaitable[object]]
) -> None:
    ended = list[str]()

    async def decide() -> None:
        try:
            await wait(database)
        finally:
            ended.append("closed")

    def work(connection: Connection) -> None:
        with database.inside(connection):
            finish(decide())

    with pytest.raises(MustWait):
        await database.write(work)
    assert ended == ["closed"]


async def test_what_is_cancelled_by_itself_must_wait_too(database: Database) -> None:
    async def decide() -> None:
        raise asyncio.CancelledError

    with pytest.raises(MustWait):
        finish(decide())


async def test_a_write_that_rides_shares_the_next_commit(database: Database) -> None:
    with seen(database.engines.writer.dialect) as statements:
        riding = asyncio.create_task(database.write(lambda connection: put(connection, "rides"), rides=True))
        await asyncio.sleep(0)
        await database.write(lambda connection: put(connection, "goes"))
        await riding

    assert statements.count("COMMIT") == 1
    assert await database.short_read(names) == ["goes", "rides"]


async def test_a_write_that_rides_goes_alone_where_nobody_else_comes(database: Database) -> None:
    async with asyncio.timeout(20):
        await database.write(lambda connection: put(connection, "rides"), rides=True)
        many = [partial(put, name=f"n{number}") for number in range(70)]
        await asyncio.gather(*(database.write(work, rides=True) for work in many))
    assert len(await database.short_read(names)) == 71
