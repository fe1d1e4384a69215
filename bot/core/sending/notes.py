"""Noting that messages are shown: those that come together are noted by one statement."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import Connection

from backend.core.outbox.values import Shown

Write = Callable[[Callable[[Connection], None]], Awaitable[None]]


class _Batch:
    """Notes that one write makes."""

    def __init__(self) -> None:
        self.notes: list[Shown] = []
        self.made: asyncio.Task[None]


class Notes:
    """Collects notes until a transaction has room for them. `make` notes them in it, once more if it is tried
    again.
    """

    def __init__(self, write: Write, make: Callable[[Connection, Sequence[Shown]], None]) -> None:
        self._write = write
        self._make = make
        self._open: _Batch | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    async def add(self, note: Shown) -> None:
        """Returns once it is on disk. Raises what `write` raises."""
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
            batch.made = asyncio.create_task(self._made(batch), name="notes")
            self._under_way.add(batch.made)
            batch.made.add_done_callback(self._ended)
        batch.notes.append(note)
        await asyncio.shield(batch.made)

    async def stop(self) -> None:
        """Give up what is not on disk yet."""
        self._open = None
        for made in self._under_way:
            made.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _ended(self, made: asyncio.Task[None]) -> None:
        self._under_way.discard(made)
        if not made.cancelled():
            made.exception()  # heard, also where nobody waits for it any more

    async def _made(self, batch: _Batch) -> None:
        def work(connection: Connection) -> None:
            self._close(batch)
            self._make(connection, batch.notes)

        try:
            await self._write(work)
        finally:
            self._close(batch)

    def _close(self, batch: _Batch) -> None:
        """What comes from now on is of another write."""
        if self._open is batch:
            self._open = None
