"""The sender's look at a long queue: it should cost what may leave now, however much waits."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete

from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination
from benchmarks.figures import Figure, below
from bot.core.sending.sender import BATCH

BOT = 1  # no sender's
QUEUED = 20_000
LOOKS = 100
GOAL_MS = 2.0


async def figures(name: str, folder: Path, url: str) -> list[Figure]:
    """Fill the queue, once with one lane and once with a lane for each post, and look at it."""
    database_url = url or f"sqlite:///{folder / 'bench.db'}"
    await migrate(database_url)
    found = []
    async with Database(database_url) as database:
        for lanes, label in ((1, "one lane"), (QUEUED, f"{QUEUED:,} lanes")):

            def fill(connection: Connection, lanes: int = lanes) -> None:
                at = datetime.now(UTC)
                for each in range(QUEUED):
                    chat = each % lanes + 1
                    destination = Destination(BOT, chat, 0, str(chat))
                    outbox.enqueue(connection, destination, {"text": "a"}, correlation="bench", at=at)

            await database.write(fill)
            taken = []
            for _ in range(LOOKS):
                began = time.perf_counter()
                waiting = await database.short_read(lambda connection: deliveries.due(connection, BOT, BATCH))
                taken.append((time.perf_counter() - began) * 1000)
                if len(waiting) != min(lanes, BATCH):
                    raise RuntimeError("what may leave is not found")
            await database.write(
                lambda connection: connection.execute(delete(posts).where(posts.c.bot_id == BOT))
            )
            label = f"the sender's look, {QUEUED:,} posts in {label}, {name}: p50"
            found.append(below(label, statistics.median(taken), "ms", GOAL_MS))
    return found
