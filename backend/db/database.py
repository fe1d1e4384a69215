"""One database by one URL, and the two ways to use it: `read` and `write`.

Work is a plain function of a `Connection`: it can read and write, but it cannot await, so no call can leave
the machine while a transaction is open. Writes that arrive together are committed together, each in a
savepoint of its own: one sync of the disk serves many turns.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from backend.db.bells import Bells, PostgresBells, rung
from backend.db.errors import DatabaseUnavailable

T = TypeVar("T")
Work = Callable[[Connection], T]

READERS = 4
RETRIES = 3  # of a transaction that the database itself undid to let another one through
TRY_AGAIN = "40"  # SQLSTATE class: serialisation failure, deadlock
NOT_THE_WORK = ("08", "28", "3D", "53", "55", "57", "58", TRY_AGAIN)  # connection, access, resources, system
GROUP_LIMIT = 64  # turns in one commit: enough to share a disk sync, few enough to keep the write lock short


def async_url(url: str) -> URL:
    """Read a database URL and name the asynchronous driver for it.

    Raises ValueError for a database that is neither SQLite nor PostgreSQL.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+asyncpg")
    raise ValueError(f"{backend} is neither sqlite nor postgresql")


@dataclass
class _Pending(Generic[T]):
    work: Work[T]
    done: asyncio.Future[T]


class Database:
    """An open database. Use as an async context manager."""

    def __init__(self, url: str | URL) -> None:
        self.url = async_url(url) if isinstance(url, str) else url
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.bells: Bells = Bells() if self.is_sqlite else PostgresBells(self.url)
        self._reader = self._engine(read_only=True)
        self._writer = self._engine(read_only=False)
        self._queue: asyncio.Queue[_Pending[Any]] = asyncio.Queue()
        self._committer: asyncio.Task[None] | None = None

    def _engine(self, *, read_only: bool) -> AsyncEngine:
        if not self.is_sqlite:
            engine = create_async_engine(
                self.url,
                pool_size=READERS if read_only else 2,
                max_overflow=READERS,
                pool_pre_ping=True,
                hide_parameters=True,  # they hold personal data and secrets, and errors are logged
            )
            if read_only:  # several statements of one read must see the same moment
                return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
            return engine
        engine = create_async_engine(
            self.url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=READERS if read_only else 1,
            max_overflow=0,
            connect_args={"timeout": 10},
            hide_parameters=True,
        )

        @event.listens_for(engine.sync_engine, "connect")
        def configure(connection: Any, record: Any) -> None:
            connection.isolation_level = (
                None  # transactions begin where SQLAlchemy says, not where sqlite3 guesses
            )
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            if read_only:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Connection) -> None:
            # A deferred transaction that turns into a writing one fails or loses updates when two of them
            # meet.
            connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

        return engine

    async def __aenter__(self) -> Self:
        await self.bells.open()
        self._committer = asyncio.create_task(self._commit_groups(), name="database-commits")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._committer is not None:
            self._committer.cancel()
            await asyncio.gather(self._committer, return_exceptions=True)
        while not self._queue.empty():
            self._queue.get_nowait().done.cancel()
        await self.bells.close()
        await self._reader.dispose()
        await self._writer.dispose()

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent view of the database; whatever it tries to write is refused.

        Raises DatabaseUnavailable; what fails for the work's own sake is raised as it is.
        """
        try:
            async with self._reader.connect() as connection:
                return await connection.run_sync(work)
        except DBAPIError as error:
            if not _concerns_everybody(error):
                raise
            raise DatabaseUnavailable("the database could not be read") from error
        except OSError as error:
            raise DatabaseUnavailable("the database could not be read") from error

    async def write(self, work: Work[T]) -> T:
        """Run `work` and return once its changes are on disk.

        `work` may run more than once (when the group it was in failed for another's fault), each time with
        nothing of the earlier run left: it must keep no state of its own. What it raises is raised here,
        with its changes undone. Raises DatabaseUnavailable when the database cannot take the change, or when
        its answer to the COMMIT was lost and nobody knows.
        """
        # A task of ours runs it, in the caller's context: the audit reads the correlation id there.
        context = copy_context()

        def in_context(connection: Connection) -> T:
            return context.run(work, connection)

        pending: _Pending[T] = _Pending(in_context, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(pending)
        return await pending.done

    async def _commit_groups(self) -> None:
        while True:
            group = [await self._queue.get()]
            while len(group) < GROUP_LIMIT and not self._queue.empty():
                group.append(self._queue.get_nowait())
            group = [pending for pending in group if not pending.done.cancelled()]
            if not group:
                continue
            try:
                await self._commit_group(group)
            except asyncio.CancelledError:
                for pending in group:
                    pending.done.cancel()
                raise
            except (
                Exception
            ) as error:  # whatever it is, those who wait must hear of it, and the next be served
                for pending in group:
                    if not pending.done.done():
                        pending.done.set_exception(error)

    async def _commit_group(self, group: list[_Pending[Any]], retries: int = RETRIES) -> None:
        committing = False
        try:
            async with self._writer.connect() as connection:
                outcomes, topics = await connection.run_sync(
                    _run_group, [p.work for p in group], not self.is_sqlite
                )
                committing = True
                await connection.commit()
        except (DBAPIError, OSError) as error:
            undone = _sqlstate(error).startswith(TRY_AGAIN)
            # A COMMIT whose answer is lost may have been carried out: it is never sent a second time.
            if len(group) > 1 and (undone or not committing):
                for pending in group:  # one may be the cause: each is tried alone
                    await self._commit_group([pending])
                return
            if retries and undone:
                await self._commit_group(group, retries - 1)
                return
            failure = DatabaseUnavailable("the database could not take the change")
            failure.__cause__ = error
            outcomes, topics = [failure for _ in group], set()
        self.bells.ring(topics)
        for pending, outcome in zip(group, outcomes, strict=True):
            if pending.done.done():  # the caller stopped waiting; the change stands all the same
                continue
            if isinstance(outcome, BaseException):
                pending.done.set_exception(outcome)
            else:
                pending.done.set_result(outcome.value)


def _sqlstate(error: BaseException) -> str:
    """PostgreSQL's code for what went wrong; empty where there is none."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def _concerns_everybody(error: DBAPIError) -> bool:
    """Whether it is the connection, the disk or the server, and not what this work asked for."""
    if state := _sqlstate(error):
        return state.startswith(NOT_THE_WORK)
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False  # a statement that is wrong: no such table, no such column
    return not isinstance(error, IntegrityError | DataError | ProgrammingError)


@dataclass(frozen=True)
class _Returned:
    value: Any


def _run_group(
    connection: Connection, works: list[Work[Any]], notify: bool
) -> tuple[list[_Returned | BaseException], set[str]]:
    """Run each work in a savepoint; a failed one is undone alone. Returns what each came to and what rang."""
    topics: set[str] = set()
    outcomes: list[_Returned | BaseException] = []
    for work in works:
        rings = rung(connection)
        rings.clear()
        savepoint = connection.begin_nested()
        try:
            value = work(connection)
        except DBAPIError as error:
            savepoint.rollback()
            if _concerns_everybody(error):
                raise
            outcomes.append(error)
        except Exception as error:
            savepoint.rollback()
            outcomes.append(error)
        else:
            savepoint.commit()
            outcomes.append(_Returned(value))
            topics |= rings
    if notify:
        for topic in sorted(topics):
            connection.exec_driver_sql("SELECT pg_notify('a486', $1)", (topic,))
    return outcomes, topics
