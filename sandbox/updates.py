"""The updates of one bot: queued once, read by long polling or by the webhook sender."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from itertools import islice, takewhile

from sandbox.errors import conflict
from sandbox.state import Json

UPDATE_TYPES = frozenset(
    {"message", "edited_message", "callback_query", "my_chat_member", "chat_member"},
)
# Telegram sends these only to a bot that names them.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MAX_BATCH = 100
_TAKEN_OVER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    """Updates in order. `update_id` starts at random, as Telegram's does, and rises by one."""

    def __init__(self) -> None:
        self._waiting: dict[int, Json] = {}
        self._last_id = secrets.randbelow(900_000_000) + 1_000_000
        self._changed = asyncio.Event()
        self._poller: asyncio.Future[str] | None = None
        # None: what Telegram sends when the bot names nothing.
        self.allowed: frozenset[str] | None = None
        # Set while a poll waits: whoever starts a bot can wait for it to listen.
        self.listening = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, payload: Json) -> None:
        """Queues an update of `kind`, unless the bot did not ask for that kind.

        Every update passes here, and only here: this is where order could be disturbed on purpose.
        """
        if kind not in self.allowed if self.allowed is not None else kind in _ON_REQUEST:
            return
        self._last_id += 1
        self._waiting[self._last_id] = {"update_id": self._last_id, kind: payload}
        self._changed.set()

    def allow(self, kinds: Collection[str] | None) -> None:
        """Remembers which kinds the bot wants; an empty list means the usual ones, `None` no change."""
        if kinds is not None:
            known = frozenset(kind.lower() for kind in kinds) & UPDATE_TYPES
            self.allowed = known or None

    def after(self, update_id: int) -> list[Json]:
        """The waiting updates that came after the one with this id, oldest first."""
        newest_first = takewhile(lambda u: u["update_id"] > update_id, reversed(self._waiting.values()))
        return list(newest_first)[::-1]

    def confirm(self, update_id: int) -> None:
        """The bot has this one."""
        self._waiting.pop(update_id, None)

    def clear(self) -> None:
        self._waiting.clear()

    async def changed(self) -> None:
        """Returns when something was queued since the last return."""
        await self._changed.wait()
        self._changed.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """`getUpdates`: confirms what lies before `offset` and waits up to `timeout` seconds for the rest.

        A negative offset forgets all but that many updates from the end. Raises `ApiError` 409 when another
        poll starts meanwhile: the newcomer wins.
        """
        self.interrupt(_TAKEN_OVER)
        self._confirm_before(offset)
        if not self._waiting and timeout > 0:
            await self._wait(timeout)
        return list(islice(self._waiting.values(), min(max(limit, 1), MAX_BATCH)))

    def interrupt(self, reason: str) -> None:
        """Ends the poll that is waiting, with a conflict."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)

    def _confirm_before(self, offset: int) -> None:
        # Ids only rise, so the queue is in order.
        if offset < 0:
            done = list(islice(self._waiting, max(len(self._waiting) + offset, 0)))
        else:
            done = list(takewhile(lambda update_id: update_id < offset, self._waiting))
        for update_id in done:
            del self._waiting[update_id]

    async def _wait(self, timeout: float) -> None:
        loop = asyncio.get_running_loop()
        me = self._poller = loop.create_future()
        self.listening.set()
        self._changed.clear()
        news = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({news, me}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if me.done():
                raise conflict(me.result())
        finally:
            news.cancel()
            me.cancel()
            if self._poller is me:
                self._poller = None
                self.listening.clear()
