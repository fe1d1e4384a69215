"""Chains what the audit recorded, second by second."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from backend.core.audit import chain
from backend.core.clock import Clock
from backend.core.db.database import Database
from bot.core.leadership import LeadershipLease
from device_bridge.wire.signing import SigningKeys

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0


class Sealer:
    """Seals the audit's committed rows."""

    def __init__(self, database: Database, clock: Clock, signing: SigningKeys) -> None:
        self._database = database
        self._clock = clock
        self._signing = signing

    async def run(self, leadership: LeadershipLease) -> None:
        """Seal until cancelled, or until the leadership is lost."""
        while True:
            leadership.ensure()
            if await self._database.long_read(chain.has_unsealed):
                number = await self._seal_all(leadership)
                log.info("audit.sealed", entries=number)
            await asyncio.sleep(EVERY_SECONDS)

    async def _seal_all(self, leadership: LeadershipLease) -> int:
        """Seal in portions: a turn that comes meanwhile waits for one of them only."""
        number = 0
        while True:
            seal = partial(self._seal, leadership, self._clock.now())
            sealed = await self._database.write(seal, patient=True)
            number += sealed
            if sealed < chain.PORTION:
                return number

    def _seal(self, leadership: LeadershipLease, at: datetime, connection: Connection) -> int:
        leadership.check(connection)
        return chain.seal(connection, self._signing, at)
