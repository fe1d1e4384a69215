"""Wake-ups: a transaction rings a topic, and whoever waits for it looks at the database at once.

A bell is a hint and never the truth: waiters also look after a while by themselves, so a lost ring costs
time, not work. In one process a bell is an event; on PostgreSQL it also reaches the other processes by
LISTEN/NOTIFY.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sqlalchemy import Connection


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
