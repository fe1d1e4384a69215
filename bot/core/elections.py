"""Offices that one process holds at a time: the poller, the sender, the scheduler, the sealer."""

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

TERM_MS = 3600
RENEW_SECONDS = 0.8  # whoever wants an office asks as often: it is free for this much longer at most


@dataclass(eq=False)
class Term:
    """An office held from one election on. Once it was not renewed in time it is over for good: another
    process may have held the office meanwhile, so whoever is elected again begins anew.
    """

    office: str
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    until: float = 0.0
    """By this process's clock (monotonic, seconds): never later than the lease in the database."""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def check(self, connection: Connection) -> None:
        """Inside a transaction: raises LeaseLost when another process holds the office by now."""
        leases.hold(connection, self.office, self.token)

    def hold(self) -> None:
        """Before something that no transaction guards: raises LeaseLost when the term has run out."""
        if self.over.is_set() or time.monotonic() >= self.until:
            raise LeaseLost(self.office)


Duty = Callable[[Term], Awaitable[None]]


class Office:
    """One office, held or wanted by this process. A lease in the database decides.

    `outlasts`: it is held on while the database does not answer, where nobody else could ask it either.
    """

    def __init__(self, name: str, database: Database, *, outlasts: bool = False) -> None:
        self.name = name
        self._outlasts = outlasts
        self._database = database
        self._term: Term | None = None
        self._won = asyncio.Event()

    async def serve(self, duty: Duty) -> None:
        """Stand for the office and do its duty in each term, until cancelled; then resign."""
        campaign = asyncio.create_task(self._campaign(), name=f"office-{self.name}")
        try:
            while True:
                await self._won.wait()
                if (term := self._term) is not None:
                    await self._do(duty, term)
        finally:
            campaign.cancel()
            await asyncio.gather(campaign, return_exceptions=True)

    async def _do(self, duty: Duty, term: Term) -> None:
        """Do the duty until the term is over."""
        work = asyncio.ensure_future(duty(term))
        over = asyncio.create_task(term.over.wait())
        try:
            await asyncio.wait({work, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, over):
                task.cancel()
            results = await asyncio.gather(work, over, return_exceptions=True)
        match results[0]:
            case LeaseLost():
                log.warning("office.lost", office=self.name)
                self._end(term)
            case DatabaseError() as error:
                log.debug("office.interrupted", office=self.name, error=str(error))
                await asyncio.sleep(RENEW_SECONDS)
            case Exception() as error:
                raise error

    async def _campaign(self) -> None:
        """Stand for the office, renew it while held, until cancelled; then resign."""
        try:
            while True:
                await self._stand()
                await asyncio.sleep(RENEW_SECONDS)
        finally:
            await asyncio.shield(self._resign())

    async def _stand(self) -> None:
        began = time.monotonic()
        if self._term is not None and began >= self._term.until:
            self._end(self._term)
        term = self._term or Term(self.name)
        try:
            # Who only waits for it must not stand in the way of the holder, each of whose writes locks it.
            if self._term is None and not await self._database.short_read(
                lambda connection: leases.is_free(connection, self.name)
            ):
                return
            won = await self._database.write(
                lambda connection: leases.campaign(connection, self.name, term.token, TERM_MS)
            )
        except DatabaseError as error:
            log.debug("office.unreachable", office=self.name, error=str(error))
            return
        if not won:
            if term is self._term:
                self._end(term)
            return
        # Counted from before the question was asked: our hold never outlasts the lease.
        term.until = math.inf if self._outlasts else began + TERM_MS / 1000 - RENEW_SECONDS / 2
        if self._term is None and not term.over.is_set():
            log.info("office.taken", office=self.name)
            self._term = term
            self._won.set()

    def _end(self, term: Term) -> None:
        term.over.set()
        if self._term is term:
            self._term = None
            self._won.clear()

    async def _resign(self) -> None:
        if self._term is None:
            return
        token = self._term.token
        self._end(self._term)
        try:
            await self._database.write(lambda connection: leases.resign(connection, self.name, token))
        except DatabaseError:
            log.info("office.not_resigned", office=self.name)
