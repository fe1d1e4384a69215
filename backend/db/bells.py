"""Wake-ups: a transaction rings a topic, and whoever waits for it looks at the database at once.

A bell is a hint and never the truth: waiters also look after a while by themselves, so a lost ring costs
time, not work. In one process a bell is an event; on PostgreSQL it also reaches the other processes by
LISTEN/NOTIFY.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any

import asyncpg
import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import URL

log = structlog.get_logger(__name__)

RECONNECT_SECONDS = 1.0


def ring(connection: Connection, topic: str) -> None:
    """Ring `topic` when the transaction that is under way commits."""
    rung(connection).add(topic)


def hush(connection: Connection, topic: str) -> None:
    """Do not ring `topic` after all."""
    rung(connection).discard(topic)


def rung(connection: Connection) -> set[str]:
    """The topics rung so far by the work that is under way."""
    topics: set[str] = connection.info.setdefault("a486-rung", set())
    return topics


class Bells:
    """The bells of one process."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    async def open(self) -> None:
        """Begin to hear what others ring."""

    async def close(self) -> None:
        """Stop hearing it."""

    def ring(self, topics: Iterable[str]) -> None:
        for topic in topics:
            if (waiting := self._events.get(topic)) is not None:
                waiting.set()

    async def wait(self, topic: str, timeout: float) -> None:
        """Return when `topic` was rung since the last call, or after `timeout` seconds."""
        waiting = self._events.setdefault(topic, asyncio.Event())
        try:
            async with asyncio.timeout(timeout):
                await waiting.wait()
        except TimeoutError:
            return
        finally:
            waiting.clear()


class PostgresBells(Bells):
    """Bells that ring in every process that shares a PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._listener: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._listener = asyncio.create_task(self._listen(), name="database-bells")

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self._dsn)
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("bells.unheard", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            gone = asyncio.Event()
            connection.add_termination_listener(partial(_set, gone))
            try:
                await connection.add_listener("a486", self._heard)
                await gone.wait()
            finally:
                await connection.close()

    def _heard(self, connection: Any, pid: int, channel: str, payload: Any) -> None:
        self.ring([str(payload)])


def _set(gone: asyncio.Event, connection: Any) -> None:
    gone.set()
