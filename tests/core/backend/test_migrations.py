"""The migrations make the tables of the models, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.db.database import Database, async_url
from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.migrate import config, is_current, migrate, newest
from backend.product import metadata
from tests.conftest import PostgresServer

T = TypeVar("T")

VERSION_TABLE = "alembic_version"


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'below' / 'a486.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    async with server.fresh("template0") as url:
        yield url


async def on(url: str, work: Callable[[Connection], T]) -> T:
    """Run `work(connection)` in one transaction of its own."""
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {VERSION_TABLE}


def downgrade(connection: Connection) -> None:
    made = config()
    made.attributes["connection"] = connection
    command.downgrade(made, "base")


async def test_migrations_of_an_empty_database_make_the_schema_of_the_models(empty_url: str) -> None:
    await migrate(empty_url)

    assert await on(empty_url, differences) == []
    assert await on(empty_url, tables) >= set(metadata.tables)
    assert await on(empty_url, is_current) is True


async def test_a_missing_index_or_column_is_detected(empty_url: str) -> None:
    await migrate(empty_url)
    await on(empty_url, lambda connection: connection.exec_driver_sql("DROP INDEX ix_inbox_lane_state_id"))

    assert await on(empty_url, differences) != []


def test_the_newest_revision_is_alembics_head() -> None:
    assert newest() == ScriptDirectory.from_config(config()).get_current_head()


async def test_a_start_with_nothing_to_migrate_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a486.db'}"
    await migrate(url)
    program = (
        "import asyncio, sys; from backend.core.db.migrate import migrate;"
        f" asyncio.run(migrate({url!r})); sys.exit('alembic' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await process.wait() == 0


async def test_migrations_run_twice_change_nothing_the_second_time(empty_url: str) -> None:
    await migrate(empty_url)
    before = await on(empty_url, tables)
    await migrate(empty_url)

    assert await on(empty_url, tables) == before


async def test_migrations_can_be_undone_and_run_again(empty_url: str) -> None:
    await migrate(empty_url)
    await on(empty_url, downgrade)

    assert await on(empty_url, tables) == set()
    assert await on(empty_url, is_current) is False

    await migrate(empty_url)
    assert await on(empty_url, differences) == []


async def test_several_processes_may_start_on_an_empty_database_at_once(postgres: PostgresServer) -> None:
    async with postgres.fresh("template0") as url:
        await asyncio.gather(*(migrate(url) for _ in range(4)))

        assert await on(url, differences) == []


async def test_a_migrated_database_opens(empty_url: str) -> None:
    await migrate(empty_url)

    async with Database(empty_url) as database:
        assert await database.long_read(is_current)


async def test_a_database_of_a_later_version_is_refused_with_a_message(tmp_path: Path) -> None:
    path = tmp_path / "a486.db"
    await migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(DatabaseUnavailable) as caught:
        await migrate(f"sqlite:///{path}")

    assert "9999" in str(caught.value.__cause__)


async def test_a_database_out_of_reach_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        await migrate("postgresql://nobody@127.0.0.1:1/nothing")


async def test_a_sqlite_file_uses_a_write_ahead_log_from_the_start(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path / 'a486.db'}")
    with closing(sqlite3.connect(tmp_path / "a486.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
