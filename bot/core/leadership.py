"""Leader election: one process at a time is the poller, the sender, the scheduler, the sealer."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError, LeaseLost
from backend.core.leases import service as leases

log = structlog.get_logger(__name__)

LEASE_MS = 3600
RENEW_SECONDS = 0.8  # candidates ask as often, so a free role stays without a leader no longer than this


@dataclass(eq=False)
class LeadershipLease:
    """The lease of one leader, from its election on. A lease that was not renewed in time is over for good:
    another process may have led meanwhile, so a process that is elected again starts afresh.
    """

    election: str
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    until: float = 0.0
    """By this process's clock (monotonic, seconds): never later than the lease in the database."""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def check(self, connection: Connection) -> None:
        """Inside a transaction: raises LeaseLost, here or before its end, if another process leads by now."""
        leases.check(connection, self.election, self.token)

    def look(self, connection: Connection) -> None:
        """Look inside a transaction whether it still leads, together with what is asked for next."""
        leases.look(connection, self.election, self.token)

    def still(self, connection: Connection) -> bool:
        """True if `look` has found in this transaction that it still leads."""
        return leases.is_held(connection, self.election, self.token)

    @property
    def holds(self) -> bool:
        """True until the lease has run out, as far as this process can tell."""
        return not self.over.is_set() and time.monotonic() < self.until

    def ensure(self) -> None:
        """Before anything that no transaction guards: raises LeaseLost if the lease has run out."""
        if not self.holds:
            raise LeaseLost(self.election)


LeaderRun = Callable[[LeadershipLease], Awaitable[None]]


class LeaderElection:
    """This process's part in the election of one leader. A lease in the database decides.

    `outlasts`: the leader goes on while the database does not answer, where no other process could ask it
    either.
    """

    def __init__(self, name: str, database: Database, *, outlasts: bool = False) -> None:
        self.name = name
        self._outlasts = outlasts
        self._database = database
        self._leadership: LeadershipLease | None = None
        self._acquired = asyncio.Event()

    async def serve(self, run: LeaderRun) -> None:
        """Stand for election and lead whenever elected, until cancelled; then release the lease."""
        acquire = asyncio.create_task(self._stand(), name=f"election-{self.name}")
        try:
            while True:
                await self._acquired.wait()
                if (leadership := self._leadership) is not None:
                    await self._do(run, leadership)
        finally:
            acquire.cancel()
            await asyncio.gather(acquire, return_exceptions=True)

    async def _do(self, run: LeaderRun, leadership: LeadershipLease) -> None:
        """Run until the leadership is over."""
        work = asyncio.ensure_future(run(leadership))
        over = asyncio.create_task(leadership.over.wait())
        try:
            await asyncio.wait({work, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, over):
                task.cancel()
            results = await asyncio.gather(work, over, return_exceptions=True)
        match results[0]:
            case LeaseLost():
                log.warning("leadership.lost", election=self.name)
                self._end(leadership)
            case DatabaseError() as error:
                log.debug("leadership.interrupted", election=self.name, error=str(error))
                await asyncio.sleep(RENEW_SECONDS)
            case Exception() as error:
                raise error

    async def _stand(self) -> None:
        """Try to acquire the lease, and renew it, until cancelled; then release it."""
        try:
            while True:
                await self._try_to_acquire()
                await asyncio.sleep(RENEW_SECONDS)
        finally:
            await asyncio.shield(self._release())

    async def _try_to_acquire(self) -> None:
        began = time.monotonic()
        if self._leadership is not None and began >= self._leadership.until:
            self._end(self._leadership)
        leadership = self._leadership or LeadershipLease(self.name)
        try:
            # A candidate must not block the leader, whose every write locks the row.
            if self._leadership is None and not await self._database.short_read(
                lambda connection: leases.is_free(connection, self.name)
            ):
                return
            won = await self._database.write(
                lambda connection: leases.acquire(connection, self.name, leadership.token, LEASE_MS)
            )
        except DatabaseError as error:
            log.debug("leadership.unreachable", election=self.name, error=str(error))
            return
        if not won:
            if leadership is self._leadership:
                self._end(leadership)
            return
        # Counted from before the request, so that we never believe in the lease for longer than it lasts.
        leadership.until = math.inf if self._outlasts else began + LEASE_MS / 1000 - RENEW_SECONDS / 2
        if self._leadership is None and not leadership.over.is_set():
            log.info("leadership.acquired", election=self.name)
            self._leadership = leadership
            self._acquired.set()

    def _end(self, leadership: LeadershipLease) -> None:
        leadership.over.set()
        if self._leadership is leadership:
            self._leadership = None
            self._acquired.clear()

    async def _release(self) -> None:
        if self._leadership is None:
            return
        token = self._leadership.token
        self._end(self._leadership)
        try:
            await self._database.write(lambda connection: leases.release(connection, self.name, token))
        except DatabaseError:
            log.info("leadership.not_released", election=self.name)
