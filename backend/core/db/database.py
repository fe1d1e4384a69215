"""One database by one URL, and the ways to use it: `write`, `short_read` and `long_read`.

Work is a plain function of a `Connection`: it can read and write, but it cannot await, so no call can leave
the machine while a transaction is open. Writes that arrive together are committed together, each in a
savepoint of its own: one sync of the disk serves many turns.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from backend.core.db.engines import (
    TRY_AGAIN,
    CommitUnanswered,
    Engines,
    NotBegun,
    Returned,
    Work,
    concerns_everybody,
    sqlstate,
)
from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.signals import Signals

log = structlog.get_logger(__name__)

TROUBLE_SECONDS = 5.0
SAY_AGAIN_SECONDS = 60.0

T = TypeVar("T")

RETRIES = 20  # of a transaction that the database undid, or that waited for a lock (LOCK_MS) in vain
GROUP_LIMIT = 64  # turns in one commit: enough to share a disk sync, few enough to keep the write lock short
RIDE_SECONDS = 0.005  # for which a write that rides waits for others to share their commit
PATIENT_LIMIT = 2  # patient writes in one commit: a turn that comes meanwhile waits for these two only


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


def _parts(url: URL) -> tuple[Signals, Engines]:
    if url.get_backend_name() == "sqlite":
        from backend.core.db.sqlite import SqliteEngines

        return Signals(), SqliteEngines(url)
    from backend.core.db.postgres import PostgresEngines, PostgresSignals

    return PostgresSignals(url), PostgresEngines(url)


class MustWait(Exception):
    """It cannot come to its end now: it waits for something."""


def finish(deciding: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, at once. Raises what it raises, and MustWait where it would have to wait."""
    try:
        deciding.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    except asyncio.CancelledError:
        raise MustWait from None
    deciding.close()
    raise MustWait


class _Never:
    """What waits for this does not go on."""

    def __await__(self) -> Generator[None, None, None]:
        yield


@dataclass
class Inside:
    """A transaction from within which something is decided. `broken`: a read has failed, so that nothing can
    be done in it any more until that is undone.
    """

    database: Database
    connection: Connection
    broken: bool = False


_INSIDE: ContextVar[Inside | None] = ContextVar("inside", default=None)


@dataclass
class _Pending(Generic[T]):
    work: Work[T]
    done: asyncio.Future[T]
    then: Callable[[T], None] | None = None
    refusals: int = 0


def _taken(queue: deque[_Pending[Any]], most: int) -> list[_Pending[Any]]:
    """The first writes of a queue, but for those whose callers no longer wait."""
    taken = [queue.popleft() for _ in range(min(most, len(queue)))]
    return [pending for pending in taken if not pending.done.cancelled()]


