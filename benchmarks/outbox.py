"""The sender at a long queue: its look and its round should cost what may leave now, however much waits."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, delete

from backend.core.clock import SystemClock
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Post
from benchmarks.figures import Figure, below
from bot.core.sending.limits import Limits
from bot.core.sending.sender import BATCH, Sender

BOT = 1  # no sender's
QUEUED = 20_000
AT_A_TIME = 1_000  # posts in a write: on a slow machine, all at once take longer than a write may
LOOKS = 100
GOAL_MS = 2.0


class _Held(Sender):
    """A sender whose calls end when they are let go; what they sent is not noted."""

    def __init__(self, database: Database) -> None:
        nothing: Any = None  # no file is sent, and no chat moves
        bot: Any = SimpleNamespace(id=BOT)
        super().__init__(database, SystemClock(), bot, Limits(enforced=False), nothing, nothing)
        self._held = asyncio.Semaphore(0)

    async def _deliver(self, post: Post) -> None:
        await self._held.acquire()
        self._busy.discard(post.destination.chat_id)

    async def round(self) -> float:
        """Milliseconds that it takes to begin every call that may leave now."""
        began = time.perf_counter()
        await self._round()
        return (time.perf_counter() - began) * 1000

    async def let_one_end(self) -> None:
        """One call ends: there is room for another."""
        self._held.release()
        await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)

    async def end(self) -> None:
        """All calls end."""
        for _ in range(len(self._calls)):
            await self.let_one_end()


async def _rounds(database: Database) -> list[float]:
    """Milliseconds of each round while a full house of calls is under way and one ends after the other. Each
    begins one post, and ends with the commit of that.
    """
    sender = _Held(database)
    await sender.round()
    taken = []
    for _ in range(LOOKS):
        await sender.let_one_end()
        taken.append(await sender.round())
    await sender.end()
    return taken


def _fill(lanes: int, numbers: Iterable[int], connection: Connection) -> None:
    at = datetime.now(UTC)
    for each in numbers:
        chat = each % lanes + 1
        destination = Destination(BOT, chat, 0, str(chat))
        outbox.enqueue(connection, destination, {"text": "a"}, correlation="bench", at=at)


async def figures(name: str, folder: Path, url: str) -> list[Figure]:
    """Fill the queue, once with one lane and once with a lane for each post, look at it and send from it."""
    database_url = url or f"sqlite:///{folder / 'bench.db'}"
    await migrate(database_url)
    found = []
    async with Database(database_url) as database:
        for lanes, label in ((1, "one lane"), (QUEUED, f"{QUEUED:,} lanes")):
            for first in range(0, QUEUED, AT_A_TIME):
                await database.write(partial(_fill, lanes, range(first, first + AT_A_TIME)))
            taken = []
            for _ in range(LOOKS):
                began = time.perf_counter()
                waiting = await database.short_read(lambda connection: deliveries.due(connection, BOT, BATCH))
                taken.append((time.perf_counter() - began) * 1000)
                if len(waiting) != min(lanes, BATCH):
                    raise RuntimeError("what may leave is not found")
            where = f"{QUEUED:,} posts in {label}, {name}: p50"
            found.append(below(f"the sender's look, {where}", statistics.median(taken), "ms", GOAL_MS))
            if lanes > 1:  # of one lane, one post is under way, and the others wait for it
                rounds = await _rounds(database)
                found.append(below(f"the sender's round, {where}", statistics.median(rounds), "ms", GOAL_MS))
            await database.write(
                lambda connection: connection.execute(delete(posts).where(posts.c.bot_id == BOT))
            )
    return found
