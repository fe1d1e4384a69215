"""PostgreSQL, over asyncpg. Loaded only where it is used: it weighs ten megabytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from threading import Thread
from typing import Any

import asyncpg
import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.db.engines import (
    LOCK_MS,
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
from backend.core.db.signals import Signals
from backend.core.db.statements import plain
from backend.core.db.together import drop, let_wait

log = structlog.get_logger(__name__)

# A process that stops in the middle of a transaction must not keep its locks. For the server it is not idle
# where it stops between the parts of one statement: only the limit of the transaction ends that.
IDLE_MS = 5000
TRANSACTION_MS = 10_000
READ_LOCK_MS = 1000  # reads that wait for somebody's table lock must not hold up all others
RECONNECT_SECONDS = 1.0


class PostgresEngines(Engines):
    """Connections over asyncpg: one that writes, a few that read."""

    def __init__(self, url: URL) -> None:
        writer = _postgres(url, idle_in_transaction_session_timeout=IDLE_MS, lock_timeout=LOCK_MS)
        event.listen(writer.sync_engine, "connect", _limit_transactions)
        self._short, self._long, self._writers = _Readers(url), _Readers(url), _Kept(writer, 1)
        self._thread = _LoopThread("database-reader")
        self.writer = writer.sync_engine

    async def long_read(self, work: Work[T]) -> T:
        # The driver makes objects of the rows on its event loop, so many rows need a loop of their own.
        # Several statements of one read must see the same moment.
        return await self._thread.run(self._long.look(lambda found: view(found, _CONSISTENT, work)))

    async def short_read(self, work: Work[T]) -> T:
        return await self._short.look(work)

    async def commit(self, group: Sequence[Work[Any]]) -> Outcomes:
        def run(connection: Connection) -> Outcomes:
            outcomes = carry_out(connection, group, notify=True)
            commit(connection, outcomes[1])
            return outcomes

        begun = False
        try:
            async with self._writers.borrow(begin="BEGIN") as connection:
                begun = True
                return await connection.run_sync(run)
        except (DBAPIError, OSError) as error:
            if begun:
                raise
            raise NotBegun from error

    async def close(self) -> None:
        await self._short.close()
        await self._thread.close(self._long.close())
        await self._writers.close()


_CONSISTENT = "BEGIN ISOLATION LEVEL REPEATABLE READ"


def _limit_transactions(connection: Any, _record: object) -> None:
    """Set the limit where the server has it: since PostgreSQL 17."""
    if connection.driver_connection.get_server_version().major >= 17:
        connection.run_async(lambda driver: driver.execute(f"SET transaction_timeout = {TRANSACTION_MS}"))


def _postgres(url: URL, **settings: str | int) -> AsyncEngine:
    said = {name: str(value) for name, value in settings.items()}
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": said, "prepared_statement_cache_size": STATEMENTS},
        hide_parameters=True,  # they hold personal data and secrets, and errors are logged
    )
    let_wait(engine.sync_engine)
    return engine


class _Readers:
    """Connections that only read, of one event loop."""

    def __init__(self, url: URL) -> None:
        engine = _postgres(url, default_transaction_read_only="on", lock_timeout=READ_LOCK_MS)
        self._kept = _Kept(engine, READERS)

    async def look(self, read: Work[T]) -> T:
        def work(connection: Connection) -> T:
            try:
                return read(connection)
            finally:
                drop(connection)  # what it has asked for, and does not want to know

        try:
            async with self._kept.borrow() as connection:
                return await connection.run_sync(work)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        # The server ended it while it lay idle, and the others with it; a read can be made once more.
        await self._kept.drop_idle()
        async with self._kept.borrow() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._kept.close()


class _LoopThread:
    """An event loop in a thread of its own, begun when it is first needed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = Thread(target=self._loop.run_forever, name=self._name, daemon=True)
            self._thread.start()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self._loop))

    async def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Run `last` there, and end the thread."""
        if self._loop is None or self._thread is None:
            last.close()
            return
        await self.run(last)
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()


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
            except BaseException:
                await connection.invalidate()
                await self._give_back(connection)
                raise
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

    async def drop_idle(self) -> None:
        """Close what nobody uses."""
        while self._idle:
            with suppress(Exception):
                await self._idle.pop().close()

    async def close(self) -> None:
        await self.drop_idle()
        await self._engine.dispose()


class PostgresSignals(Signals):
    """Signals that reach every process on a PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._listener: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._listener = asyncio.create_task(self._listen(), name="database-signals")

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear_out()
            except Exception as error:  # whatever it is, others are heard again a little later
                log.warning("signals.interrupted", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear_out(self) -> None:
        """Listen to other processes until the connection ends."""
        connection = await asyncpg.connect(self._dsn)
        gone = asyncio.Event()
        connection.add_termination_listener(partial(_set, gone))
        try:
            await connection.add_listener("a486", self._heard)
            await gone.wait()
        finally:
            await connection.close()

    def _heard(self, connection: Any, pid: int, channel: str, payload: Any) -> None:
        self.notify([str(payload)])


def _set(gone: asyncio.Event, connection: Any) -> None:
    gone.set()
