"""The central system over HTTP beside the turns: told of associations, seen in `/health`."""

from __future__ import annotations

from backend.associations import telling
from backend.central.associations import HttpRegistry
from backend.central.client import CentralClient
from backend.core.clock import Clock
from backend.core.db.database import Database
from bot.central.teller import Teller
from bot.core.feature import LedRole, RunningFeature
from bot.core.http import Fact
from bot.core.roles import ProcessRole


def central_feature(database: Database, clock: Clock, client: CentralClient | None) -> RunningFeature:
    """Tells this central system; nobody where there is none."""
    if client is None:
        return RunningFeature()

    async def said() -> str:
        counts = await database.long_read(telling.counts)
        return f"circuit {client.circuit.value}, {counts.untold} to be told, {counts.refused} refused"

    teller = Teller(database, clock, HttpRegistry(client))
    return RunningFeature(
        led=(LedRole(ProcessRole.JOBS, "teller", teller.run),), facts=(Fact("central", said),)
    )
