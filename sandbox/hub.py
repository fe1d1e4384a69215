"""Events for the phones: every open WebSocket of the user side has a mailbox here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from sandbox.json_values import Json

# A phone that does not read is cut off rather than remembered for ever; it reads the screen when it is back.
MAILBOX_SIZE = 1000


class Mailbox:
    """The events for one connection, in order; `None` ends it."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self._events: asyncio.Queue[Json | None] = asyncio.Queue(MAILBOX_SIZE)

    def put(self, event: Json) -> None:
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            self.close()

    async def get(self) -> Json | None:
        return await self._events.get()

    def close(self) -> None:
        with suppress(asyncio.QueueEmpty):
            while True:
                self._events.get_nowait()
        self._events.put_nowait(None)


class Hub:
    """The open mailboxes, by user."""

    def __init__(self) -> None:
        self._mailboxes: set[Mailbox] = set()

    def open(self, user_id: int) -> Mailbox:
        mailbox = Mailbox(user_id)
        self._mailboxes.add(mailbox)
        return mailbox

    def drop(self, mailbox: Mailbox) -> None:
        self._mailboxes.discard(mailbox)

    def tell(self, users: Iterable[int], event: Json) -> None:
        wanted = set(users)
        for mailbox in self._mailboxes:
            if mailbox.user_id in wanted:
                mailbox.put(event)

    def close(self) -> None:
        for mailbox in self._mailboxes:
            mailbox.close()
