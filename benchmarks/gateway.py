"""The product with a gateway, as a process to be measured; told on its standard input, it asks bridges."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import Connection, select

from backend.bridges import commands
from backend.bridges.models import bridges
from backend.bridges.values import CommandKind, CommandState
from backend.core.db.database import Database
from benchmarks.processes import standard_input
from benchmarks.product import settings_for
from bot import app as application
from bot.app import Ports
from bot.bridges.feature import LOOK_SECONDS
from bot.core import logs


async def ask(database: Database, total: int, at_once: int) -> list[float]:
    """Ask connected bridges in turn, so many at once. Returns the seconds that each answer took."""
    connected = await database.long_read(_connected)
    turns = islice(cycle(connected), total)

    async def one_by_one() -> list[float]:
        return [await _ask(database, bridge_id) for bridge_id in turns]

    return [each for taken in await asyncio.gather(*(one_by_one() for _ in range(at_once))) for each in taken]


async def _ask(database: Database, bridge_id: int) -> float:
    """Seconds of one question: asked and awaited as by the product's own job."""
    began, at = time.perf_counter(), datetime.now(UTC)
    asking = partial(commands.ask, bridge_id=bridge_id, kind=CommandKind.IDENTIFY, argument={}, at=at)
    command_id = await database.write(asking)
    async with asyncio.timeout(60):
        while True:
            found = await database.short_read(partial(commands.find, command_id=command_id))
            if found is not None and found.state is CommandState.ANSWERED:
                break
            await database.signals.wait(commands.ANSWERS, LOOK_SECONDS)
    seconds = time.perf_counter() - began
    await database.write(partial(commands.drop, command_id=command_id))
    return seconds


def _connected(connection: Connection) -> list[int]:
    query = select(bridges.c.id).where(bridges.c.link.is_not(None)).order_by(bridges.c.id)
    return list(connection.scalars(query))


async def run(folder: Path, database_url: str, api: str, port: int) -> None:
    """Run until the standard input ends. A line of it, `total at_once`, has bridges asked."""
    settings = settings_for(
        folder,
        database_url,
        api,
        bridge_url=f"ws://127.0.0.1:{port}",
        bridge_port=port,
        bridge_simulated=True,
    )
    told = await standard_input()
    async with application.running(settings, Ports(limits=False)) as app:
        print("ready", flush=True)  # noqa: T201 - read by who started it
        while line := await told.readline():
            total, at_once = map(int, line.split())
            print(json.dumps(await ask(app.database, total, at_once)), flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    logs.configure("json", "warning")
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
