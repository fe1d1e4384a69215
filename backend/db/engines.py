"""How work reaches each database: on SQLite in one hop to a thread or none, on PostgreSQL over asyncpg.

A hop between threads costs more than most statements. A driver that hops once for each statement, as the
asynchronous ones for SQLite do, would make a turn mostly waiting; here a whole transaction is one hop.

Connections are kept, and where a transaction begins and ends is said in SQL: SQLAlchemy's own way to take a
connection and to begin costs as much as a turn's statements do.
"""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, bindparam, create_engine, event, func, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.types import String

from backend.db.bells import rung
from backend.db.statements import Statement, plain

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 8
STATEMENTS = 512  # prepared ones that each connection keeps: more than the product has
BUSY_MS = 10_000  # how long another process may write to SQLite
IDLE_MS = 2000  # a process that stops in the middle of a transaction must not keep its locks
TRY_AGAIN = "40"  # SQLSTATE class: serialisation failure, deadlock
NOT_THE_WORK = ("08", "28", "3D", "53", "55", "57", "58", TRY_AGAIN)  # connection, access, resources, system

_NOTIFY = Statement(select(func.pg_notify("a486", bindparam("topic", type_=String()))))


@dataclass(frozen=True)
class Returned:
    """What a work returned."""

    value: Any


Outcomes: TypeAlias = tuple[list[Returned | Exception], set[str]]
"""What each work of a group came to, and the bells that rang."""


class CommitUnanswered(Exception):
    """The COMMIT failed: nobody knows whether it was carried out, so it must not be sent again."""


class Engines(ABC):
    """Connections to read and to write with. Each method raises DBAPIError or OSError."""

    writer: Engine

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent view; whatever it tries to write is refused."""

    @abstractmethod
    async def glance(self, work: Work[T]) -> T:
        """Run a short `work` whose statements need not see one moment; what it tries to write is refused."""

    @abstractmethod
    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        """Run each work in a savepoint, in one transaction. Raises CommitUnanswered too."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


class SqliteEngines(Engines):
    """What is quick happens on the spot: a glance, and the statements of a write. They take microseconds, and
    a hop to a thread and back takes ten times as long, or far longer while two threads want the interpreter.
    What waits for the disk or for others has threads: a commit, a long read, a writer of another process.
    """

    def __init__(self, url: URL) -> None:
        url = url.set(drivername="sqlite")
        self.writer = _sqlite(url, read_only=False)
        self._reader = _sqlite(url, read_only=True)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")
        self._writes: Connection | None = None
        self._glances: Connection | None = None

    async def read(self, work: Work[T]) -> T:
        def run() -> T:
            with self._reader.connect() as connection:
                return _view(connection, "BEGIN", work)

        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._reading, context.run, run)

    async def glance(self, work: Work[T]) -> T:
        if self._glances is None:
            self._glances = self._reader.connect()
        return work(self._glances)

    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        loop = asyncio.get_running_loop()
        if self._writes is None:
            self._writes = await loop.run_in_executor(self._writing, self.writer.connect)
        connection = self._writes
        if not _begin_at_once(connection):  # another process writes: it is waited for in the thread
            await loop.run_in_executor(self._writing, _begin_in_time, connection)
        outcomes = _carry_out(connection, group)
        await loop.run_in_executor(self._writing, _commit, connection)
        return outcomes

    async def close(self) -> None:
        for threads in (self._reading, self._writing):  # what is under way comes to its end first
            await asyncio.to_thread(threads.shutdown)
        for connection in (self._writes, self._glances):
            if connection is not None:
                connection.close()
        self._reader.dispose()
        self.writer.dispose()


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=READERS + 1 if read_only else 1,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False, "cached_statements": STATEMENTS},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")  # as `migrate` left it: nothing changes here
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA query_only=ON" if read_only else "PRAGMA busy_timeout=0")

    return engine


class PostgresEngines(Engines):
    """Connections over asyncpg: one that writes, a few that read."""

    def __init__(self, url: URL) -> None:
        self._readers = _Kept(_postgres(url, {"default_transaction_read_only": "on"}), READERS)
        engine = _postgres(url, {"idle_in_transaction_session_timeout": str(IDLE_MS)})
        self._writers = _Kept(engine, 1)
        self.writer = engine.sync_engine

    async def read(self, work: Work[T]) -> T:
        # Several statements of one read must see the same moment.
        return await self._look(lambda connection: _view(connection, _CONSISTENT, work))

    async def glance(self, work: Work[T]) -> T:
        return await self._look(work)

    async def _look(self, work: Work[T]) -> T:
        try:
            async with self._readers.borrow() as connection:
                return await connection.run_sync(work)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        # The server ended it while it lay idle; a read can be made once more.
        async with self._readers.borrow() as connection:
            return await connection.run_sync(work)

    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        def run(connection: Connection) -> Outcomes:
            outcomes = _carry_out(connection, group, ring=True)
            _commit(connection)
            return outcomes

        async with self._writers.borrow(begin="BEGIN") as connection:
            return await connection.run_sync(run)

    async def close(self) -> None:
        await self._readers.close()
        await self._writers.close()


_CONSISTENT = "BEGIN ISOLATION LEVEL REPEATABLE READ"


