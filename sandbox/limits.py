"""Telegram's limits on how fast a bot may write, as its documentation states them.

About one message a second into a private chat (short bursts pass), twenty a minute into a group, thirty a
second over all chats. Each is a bucket that fills at the documented rate and holds the burst.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import ApiError


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` messages at once, `per_second` on average."""

    burst: int
    per_second: float


OVERALL = Rate(30, 30.0)
PRIVATE_CHAT = Rate(5, 1.0)
GROUP_CHAT = Rate(20, 20 / 60)


class _Bucket:
    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._level = float(rate.burst)
        self._at = now

    def wait_for(self, amount: int, now: float) -> float:
        """Seconds until `amount` messages may pass; zero when they may pass now."""
        self._level = min(self._rate.burst, self._level + (now - self._at) * self._rate.per_second)
        self._at = now
        # More than the burst at once (an album in a slow chat) waits for a full bucket, not forever.
        missing = min(amount, self._rate.burst) - self._level
        return max(0.0, missing / self._rate.per_second)

    def take(self, amount: int) -> None:
        self._level -= amount


class Limiter:
    """Counts what each bot writes and refuses what Telegram would refuse."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[int, int | None], _Bucket] = {}

    def pass_or_refuse(self, bot_id: int, chat_id: int, *, private: bool, messages: int = 1) -> None:
        """Raises `ApiError` 429 with `retry_after` (whole seconds) when a limit is reached."""
        now = self._clock()
        chat_rate = PRIVATE_CHAT if private else GROUP_CHAT
        buckets = [
            self._buckets.setdefault((bot_id, chat), _Bucket(rate, now))
            for chat, rate in ((None, OVERALL), (chat_id, chat_rate))
        ]
        wait = max(bucket.wait_for(messages, now) for bucket in buckets)
        if wait > 0:
            seconds = math.ceil(wait)
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        for bucket in buckets:
            bucket.take(messages)
