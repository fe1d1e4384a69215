"""Wake-up signals: a transaction notifies a topic, and whoever waits for it reads the database at once.

A signal is a hint, never the truth: waiters also look from time to time by themselves, so a lost signal
costs time, not work. In one process a signal is an event; on PostgreSQL it reaches the other processes by
LISTEN/NOTIFY.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sqlalchemy import Connection


def notify(connection: Connection, topic: str) -> None:
    """Notify `topic` when the current transaction commits."""
    pending_signals(connection).add(topic)


def withdraw(connection: Connection, topic: str) -> None:
    """Do not notify `topic` after all."""
    pending_signals(connection).discard(topic)


def pending_signals(connection: Connection) -> set[str]:
    """The topics that the current work has notified so far."""
    topics: set[str] = connection.info.setdefault("a486-signals", set())
    return topics


class Signals:
    """The wake-up signals of one process."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    async def open(self) -> None:
        """Start listening to other processes."""

    async def close(self) -> None:
        """Stop listening."""

    def notify(self, topics: Iterable[str]) -> None:
        """Wake everybody in this process who waits for one of these topics."""
        for topic in topics:
            if (waiting := self._events.get(topic)) is not None:
                waiting.set()

    async def wait(self, topic: str, timeout: float) -> None:
        """Return when `topic` has been notified since the last call, or after `timeout` seconds."""
        waiting = self._events.setdefault(topic, asyncio.Event())
        try:
            async with asyncio.timeout(timeout):
                await waiting.wait()
        except TimeoutError:
            return
        finally:
            waiting.clear()