def _postgres(url: URL, settings: dict[str, str]) -> AsyncEngine:
    return create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": settings, "prepared_statement_cache_size": STATEMENTS},
        hide_parameters=True,  # they hold personal data and secrets, and errors are logged
    )


class _Kept:
    """Up to `size` open connections, each used by one at a time and given back whole or not at all."""

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._free = asyncio.Semaphore(size)
        self._idle: list[AsyncConnection] = []

    @asynccontextmanager
    async def borrow(self, *, begin: str = "") -> AsyncIterator[AsyncConnection]:
        """One connection, in a transaction that was begun so."""
        async with self._free:
            connection = await self._begun(begin)
            try:
                yield connection
            except BaseException as error:
                # After a statement that failed it is as before; a task that was cancelled left it anywhere.
                if not isinstance(error, Exception):
                    await connection.invalidate()
                await self._give_back(connection)
                raise
            await self._give_back(connection)

    async def _begun(self, begin: str) -> AsyncConnection:
        while self._idle:
            connection = self._idle.pop()
            try:
                if begin:
                    await connection.run_sync(plain, begin)
            except (DBAPIError, OSError):  # the server ended it while it lay idle, and nothing was asked yet
                await connection.invalidate()
                await self._give_back(connection)
            else:
                return connection
        connection = await self._engine.connect()
        if begin:
            await connection.run_sync(plain, begin)
        return connection

    async def _give_back(self, connection: AsyncConnection) -> None:
        if not connection.invalidated:
            self._idle.append(connection)
            return
        with suppress(Exception):  # it is of no more use, whatever it says to that
            await connection.close()

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()


def _view(connection: Connection, begin: str, work: Work[T]) -> T:
    """Run `work` on one consistent view."""
    plain(connection, begin)
    try:
        return work(connection)
    finally:
        _abandon(connection)


def _begin_at_once(connection: Connection) -> bool:
    """Begin to write, unless somebody else does."""
    try:
        # A deferred transaction that turns into a writing one fails or loses updates when two of them meet.
        plain(connection, "BEGIN IMMEDIATE")
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _begin_in_time(connection: Connection) -> None:
    """Begin to write as soon as nobody else does."""
    plain(connection, f"PRAGMA busy_timeout={BUSY_MS}")
    try:
        plain(connection, "BEGIN IMMEDIATE")
    finally:
        plain(connection, "PRAGMA busy_timeout=0")


def _carry_out(connection: Connection, group: Sequence[Work[Any]], *, ring: bool = False) -> Outcomes:
    """Run a group in the transaction that was begun; with `ring`, other processes will hear its bells."""
    try:
        outcomes, topics = run_group(connection, group)
        if ring:
            for topic in sorted(topics):
                _NOTIFY.run(connection, {"topic": topic})
    except BaseException:
        _abandon(connection)
        raise
    return outcomes, topics


def _commit(connection: Connection) -> None:
    """Raises CommitUnanswered."""
    try:
        plain(connection, "COMMIT")
    except (DBAPIError, OSError) as error:
        _abandon(connection)
        raise CommitUnanswered from error
    _settle(connection)


def _abandon(connection: Connection) -> None:
    """Undo whatever is under way. A connection that cannot even do that is not used again."""
    try:
        if not connection.invalidated:
            plain(connection, "ROLLBACK")
    except (DBAPIError, OSError):
        if not _is_over(connection):
            connection.invalidate()
    _settle(connection)


def _is_over(connection: Connection) -> bool:
    """Whether the database itself has undone the transaction, as SQLite does when the disk fails."""
    driver = connection.connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and not driver.in_transaction


def _settle(connection: Connection) -> None:
    """SQLAlchemy noted a beginning of its own where it ran a statement: it is over too."""
    if connection.in_transaction():
        connection.rollback()


def run_group(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    """Run each work so that a failed one is undone alone; the caller commits."""
    plain(connection, "SAVEPOINT everything")
    outcomes, topics = _run_all(connection, group)
    if any(not isinstance(outcome, Returned) for outcome in outcomes):
        # It happens rarely, so a savepoint for each is made only now. What ran before is as if it had not.
        plain(connection, "ROLLBACK TO everything")
        outcomes, topics = _run_each(connection, group)
    return outcomes, topics


def _run_all(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    """Up to the first one that fails."""
    outcomes: list[Returned | Exception] = []
    topics: set[str] = set()
    for work in group:
        outcome, rings = _run(connection, work)
        outcomes.append(outcome)
        topics |= rings
        if not isinstance(outcome, Returned):
            break
    return outcomes, topics


def _run_each(connection: Connection, group: Sequence[Work[Any]]) -> Outcomes:
    outcomes: list[Returned | Exception] = []
    topics: set[str] = set()
    for work in group:
        plain(connection, "SAVEPOINT one")
        outcome, rings = _run(connection, work)
        outcomes.append(outcome)
        if isinstance(outcome, Returned):
            plain(connection, "RELEASE one")
            topics |= rings
        else:
            plain(connection, "ROLLBACK TO one")
    return outcomes, topics


def _run(connection: Connection, work: Work[Any]) -> tuple[Returned | Exception, set[str]]:
    """What came of it, and which bells it rang. Raises what concerns everybody."""
    rings = rung(connection)
    rings.clear()
    try:
        return Returned(work(connection)), rings.copy()
    except Exception as error:
        if isinstance(error, DBAPIError) and concerns_everybody(error):
            raise
        return error, set()


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
