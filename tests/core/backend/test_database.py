"""The database: shared commits, isolated failures, passing faults, read-only reads, wake-up signals."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from contextvars import ContextVar
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import await_only

from backend.core.db.database import Database, async_url
from backend.core.db.engines import Outcomes, Work
from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.signals import notify
from backend.core.leases.models import leases
from tests.statements import at_the_door, seen

LONG = "x" * 200_000
"""Longer than what fits into the pages that a database has to spare."""


def put(connection: Connection, name: str, content: str = "") -> str:
    connection.execute(insert(leases).values(name=name, token=content, held_until_ms=0))
    return name


async def write(database: Database, name: str, content: str = "") -> str:
    return await database.write(lambda connection: put(connection, name, content))


async def names(database: Database) -> list[str]:
    return await database.long_read(
        lambda connection: list(connection.scalars(select(leases.c.name).order_by(leases.c.name)))
    )


async def test_writes_that_arrive_together_share_commits(database: Database) -> None:
    with seen(database.engines.writer.dialect) as statements:
        written = await asyncio.gather(*(write(database, f"n{number:02}") for number in range(60)))

    assert written == await names(database)
    assert len(written) == 60
    assert 1 <= statements.count("COMMIT") <= 3


async def test_a_failed_write_is_undone_alone(database: Database) -> None:
    def fail(connection: Connection) -> str:
        put(connection, "bad")
        raise ValueError("this one only")

    with seen(database.engines.writer.dialect) as statements:
        first, failed, last = await asyncio.gather(
            write(database, "a"), database.write(fail), write(database, "b"), return_exceptions=True
        )

    assert (first, last) == ("a", "b")
    assert isinstance(failed, ValueError)
    assert await names(database) == ["a", "b"]
    assert statements.count("COMMIT") <= 2


async def test_a_statement_that_breaks_a_rule_is_undone_alone(database: Database) -> None:
    first, failed, last = await asyncio.gather(
        write(database, "a"), write(database, "a"), write(database, "b"), return_exceptions=True
    )

    assert (first, last) == ("a", "b")
    assert isinstance(failed, IntegrityError)
    assert await names(database) == ["a", "b"]


async def test_writes_of_two_processes_are_all_kept(database: Database, database_url: str) -> None:
    def count_up(connection: Connection) -> None:
        number = connection.scalar(
            select(leases.c.held_until_ms).where(leases.c.name == "n").with_for_update()
        )
        connection.execute(
            leases.update().where(leases.c.name == "n").values(held_until_ms=(number or 0) + 1)
        )

    await write(database, "n")
    async with Database(database_url) as other:
        await asyncio.gather(*((database if number % 2 else other).write(count_up) for number in range(100)))

    total = await database.long_read(
        lambda connection: connection.scalar(select(func.max(leases.c.held_until_ms)))
    )
    assert total == 100


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_processes_waiting_for_each_other_separate_before_a_deadlock_is_detected(
    database: Database, database_url: str
) -> None:
    for name in ("a", "b"):
        await write(database, name)
    locked = {name: asyncio.Event() for name in ("a", "b")}

    def lock(connection: Connection, name: str, then: str = "") -> str:
        connection.execute(update(leases).where(leases.c.name == name).values(held_until_ms=1))
        locked[name].set()
        if then:
            await_only(locked[then].wait())  # by now each group holds the lock that the other one wants
        return name

    async with Database(database_url) as other:
        async with asyncio.timeout(30):
            done = await asyncio.gather(
                database.write(lambda connection: lock(connection, "a", then="b")),
                database.write(lambda connection: lock(connection, "b")),
                other.write(lambda connection: lock(connection, "b", then="a")),
                other.write(lambda connection: lock(connection, "a")),
            )

    assert [*done] == ["a", "b", "b", "a"]
    assert await _deadlocks(database) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_write_waiting_for_a_lock_delays_no_other_write(
    database: Database, database_url: str
) -> None:
    await write(database, "locked")
    holder = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(30):
            async with holder.transaction():
                await holder.execute("UPDATE leases SET token = 'held' WHERE name = 'locked'")
                waits = asyncio.create_task(
                    database.write(
                        lambda connection: (
                            connection.execute(
                                update(leases).where(leases.c.name == "locked").values(token="ours")
                            ).rowcount
                        )
                    )
                )
                await asyncio.gather(*(write(database, f"n{number}") for number in range(5)))
                assert not waits.done()
            assert await waits == 1
    finally:
        await holder.close()


async def _deadlocks(database: Database) -> int:
    def count(connection: Connection) -> Any:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        return connection.exec_driver_sql(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).scalar_one()

    return int(await database.long_read(count))


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises((DatabaseUnavailable, DBAPIError)):
        await database.long_read(lambda connection: put(connection, "sneaked in"))

    assert await names(database) == []


async def test_an_error_raised_in_a_read_reaches_its_caller(database: Database) -> None:
    def fail(connection: Connection) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError):
        await database.long_read(fail)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_is_reported_to_every_caller_and_passes(database: Database) -> None:
    async def pages(limit: int) -> None:
        await database.write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={limit}").close())

    await pages(1)  # no more pages than there are
    told = await asyncio.gather(
        *(write(database, f"n{number}", LONG) for number in range(5)), return_exceptions=True
    )
    assert [type(error) for error in told] == [DatabaseUnavailable] * 5
    assert await names(database) == []

    await pages(1_000_000)
    assert await write(database, "n0", LONG) == "n0"
    assert await names(database) == ["n0"]


@asynccontextmanager
async def closed(url: str) -> AsyncIterator[None]:
    """A PostgreSQL database that ends its connections and takes no new ones."""
    parsed = make_url(url)
    administration = await asyncpg.connect(
        parsed.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    )
    try:
        await administration.execute(f"ALTER DATABASE {parsed.database} ALLOW_CONNECTIONS false")
        await administration.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", parsed.database
        )
        yield
    finally:
        await administration.execute(f"ALTER DATABASE {parsed.database} ALLOW_CONNECTIONS true")
        await administration.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_server_without_connections_is_reported_to_every_caller_and_passes(
    database: Database, database_url: str
) -> None:
    await write(database, "before")

    async with closed(database_url):
        told = await asyncio.gather(
            *(write(database, f"n{number}") for number in range(5)), return_exceptions=True
        )
        assert [type(error) for error in told] == [DatabaseUnavailable] * 5
        with pytest.raises(DatabaseUnavailable):
            await names(database)

    assert await write(database, "after") == "after"
    assert await names(database) == ["after", "before"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_cut_in_the_middle_of_a_write_undoes_it(database: Database) -> None:
    def cut(connection: Connection) -> None:
        put(connection, "lost")
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    told = await asyncio.gather(
        write(database, "a"), database.write(cut), write(database, "b"), return_exceptions=True
    )

    assert [type(each) for each in told] == [str, DatabaseUnavailable, str]
    assert await names(database) == ["a", "b"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_write_whose_connection_was_cut_is_tried_again(database: Database) -> None:
    cuts = iter([True])

    def cut_once(connection: Connection) -> None:
        put(connection, "a")
        if next(cuts, False):
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    await asyncio.gather(database.write(cut_once), write(database, "b"))

    assert await names(database) == ["a", "b"]


@pytest.mark.parametrize("url", ["sqlite:///nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"])
async def test_a_missing_database_can_be_neither_read_nor_written(url: str) -> None:
    async with Database(url) as database:
        with pytest.raises(DatabaseUnavailable):
            await write(database, "n")
        with pytest.raises(DatabaseUnavailable):
            await names(database)


def test_other_databases_than_sqlite_and_postgresql_are_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        async_url("mysql://localhost/a486")


async def test_a_caller_that_stops_waiting_does_not_stop_the_others(database: Database) -> None:
    tasks = [asyncio.create_task(write(database, f"n{number}")) for number in range(3)]
    await asyncio.sleep(0)  # all of them are in the queue now
    tasks[1].cancel()

    await asyncio.gather(*tasks, return_exceptions=True)

    assert {"n0", "n2"} <= set(await names(database))
    assert await write(database, "next") == "next"


async def test_a_wake_up_signal_arrives_in_the_same_process(database: Database) -> None:
    await _heard(database, lambda: database.write(lambda connection: notify(connection, "topic")))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_wake_up_signal_arrives_in_another_process(database: Database, database_url: str) -> None:
    async with Database(database_url) as other:
        await _heard(database, lambda: other.write(lambda connection: notify(connection, "topic")))


async def test_a_file_that_stays_locked_is_waited_for_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_url.startswith("postgresql"):
        url, waits = "postgresql://nobody@127.0.0.1:1/nothing", [0.0]  # no transaction can begin there either
    else:
        url, waits = database_url, list[float]()
        monkeypatch.setattr("backend.core.db.sqlite.BUSY_MS", 50)
    async with Database(url) as database:
        if not waits:
            await database.write(lambda connection: None)
        began, tried = list[str](), database.engines.commit

        async def counted(group: Sequence[Work[Any]]) -> Outcomes:
            began.append("begin")
            return await tried(group)

        monkeypatch.setattr(database.engines, "commit", counted)
        with ExitStack() as stack:
            if database.is_sqlite:
                other = stack.enter_context(closing(sqlite3.connect(database.url.database or "")))
                other.execute("BEGIN IMMEDIATE")
            writes = [database.write(lambda connection: None) for _ in range(8)]
            results = await asyncio.gather(*writes, return_exceptions=True)
        assert {type(result) for result in results} == {DatabaseUnavailable}
        assert began == ["begin"]


async def test_wake_up_signals_survive_a_connection_that_ends_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, lost = asyncpg.connect, list[str]()

    async def lose(*dsn: str, **apart: Any) -> Any:
        connection = await connect(*dsn, **apart)
        if dsn and not lost:
            lost.append("the first")
            connection.terminate()
        return connection

    monkeypatch.setattr(asyncpg, "connect", lose)
    monkeypatch.setattr("backend.core.db.postgres.RECONNECT_SECONDS", 0.01)
    await database.signals.close()
    await database.signals.open()
    waiting = asyncio.create_task(database.signals.wait("topic", 600))
    async with asyncio.timeout(20):
        while not waiting.done():  # another process notifies; the signal arrives once we listen again
            async with Database(database.url) as other:
                await other.write(lambda connection: notify(connection, "topic"))
            if database.is_sqlite:
                database.signals.notify(["topic"])
            await asyncio.wait([waiting], timeout=0.05)
    assert lost == ([] if database.is_sqlite else ["the first"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_wake_up_signals_arrive_again_after_the_server_was_away(
    database: Database, database_url: str
) -> None:
    async with Database(database_url) as other:
        await _heard(database, lambda: other.write(lambda connection: notify(connection, "topic")))
        async with closed(database_url):
            with pytest.raises(DatabaseUnavailable):
                await write(other, "n")
        await _heard(database, lambda: other.write(lambda connection: notify(connection, "topic")))


async def _heard(database: Database, notifies: Callable[[], Awaitable[None]]) -> None:
    """Send the signal until it arrives: a listener may still be connecting."""
    waiting = asyncio.create_task(database.signals.wait("topic", 600))
    async with asyncio.timeout(20):
        while not waiting.done():
            await notifies()
    await waiting


async def test_wake_up_signals_of_a_failed_write_are_not_sent(database: Database) -> None:
    def fail(connection: Connection) -> None:
        notify(connection, "false alarm")
        raise ValueError

    def work(connection: Connection) -> None:
        notify(connection, "topic")

    waiting = asyncio.create_task(database.signals.wait("false alarm", 600))
    await asyncio.gather(database.write(fail), database.write(work), return_exceptions=True)
    await _heard(database, lambda: database.write(work))

    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_wake_up_signals_are_sent_where_the_answer_to_the_commit_was_lost(database: Database) -> None:
    told: list[str] = []

    def lose(statement: str) -> None:
        if statement == "COMMIT" and not told:
            told.append(statement)
            raise OSError("the disk said nothing")

    def work(connection: Connection) -> None:
        put(connection, "n")
        notify(connection, "topic")

    at_the_door(database.engines.writer.dialect, lambda statement: None, lose)
    waiting = asyncio.create_task(database.signals.wait("topic", 600))
    with pytest.raises(DatabaseUnavailable):
        await database.write(work)

    async with asyncio.timeout(20):
        await waiting
    assert await names(database) == ["n"], "it was committed all the same"


async def test_a_wrong_statement_is_not_taken_for_a_database_that_is_away(database: Database) -> None:
    def wrong(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT * FROM nowhere")

    with pytest.raises(DBAPIError):
        await database.long_read(wrong)
    with pytest.raises(DBAPIError):
        await database.write(wrong)

    assert await names(database) == []


async def test_a_long_read_does_not_block_the_event_loop(database: Database) -> None:
    began, goes_on = threading.Event(), threading.Event()

    def work(connection: Connection) -> Any:
        began.set()
        assert goes_on.wait(20)
        return connection.scalar(select(literal(1)))

    reading = asyncio.create_task(database.long_read(work))
    assert await asyncio.to_thread(began.wait, 20)
    assert await database.short_read(lambda connection: connection.scalar(select(literal(2)))) == 2
    assert not reading.done()
    goes_on.set()
    assert await reading == 1


async def test_a_long_read_runs_in_the_context_of_its_caller(database: Database) -> None:
    asked: ContextVar[str] = ContextVar("asked", default="nobody")
    asked.set("somebody")

    assert await database.long_read(lambda connection: asked.get()) == "somebody"
