"""The smallest Bot API that can measure: it hands updates out, keeps so many open, and times each answer.

Runs as a process of its own, so that what is measured does not share its processor time with the measuring.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import statistics
import sys
import time
from collections import defaultdict, deque
from typing import Any

from aiohttp import web

BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
FIRST_USER = 1001
BATCH = 100


class Load:
    """`total` messages, `window` of them unanswered at a time, from `users` people in turn.

    With a `rate` they come so many a second, whether the bot keeps up or not.
    """

    def __init__(self, total: int, window: int, users: int, text: str, rate: float) -> None:
        self._rate = rate
        self._total = total
        self._window = window
        self._users = users
        self._text = text
        self._first_id = secrets.randbelow(2**30)  # a number seen before would not be worked again
        self._handed = 0
        self._open = 0
        self._handed_at: defaultdict[int, deque[float]] = defaultdict(deque)
        self._latencies: list[float] = []
        self._more = asyncio.Event()
        self._message_id = 0
        self.done = asyncio.Event()
        self.began = 0.0
        self.ended = 0.0

    async def updates(self, timeout: float) -> list[dict[str, Any]]:
        """The next messages, as many as the window has room for."""
        self.began = self.began or time.perf_counter()
        until = time.perf_counter() + timeout
        while (room := self._room()) <= 0 and (left := until - time.perf_counter()) > 0:
            self._more.clear()
            try:
                async with asyncio.timeout(min(left, 1 / self._rate) if self._rate else left):
                    await self._more.wait()
            except TimeoutError:
                continue
        now = time.perf_counter()
        return [self._message(now) for _ in range(max(room, 0))]

    def _room(self) -> int:
        come = self._total
        if self._rate:
            come = min(come, int((time.perf_counter() - self.began) * self._rate) + 1)
        return min(self._window - self._open, come - self._handed, BATCH)

    def _message(self, now: float) -> dict[str, Any]:
        number = self._handed
        self._handed += 1
        user = FIRST_USER + number % self._users
        self._handed_at[user].append(now)
        self._open += 1
        sender = {"id": user, "is_bot": False, "first_name": "Persona", "language_code": "it"}
        chat = {"id": user, "type": "private", "first_name": "Persona"}
        return {
            "update_id": self._first_id + number,
            "message": {
                "message_id": number + 1,
                "date": int(time.time()),
                "from": sender,
                "chat": chat,
                "text": self._text,
            },
        }

    def answered(self, chat: int) -> int:
        """A message reached a chat; returns its id."""
        self._message_id += 1
        if self._handed_at[chat]:
            self._open -= 1
            self.ended = time.perf_counter()
            self._latencies.append(self.ended - self._handed_at[chat].popleft())
            self._more.set()
            if len(self._latencies) == self._total:
                self.done.set()
        return 10_000_000 + self._message_id

    def report(self) -> dict[str, float]:
        """Messages answered a second, and how long an answer took (milliseconds)."""
        quantiles = statistics.quantiles(self._latencies, n=100)
        return {
            "per_second": len(self._latencies) / (self.ended - self.began),
            "p50_ms": quantiles[49] * 1000,
            "p99_ms": quantiles[98] * 1000,
        }


async def main(total: int, window: int, users: int, text: str, rate: float) -> None:
    """Print the port, then, once every message is answered, the report; serve until stopped."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    load = Load(total, window, users, text, rate)

    async def method(request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        is_json = request.content_type == "application/json"
        fields = dict(await (request.json() if is_json else request.post())) or dict(request.query)
        if name == "getme":
            return _ok(BOT)
        if name == "getupdates":
            return _ok(await load.updates(min(float(str(fields.get("timeout", 0))), 5.0)))
        if name == "sendmessage":
            chat = int(str(fields["chat_id"]))
            message_id = load.answered(chat)
            private = {"id": chat, "type": "private", "first_name": "Persona"}
            return _ok({"message_id": message_id, "date": 0, "chat": private, "from": BOT, "text": "x"})
        return _ok(True)

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", method)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)  # nobody waits for the last poll
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - read by who started it
    done = asyncio.create_task(load.done.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((done, stopped), return_when=asyncio.FIRST_COMPLETED)
    if stopped.done():
        return
    print(json.dumps(load.report()), flush=True)  # noqa: T201 - read by who started it
    await stop.wait()
    await runner.cleanup()


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], float(sys.argv[5])))
