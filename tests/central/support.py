"""Associations of ours, and somebody who tells of them."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert

from backend.associations import service as associations
from backend.associations import telling
from backend.associations.registry import AssociationRegistry
from backend.associations.values import Association
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.leases import service as leases
from backend.devices.models import devices
from backend.identity.values import Actor
from backend.supplies.values import Supply
from bot.central.teller import Teller
from bot.core.leadership import LeadershipLease
from sandbox.central_faults import StubFault
from tests.samples import HOME, SID_A, facts, wanted

LEASE_MS = 600_000

on_sqlite_file = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of calls, in which the kind of database cannot matter."""


def patience_for(fault: StubFault) -> float:
    """Seconds that a call may take where it meets this fault."""
    return 0.8 if fault is StubFault.HANGS else 20.0


class Hasty(random.Random):
    """Chance that always falls on the shortest wait."""

    def uniform(self, a: float, b: float) -> float:
        return a


class Telling:
    """A bot's database as far as associations and their tellings go, for one integrator."""

    def __init__(self, database: Database, clock: ManualClock, us: Actor) -> None:
        self.database = database
        self.clock = clock
        self._us = us
        self._lease = LeadershipLease("teller", until=math.inf)

    async def begin(self) -> None:
        """Acquire the lease of who tells."""
        assert await self.database.write(
            lambda c: leases.acquire(c, self._lease.election, self._lease.token, LEASE_MS)
        )

    async def add_devices(self, number: int) -> Sequence[str]:
        """Further devices of the integrator: their SIDs."""
        rows = [
            {
                "integrator_id": self._us.integrator_id,
                "sid": f"MOME9{each:012d}",
                "nid": f"{0x0900_0000_0000 + each:012X}",
                "type": "MOME",
            }
            for each in range(number)
        ]
        await self.database.write(lambda c: c.execute(insert(devices), rows))
        return [str(row["sid"]) for row in rows]

    async def create(self, supply: Supply = HOME, sid: str = SID_A) -> Association:
        """Associate."""
        request, found = wanted(supply, sid=sid), facts(supply)
        return await self.database.write(
            lambda c: associations.create(c, self._us, request, found, self.clock.now())
        )

    async def delete(self, association_id: int) -> None:
        """Delete an association."""
        await self.database.write(
            lambda c: associations.delete(c, self._us, association_id, self.clock.now())
        )

    async def replace(self, association_id: int, supply: Supply = HOME, sid: str = SID_A) -> Association:
        """Put another association in the place of one."""
        request, found = wanted(supply, sid=sid), facts(supply)
        return await self.database.write(
            lambda c: associations.replace(c, self._us, association_id, request, found, self.clock.now())
        )

    async def confirm(self, association_id: int) -> None:
        """Confirm an association on site."""
        await self.database.write(
            lambda c: associations.confirm(c, association_id, self._us.person_id, self.clock.now())
        )

    async def tell(self, registry: AssociationRegistry) -> int:
        """Tell what is due now. Returns in how many rounds."""
        teller, rounds = Teller(self.database, self.clock, registry, Hasty()), 0
        while await teller.tell(self._lease):
            rounds += 1
        return rounds

    async def tell_once(self, registry: AssociationRegistry) -> bool:
        """One round."""
        return await Teller(self.database, self.clock, registry, Hasty()).tell(self._lease)

    def telling_in_rounds(self, registry: AssociationRegistry) -> Callable[[], Awaitable[bool]]:
        """One round after the other by the same teller."""
        teller = Teller(self.database, self.clock, registry, Hasty())
        return lambda: teller.tell(self._lease)

    @asynccontextmanager
    async def running(self, registry: AssociationRegistry) -> AsyncIterator[None]:
        """Who tells works until the block ends, as in the bot."""
        work = asyncio.create_task(
            Teller(self.database, self.clock, registry, Hasty()).run(self._lease), name="teller"
        )
        try:
            yield
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def later(self, step: timedelta) -> None:
        """Let time pass, and whoever waits look again."""
        self.clock.advance(step)
        self.database.signals.notify([telling.SIGNAL])

    async def counts(self) -> telling.Counts:
        """How much is still to be told."""
        return await self.database.long_read(telling.counts)

    async def untold(self) -> Sequence[telling.Untold]:
        """What is still to be told."""
        return await self.database.long_read(partial(telling.untold, most=1000))

    async def live(self) -> dict[int, str]:
        """Our live associations, each with its POD."""

        def read(connection: Connection) -> dict[int, str]:
            found = associations.latest(connection, self._us, 10_000)
            return {each.id: each.pod.code for each in found}

        return await self.database.long_read(read)
