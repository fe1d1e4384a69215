"""How work reaches each database: on SQLite in one hop to a thread, on PostgreSQL over asyncpg.

A hop between threads costs more than most statements. A driver that hops once for each statement, as the
asynchronous ones for SQLite do, would make a turn mostly waiting; here a whole transaction is one hop.
"""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from backend.db.bells import rung

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 4
STATEMENTS = 512  # prepared ones that each connection keeps: more than the product has
IDLE_MS = 2000  # a process that stops in the middle of a transaction must not keep its locks
TRY_AGAIN = "40"  # SQLSTATE class: serialisation failure, deadlock
NOT_THE_WORK = ("08", "28", "3D", "53", "55", "57", "58", TRY_AGAIN)  # connection, access, resources, system


@dataclass(frozen=True)
class Returned:
    """What a work returned."""

    value: Any


Outcomes: TypeAlias = tuple[list[Returned | Exception], set[str]]
"""What each work of a group came to, and the bells that rang."""


class CommitUnanswered(Exception):
    """The COMMIT failed: nobody knows whether it was carried out, so it must not be sent again."""


class Engines(ABC):
    """Connections to read and to write with. Both methods raise DBAPIError or OSError."""

    writer: Engine

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent view; whatever it tries to write is refused."""

    @abstractmethod
    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        """Run each work in a savepoint, in one transaction. Raises CommitUnanswered too."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


class SqliteEngines(Engines):
    """One thread that writes, a few that read."""

    def __init__(self, url: URL) -> None:
        url = url.set(drivername="sqlite")
        self.writer = _sqlite(url, read_only=False)
        self._reader = _sqlite(url, read_only=True)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")

    async def read(self, work: Work[T]) -> T:
        def run() -> T:
            with self._reader.connect() as connection:
                return work(connection)

        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._reading, context.run, run)

    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        def run() -> Outcomes:
            with self.writer.connect() as connection:
                outcomes = run_group(connection, group)
                try:
                    connection.commit()
                except DBAPIError as error:
                    raise CommitUnanswered from error
                return outcomes

        return await asyncio.get_running_loop().run_in_executor(self._writing, run)

    async def close(self) -> None:
        for threads in (self._reading, self._writing):  # what is under way comes to its end first
            await asyncio.to_thread(threads.shutdown)
        self._reader.dispose()
        self.writer.dispose()


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS if read_only else 1,
        max_overflow=0,
        connect_args={"timeout": 10, "check_same_thread": False, "cached_statements": STATEMENTS},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = (
            None  # transactions begin where SQLAlchemy says, not where sqlite3 guesses
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writing one fails or loses updates when two of them meet.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


class PostgresEngines(Engines):
    """Pools of asyncpg connections."""

    def __init__(self, url: URL) -> None:
        # Several statements of one read must see the same moment.
        self._reader = _postgres(url, READERS).execution_options(
            postgresql_readonly=True, isolation_level="REPEATABLE READ"
        )
        self._writer = _postgres(url, 2)
        self.writer = self._writer.sync_engine

    async def read(self, work: Work[T]) -> T:
        async with self._reader.connect() as connection:
            return await connection.run_sync(work)

    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        async with self._writer.connect() as connection:
            outcomes, topics = await connection.run_sync(run_group, group)
            for topic in sorted(topics):
                await connection.exec_driver_sql("SELECT pg_notify('a486', $1)", (topic,))
            try:
                await connection.commit()
            except (DBAPIError, OSError) as error:
                raise CommitUnanswered from error
            return outcomes, topics

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


def _postgres(url: URL, size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=READERS,
        pool_pre_ping=True,
        connect_args={"server_settings": {"idle_in_transaction_session_timeout": str(IDLE_MS)}},
        hide_parameters=True,  # they hold personal data and secrets, and errors are logged
    )


def run_group(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    """Run each work so that a failed one is undone alone; the caller commits."""
    topics: set[str] = set()
    outcomes: list[Returned | Exception] = []
    for work in group:
        rings = rung(connection)
        rings.clear()
        # One that is alone needs no savepoint: the transaction is its own.
        savepoint = connection.begin() if len(group) == 1 else connection.begin_nested()
        try:
            value = work(connection)
        except DBAPIError as error:
            savepoint.rollback()
            if concerns_everybody(error):
                raise
            outcomes.append(error)
        except Exception as error:
            savepoint.rollback()
            outcomes.append(error)
        else:
            if len(group) > 1:
                savepoint.commit()
            outcomes.append(Returned(value))
            topics |= rings
    return outcomes, topics


def sqlstate(error: BaseException | None) -> str:
    """PostgreSQL's code for what went wrong; empty where there is none."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def concerns_everybody(error: DBAPIError) -> bool:
    """Whether it is the connection, the disk or the server, and not what this work asked for."""
    if state := sqlstate(error):
        return state.startswith(NOT_THE_WORK)
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False  # a statement that is wrong: no such table, no such column
    return not isinstance(error, IntegrityError | DataError | ProgrammingError)
