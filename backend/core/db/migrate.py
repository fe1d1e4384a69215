"""Bringing a database up to the product's schema.

Alembic, and on SQLite SQLAlchemy's asynchronous part, are loaded only where there is something to do: a
process that runs for months has no use for them.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from backend.core.db.database import async_url
from backend.core.db.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "migrations" / "versions"
LOCK = 486_000_001  # any number, the same for every process that migrates one database


def config() -> Config:
    """Alembic's configuration; there is no file of it."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return made


async def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`, making a SQLite file where there is none.

    Several processes may do it at once: on PostgreSQL they wait for each other. Raises DatabaseUnavailable.
    """
    parsed = async_url(url)
    if revision == "head" and parsed.get_backend_name() == "sqlite" and _stands(parsed.database or ""):
        return
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(parsed, poolclass=NullPool)
    try:
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            async with engine.connect() as connection:
                # It stays so. Who changed it at the first use would be in the way of who opens beside.
                await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    except (DBAPIError, OSError) as error:
        raise DatabaseUnavailable("the database could not be brought up to date") from error
    finally:
        await engine.dispose()


def _stands(path: str) -> bool:
    """True if a SQLite file is there and needs nothing."""
    if not Path(path).is_file():
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            (present,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    except sqlite3.Error:
        return False  # whatever it is, the migration meets it and says so
    return bool(mode == "wal" and present == newest())


def _upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if revision == "head" and is_current(connection):
        return
    from alembic import command
    from alembic.util import CommandError

    made = config()
    made.attributes["connection"] = connection
    try:
        command.upgrade(made, revision)
    except CommandError as error:
        raise DatabaseUnavailable("the database could not be brought up to date") from error


def newest() -> str:
    """The newest revision: the number that its file begins with."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def is_current(connection: Connection) -> bool:
    """True if the database stands at the newest revision."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    present: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return present == newest()
