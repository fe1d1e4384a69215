"""Offices that one process holds at a time: the poller, the sender, the scheduler, the sealer."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import Connection

from backend.db.database import Database
from backend.db.errors import DatabaseError
from backend.leases import service as leases

log = structlog.get_logger(__name__)

TERM_MS = 4000
RENEW_SECONDS = 1.0


class Office:
    """One office, held or wanted by this process. A lease in the database decides; its holder's writes check
    it.
    """

    def __init__(self, name: str, database: Database) -> None:
        self.name = name
        self._database = database
        self._token = secrets.token_hex(16)
        self._until = 0.0
        self._won = asyncio.Event()

    def check(self, connection: Connection) -> None:
        """Inside a transaction: raises LeaseLost where another process holds the office by now."""
        leases.hold(connection, self.name, self._token)

    async def held(self) -> None:
        """Return when this process holds the office."""
        while time.monotonic() >= self._until:
            self._won.clear()
            await self._won.wait()

    async def campaign(self) -> None:
        """Stand for the office, renew it while held, until cancelled; then resign."""
        try:
            while True:
                began = time.monotonic()
                try:
                    won = await self._database.write(
                        lambda connection: leases.campaign(connection, self.name, self._token, TERM_MS)
                    )
                except DatabaseError as error:
                    log.warning("office.unreachable", office=self.name, error=str(error))
                    won = False
                else:
                    if won and began >= self._until:
                        log.info("office.taken", office=self.name)
                if won:
                    # Counted from before the question was asked: our hold never outlasts the lease.
                    self._until = began + TERM_MS / 1000 - RENEW_SECONDS / 2
                    self._won.set()
                await asyncio.sleep(RENEW_SECONDS)
        finally:
            self._until = 0.0
            await asyncio.shield(self._resign())

    async def _resign(self) -> None:
        try:
            await self._database.write(lambda connection: leases.resign(connection, self.name, self._token))
        except DatabaseError:
            log.info("office.not_resigned", office=self.name)

    async def serve(self, duty: Callable[[Office], Awaitable[None]]) -> None:
        """Stand for the office and do its duty whenever it is held."""
        campaign = asyncio.create_task(self.campaign(), name=f"office-{self.name}")
        try:
            while True:
                await self.held()
                try:
                    await duty(self)
                except DatabaseError as error:
                    log.warning("office.interrupted", office=self.name, error=str(error))
                    await asyncio.sleep(RENEW_SECONDS)
        finally:
            campaign.cancel()
            await asyncio.gather(campaign, return_exceptions=True)
