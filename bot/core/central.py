"""The central system of the settings: the register on this machine, or the distributor's over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from backend.central.client import CentralClient
from backend.central.supplies import HttpCentralSystem
from backend.core.db.database import Database
from backend.supplies.central import CentralSystem, SqlCentralSystem
from backend.supplies.register import register_for
from bot.core.settings import CentralKind, Settings


def client_for(settings: Settings) -> CentralClient | None:
    """The client of the central system that the settings name; None for the one on this machine."""
    if settings.central is CentralKind.LOCAL:
        return None
    return CentralClient(
        settings.central_url, settings.central_token.get_secret_value(), seconds=settings.central_seconds
    )


@asynccontextmanager
async def central_system(database: Database, settings: Settings) -> AsyncIterator[CentralSystem]:
    """The central system that the settings name, while the block lasts: for commands."""
    async with AsyncExitStack() as stack:
        if (client := client_for(settings)) is not None:
            yield HttpCentralSystem(await stack.enter_async_context(client))
            return
        register = register_for(database, settings.register_file)
        stack.push_async_callback(register.close)
        yield SqlCentralSystem(register)
