"""Delivery of a bot's updates to its webhook.

Updates of one chat go one after the other; different chats go at the same time, up to `connections`. What is
not answered with 2xx is sent again, ever more slowly, until it is or the webhook changes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import parse_qsl

import aiohttp

from sandbox.json_values import Json
from sandbox.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
ANSWER_SECONDS = 60.0
MAX_RETRY_FACTOR = 60.0

# Executes a method call found in a webhook's answer: name and parameters.
Execute = Callable[[str, Mapping[str, str]], Awaitable[None]]


class Webhook:
    """Sends the updates of one queue to one address. `retry_seconds` is the first pause after a failure."""

    def __init__(
        self,
        url: str,
        secret: str | None,
        connections: int,
        *,
        updates: UpdateQueue,
        execute: Execute,
        clock: Callable[[], float],
        retry_seconds: float,
    ) -> None:
        self.url = url
        self._connections = connections
        self._free = asyncio.Semaphore(connections)
        self._updates = updates
        self._execute = execute
        self._clock = clock
        self._retry_seconds = retry_seconds
        self._lanes: dict[str, asyncio.Queue[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._handed_over = 0
        self._last_error: tuple[int, str] | None = None
        headers = {SECRET_HEADER: secret} if secret else {}
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, headers=headers)

    def info(self) -> Json:
        """The webhook's part of a `WebhookInfo` object."""
        info: Json = {"url": self.url, "max_connections": self._connections, "ip_address": "127.0.0.1"}
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        return info

    def start(self) -> None:
        self._spawn(self._dispatch())

    async def stop(self) -> None:
        """Ends the delivery; an update under way may or may not have arrived, and stays queued."""
        # The call may come from within a lane, by a webhook's answer: that lane ends by itself.
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _dispatch(self) -> None:
        while True:
            for place, update in self._updates.after(self._handed_over):
                self._handed_over = place
                self._hand_over(update)
            await self._updates.changed()

    def _hand_over(self, update: Json) -> None:
        lane = _lane(update)
        if lane not in self._lanes:
            self._lanes[lane] = asyncio.Queue()
            self._spawn(self._work(lane))
        self._lanes[lane].put_nowait(update)

    async def _work(self, lane: str) -> None:
        queue = self._lanes[lane]
        # A call in an answer may close this very webhook; what is left is then its successor's.
        while not queue.empty() and not self._session.closed:
            update = queue.get_nowait()
            call = await self._deliver(update)
            self._updates.confirm(update["update_id"])
            if name := call.pop("method", ""):
                await self._execute(name, call)
        del self._lanes[lane]

    async def _deliver(self, update: Json) -> dict[str, str]:
        """Sends an update until it is taken; returns the fields of the call in the answer."""
        pause = self._retry_seconds
        while True:
            async with self._free:
                call = await self._post(update)
            if call is not None:
                return call
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._retry_seconds * MAX_RETRY_FACTOR)

    async def _post(self, update: Json) -> dict[str, str] | None:
        """One attempt; `None` when the update was not taken."""
        try:
            async with self._session.post(self.url, json=update, allow_redirects=False) as response:
                if not 200 <= response.status < 300:
                    self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return None
                return await _call_in(response)
        except TimeoutError:
            self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused")
        except (aiohttp.ClientError, ValueError) as problem:
            self._failed(f"Connection closed: {type(problem).__name__}")
        return None

    def _failed(self, reason: str) -> None:
        self._last_error = (int(self._clock()), reason)


def _lane(update: Json) -> str:
    """Updates with the same lane keep their order."""
    event = next(value for key, value in update.items() if key != "update_id")
    chat = event.get("chat") or event.get("message", {}).get("chat") or event["from"]
    return str(chat["id"])


async def _call_in(response: aiohttp.ClientResponse) -> dict[str, str]:
    """The method call in a webhook's answer, as Telegram accepts it: JSON, form or multipart (no files)."""
    kind = response.content_type
    if kind == "application/json":
        with suppress(json.JSONDecodeError):
            given = json.loads(await response.text() or "null")
            if isinstance(given, dict):
                return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
        return {}
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(await response.text()))
    if kind == "multipart/form-data":
        call: dict[str, str] = {}
        async for part in aiohttp.MultipartReader.from_response(response):
            if isinstance(part, aiohttp.BodyPartReader) and part.name:
                call[part.name] = await part.text()
        return call
    return {}
