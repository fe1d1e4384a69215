"""The updates of one bot: queued once, read by long polling or by the webhook sender."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from itertools import islice, takewhile

from sandbox.errors import conflict
from sandbox.faults import FaultKind, Faults
from sandbox.history import History, Queued
from sandbox.json_values import Json

UPDATE_TYPES = frozenset(
    {"message", "edited_message", "callback_query", "my_chat_member", "chat_member"},
)
# Telegram sends these only to a bot that names them.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MAX_BATCH = 100
_TAKEN_OVER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    """Updates in the order of their delivery. `update_id` starts at random, as Telegram's does, and rises by
    one; only faults make the two orders differ.
    """

    def __init__(self, faults: Faults, history: History | None) -> None:
        self._faults = faults
        self._history = history
        self._waiting: dict[int, tuple[int, Json]] = {}  # by update_id, with the place in the order
        self._last_place = 0
        self._held: list[Json] = []
        # Behind their turn: a bot that confirms later ones has not seen them.
        self._late: set[int] = set()
        self._twice: set[int] = set()
        self._last_id = secrets.randbelow(900_000_000) + 1_000_000
        self._changed = asyncio.Event()
        self._poller: asyncio.Future[str] | None = None
        # None: what Telegram sends when the bot names nothing.
        self.allowed: frozenset[str] | None = None
        # Set while a poll waits: whoever starts a bot can wait for it to listen.
        self.listening = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting) + len(self._held)

    def put(self, kind: str, payload: Json) -> None:
        """Queues an update of `kind`, unless the bot did not ask for that kind.

        Every update passes here, and only here, and meets its faults here.
        """
        if kind not in self.allowed if self.allowed is not None else kind in _ON_REQUEST:
            return
        for _ in range(2 if self._faults.of_update(FaultKind.ANEW, kind) else 1):
            self._last_id += 1
            update = {"update_id": self._last_id, kind: payload}
            if self._history is not None:
                self._history.updates.append(Queued(self._last_id, kind, payload))
            if self._faults.of_update(FaultKind.TWICE, kind):
                self._twice.add(self._last_id)
            if swapped := self._faults.of_update(FaultKind.SWAPPED, kind):
                self._held.append(update)
                asyncio.get_running_loop().call_later(swapped.seconds, self._release)
            else:
                self._queue(update)
                self._release()

    def _queue(self, update: Json) -> None:
        self._last_place += 1
        self._waiting[update["update_id"]] = (self._last_place, update)
        self._changed.set()

    def _release(self) -> None:
        """Deliver the updates that were held back."""
        held, self._held = self._held, []
        for update in held:
            self._late.add(update["update_id"])
            self._queue(update)

    def allow(self, kinds: Collection[str] | None) -> None:
        """Remembers which kinds the bot wants; an empty list means the usual ones, `None` no change."""
        if kinds is not None:
            known = frozenset(kind.lower() for kind in kinds) & UPDATE_TYPES
            self.allowed = known or None

    def after(self, place: int) -> list[tuple[int, Json]]:
        """The waiting updates behind a place in the order, first things first, each with its place."""
        newest_first = takewhile(lambda queued: queued[0] > place, reversed(self._waiting.values()))
        return list(newest_first)[::-1]

    def confirm(self, update_id: int) -> None:
        """The bot has this one."""
        _, update = self._waiting.pop(update_id, (0, None))
        if update is not None and update_id in self._twice:
            self._twice.discard(update_id)
            self._late.add(update_id)
            self._queue(update)

    def clear(self) -> None:
        self._waiting.clear()
        self._held.clear()

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
        batch = [update for _, update in islice(self._waiting.values(), min(max(limit, 1), MAX_BATCH))]
        self._late.difference_update(update["update_id"] for update in batch)
        return batch

    def interrupt(self, reason: str) -> None:
        """Ends the poll that is waiting, with a conflict."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            done = list(islice(self._waiting, max(len(self._waiting) + offset, 0)))
        else:
            # Ids rise, but for those that come late.
            up_to = takewhile(lambda update_id: update_id < offset or update_id in self._late, self._waiting)
            done = [update_id for update_id in up_to if update_id not in self._late]
        for update_id in done:
            self.confirm(update_id)

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