class Database:
    """An open database. Use as an async context manager."""

    def __init__(self, url: str | URL) -> None:
        self.url = async_url(url) if isinstance(url, str) else url
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.signals, self.engines = _parts(self.url)
        self._waiting: deque[_Pending[Any]] = deque()
        self._patient: deque[_Pending[Any]] = deque()
        self._riding: deque[_Pending[Any]] = deque()
        self._refused: deque[_Pending[Any]] = deque()
        self._asked = asyncio.Event()
        self._committer: asyncio.Task[None] | None = None
        self._failure = ""
        self._failed_at = self._said_at = -math.inf

    async def __aenter__(self) -> Self:
        await self.signals.open()
        self._committer = asyncio.create_task(self._commit_groups(), name="database-commits")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._committer is not None:
            self._committer.cancel()
            await asyncio.gather(self._committer, return_exceptions=True)
        for pending in (*self._riding, *self._waiting, *self._patient, *self._refused):
            pending.done.cancel()
        await self.signals.close()
        await self.engines.close()

    @contextmanager
    def inside(self, connection: Connection) -> Iterator[Inside]:
        """Within the block, short reads look through this transaction, as it is by then; what wants a long
        read waits.
        """
        inside = Inside(self, connection)
        token = _INSIDE.set(inside)
        try:
            yield inside
        finally:
            _INSIDE.reset(token)

    def _inside(self) -> Inside | None:
        inside = _INSIDE.get()
        return inside if inside is not None and inside.database is self else None

    async def long_read(self, work: Work[T]) -> T:
        """Run `work` on one consistent view of the database, in a reader's thread: however long it takes,
        nothing else waits for it. Whatever it tries to write is refused.

        Raises DatabaseUnavailable; what fails for the work's own sake is raised as it is.
        """
        if self._inside() is not None:
            await _Never()
        return await self._look(self.engines.long_read(work))

    async def short_read(self, work: Work[T]) -> T:
        """Run `work` that finds a few rows by their keys, each statement at a moment of its own; whatever it
        tries to write is refused.

        On SQLite it runs on the event loop, where it takes microseconds. What can take longer is for
        `long_read`, and so is what reads many rows. Raises what `long_read` raises.
        """
        if (inside := self._inside()) is not None:
            try:
                return work(inside.connection)
            except DBAPIError:
                inside.broken = True
                raise
        return await self._look(self.engines.short_read(work))

    async def _look(self, looking: Awaitable[T]) -> T:
        try:
            return await looking
        except DBAPIError as error:
            if not concerns_everybody(error):
                raise
            raise DatabaseUnavailable("the database could not be read") from error
        except OSError as error:
            raise DatabaseUnavailable("the database could not be read") from error

    async def write(
        self,
        work: Work[T],
        *,
        then: Callable[[T], None] | None = None,
        patient: bool = False,
        rides: bool = False,
    ) -> T:
        """Run `work` and return once its changes are on disk. `then` hears what it returned at that moment,
        also where the caller is cancelled meanwhile. `patient`: nobody waits for it, so few such writes share
        a commit, and others that are there go first. `rides`: it goes first in the next commit that others
        ask for, and waits a few milliseconds for it.

        `work` may run more than once (when the group it was in failed for another's fault), each time with
        nothing of the earlier run left: it keeps no state of its own, or begins by undoing it. What it raises
        is raised here, with its changes undone. Raises DatabaseUnavailable when the database cannot take the
        change, or when its answer to the COMMIT was lost and nobody knows.
        """
        # A task of ours runs it, in the caller's context: the audit reads the correlation id there.
        context = copy_context()

        def in_context(connection: Connection) -> T:
            return context.run(work, connection)

        pending: _Pending[T] = _Pending(in_context, asyncio.get_running_loop().create_future(), then)
        if rides:
            self._riding.append(pending)
            asyncio.get_running_loop().call_later(RIDE_SECONDS, self._asked.set)
        else:
            (self._patient if patient else self._waiting).append(pending)
            self._asked.set()
        return await pending.done

    async def _commit_groups(self) -> None:
        while True:
            await self._asked.wait()
            group = _taken(self._riding, GROUP_LIMIT // 2)
            group += _taken(self._waiting, GROUP_LIMIT - len(group))
            group += _taken(self._patient, PATIENT_LIMIT)
            before = len(self._refused)
            self._refused += await self._settled(group)
            # A write that was refused goes behind the others, which need not wait for its lock.
            for _ in range(before):
                self._refused += await self._settled(_taken(self._refused, 1))
            if not self._waiting and not self._patient and not self._refused:
                self._asked.clear()
                if self._riding:
                    asyncio.get_running_loop().call_later(RIDE_SECONDS, self._asked.set)

    async def _settled(self, group: list[_Pending[Any]]) -> list[_Pending[Any]]:
        """Try once. Returns those to be tried again, each alone; the others have heard how they ended."""
        try:
            return await self._commit(group) if group else []
        except asyncio.CancelledError:
            for pending in group:
                pending.done.cancel()
            raise
        except Exception as error:  # whatever it is, those who wait must hear of it, and the next be served
            for pending in group:
                if not pending.done.done():
                    pending.done.set_exception(error)
            return []

    @property
    def trouble(self) -> str:
        """Why changes could not be written just now; empty while all is well."""
        return self._failure if time.monotonic() - self._failed_at < TROUBLE_SECONDS else ""

    def _failed(self, error: BaseException | None) -> None:
        """Remember it, and say it now and then: a full disk takes one change and refuses the next."""
        now = time.monotonic()
        self._failure, self._failed_at = str(getattr(error, "orig", None) or error), now
        if now - self._said_at >= SAY_AGAIN_SECONDS:
            self._said_at = now
            log.error("database.unavailable", error=self._failure)

    async def _commit(self, group: list[_Pending[Any]]) -> list[_Pending[Any]]:
        try:
            outcomes, topics = await self.engines.commit([pending.work for pending in group])
        except (DBAPIError, OSError, CommitUnanswered, NotBegun) as failed:
            # If nothing was begun, trying each alone would be no better.
            unanswered = isinstance(failed, CommitUnanswered | NotBegun)
            error = failed.__cause__ if unanswered else failed
            undone = sqlstate(error).startswith(TRY_AGAIN)
            # A COMMIT whose answer is lost may have been carried out: it is never sent a second time.
            if group[0].refusals < RETRIES and (undone or (len(group) > 1 and not unanswered)):
                for pending in group:
                    pending.refusals += 1
                return group
            failure = DatabaseUnavailable("the database could not take the change")
            failure.__cause__ = error
            self._failed(error)
            outcomes = [failure for _ in group]
            topics = failed.topics if isinstance(failed, CommitUnanswered) else set()
        self.signals.notify(topics)
        for pending, outcome in zip(group, outcomes, strict=True):
            if pending.then is not None and isinstance(outcome, Returned):
                try:
                    pending.then(outcome.value)
                except Exception:  # the changes stand all the same, and so do those of the others
                    log.exception("database.then_failed")
            if pending.done.done():  # the caller stopped waiting; the change stands all the same
                continue
            if not isinstance(outcome, Returned):
                pending.done.set_exception(outcome)
            else:
                pending.done.set_result(outcome.value)
        return []
