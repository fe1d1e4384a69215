"""SQLite: on the spot what is quick, in threads what waits.

A hop between threads costs more than most statements. A driver that hops once for each statement, as the
asynchronous ones for SQLite do, would make a turn mostly waiting.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from backend.core.db.engines import (
    READERS,
    STATEMENTS,
    Engines,
    NotBegun,
    Outcomes,
    T,
    Work,
    carry_out,
    commit,
    view,
)
from backend.core.db.statements import plain

BUSY_MS = 10_000  # how long another process may write to SQLite


class SqliteEngines(Engines):
    """Quick work runs on the spot: a short read, the statements of a write. They take microseconds; a
    hop to a thread and back takes ten times as long, or far longer while two threads want the interpreter.
    What waits for the disk or for others has threads: a commit, a long read, a writer of another process.
    """

    def __init__(self, url: URL) -> None:
        url = url.set(drivername="sqlite")
        self.writer = _sqlite(url, read_only=False)
        self._reader = _sqlite(url, read_only=True)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")
        self._writes: Connection | None = None
        self._short_reads: Connection | None = None

    async def long_read(self, work: Work[T]) -> T:
        def run() -> T:
            with self._reader.connect() as connection:
                return view(connection, "BEGIN", work)

        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._reading, context.run, run)

    async def short_read(self, work: Work[T]) -> T:
        if self._short_reads is None:
            self._short_reads = self._reader.connect()
        return work(self._short_reads)

    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        loop = asyncio.get_running_loop()
        if self._writes is None:
            self._writes = await loop.run_in_executor(self._writing, self.writer.connect)
        connection = self._writes
        try:
            if not _begin_at_once(connection):  # another process writes: it is waited for in the thread
                await loop.run_in_executor(self._writing, _begin_in_time, connection)
        except DBAPIError as error:
            raise NotBegun from error
        outcomes = carry_out(connection, group)
        await loop.run_in_executor(self._writing, commit, connection, outcomes[1])
        return outcomes

    async def close(self) -> None:
        for threads in (self._reading, self._writing):  # what is under way comes to its end first
            await asyncio.to_thread(threads.shutdown)
        for connection in (self._writes, self._short_reads):
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
