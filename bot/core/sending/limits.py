"""Telegram's limits on what a bot may send: 30 messages a second overall, about one a second in a chat
with short bursts, 20 a minute in a group; and whatever wait Telegram asks for.

Plain arithmetic on times that are passed in (seconds, monotonic), so that it can be tested without waiting.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Protocol

OVERALL = 30
OVERALL_SECONDS = 1.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 5.0
GROUP = 20
GROUP_SECONDS = 60.0
REMEMBERED_CHATS = 10_000


class _Limit(Protocol):
    def wait(self, now: float) -> float:
        """Seconds until a call may leave."""

    def take(self, now: float) -> None:
        """A call leaves."""


@dataclass(slots=True)
class _Window:
    """At most `number` calls in any `seconds`."""

    number: int
    seconds: float
    made: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        if len(self.made) < self.number:
            return 0.0
        return max(0.0, self.made[-self.number] + self.seconds - now)

    def take(self, now: float) -> None:
        self.made.append(now)
        while self.made[0] + self.seconds < now:
            self.made.popleft()


@dataclass(slots=True)
class _Bucket:
    """Holds up to `size` permits, refilled at `rate` a second."""

    rate: float
    size: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        missing = 1 - self.level
        # What arithmetic has lost is not waited for: so short a wait would not even move the clock.
        return 0.0 if missing < 1e-9 else missing / self.rate

    def take(self, now: float) -> None:
        self.level -= 1


class Limits:
    """When the next call to a chat may leave. Group chats have negative ids, as in Telegram."""

    def __init__(self, *, enforced: bool = True) -> None:
        self._enforced = enforced
        self._overall = _Window(OVERALL, OVERALL_SECONDS)
        self._chats: OrderedDict[int, _Limit] = OrderedDict()
        self._not_before: dict[int, float] = {}

    def overall_wait(self, now: float) -> float:
        """Seconds until any call may leave, whatever its chat; nothing counts as made."""
        return self._overall.wait(now) if self._enforced else 0.0

    def wait(self, chat_id: int, now: float) -> float:
        """Seconds until a call to this chat may leave; 0 means now, and then it counts as made."""
        flood = self._not_before.get(chat_id, 0.0) - now
        if flood > 0:
            return flood
        self._not_before.pop(chat_id, None)
        if not self._enforced:
            return 0.0
        chat = self._chat(chat_id, now)
        wait = max(self._overall.wait(now), chat.wait(now))
        if wait == 0.0:
            self._overall.take(now)
            chat.take(now)
        return wait

    def charge(self, chat_id: int, calls: int, now: float) -> None:
        """Charge further calls for what left: Telegram counts an album's parts one by one."""
        if self._enforced:
            chat = self._chat(chat_id, now)
            for _ in range(calls):
                self._overall.take(now)
                chat.take(now)

    def flood(self, chat_id: int, seconds: float, now: float) -> None:
        """Telegram asked for a wait: nothing leaves for this chat before it is over."""
        self._not_before[chat_id] = max(self._not_before.get(chat_id, 0.0), now + seconds)

    def _chat(self, chat_id: int, now: float) -> _Limit:
        limit = self._chats.pop(chat_id, None)
        if limit is None:
            if chat_id < 0:
                limit = _Window(GROUP, GROUP_SECONDS)
            else:
                limit = _Bucket(CHAT_PER_SECOND, CHAT_BURST, CHAT_BURST, now)
        self._chats[chat_id] = limit
        while len(self._chats) > REMEMBERED_CHATS:
            self._chats.popitem(last=False)
        return limit
