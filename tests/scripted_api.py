"""A scripted Bot API on loopback, for faults that a healthy one never shows."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import BodyPartReader, web

TOKEN = "4242424242:LOCAL-secret-of-the-test"
BOT_ID = 4242424242


@dataclass(frozen=True)
class Uploaded:
    """A file that came with a call."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """A call as it arrived, with the time (monotonic, seconds)."""

    method: str
    params: dict[str, Any]
    at: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        return int(self.params["chat_id"])

    @property
    def uploads(self) -> bool:
        return bool(self.files)

    @property
    def files(self) -> dict[str, Uploaded]:
        """The files that came with it, by the names of their parameters."""
        return {name: value for name, value in self.params.items() if isinstance(value, Uploaded)}


@dataclass(frozen=True)
class Refuse:
    """An answer in the Bot API's own form."""

    status: int
    description: str
    parameters: dict[str, Any] | None = None


@dataclass(frozen=True)
class Page:
    """A page in HTML, as a proxy would send it."""

    status: int
    text: str


class Lose:
    """Carry out the call, and break the connection before the answer."""


class Hang:
    """Never answer the call."""


@dataclass(frozen=True)
class Wait:
    """Answer the call once the event is set: like any other, or as given."""

    event: asyncio.Event
    then: Refuse | None = None


ScriptedFault = Refuse | Page | Lose | Hang | Wait


@dataclass
class ScriptedApi:
    """A server that answers like Telegram, except for the faults announced per method, each used once."""

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[ScriptedFault]] = field(default_factory=dict)
    port: int = 0
    _last_message: int = 100
    _runner: web.AppRunner | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def will(self, method: str, *faults: ScriptedFault) -> None:
        """Let the next calls of `method` meet these faults."""
        self.faults.setdefault(method, deque()).extend(faults)

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        self._over.set()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def sent(self, method: str = "") -> list[Call]:
        """The calls so far that write into chats, or those of one method."""
        return [
            call
            for call in self.calls
            if (call.method == method if method else call.method.startswith(("send", "edit")))
        ]

    async def heard(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Return when `condition` is true after some call; raises AssertionError with the calls so far."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: bool(condition()))
        except TimeoutError:
            raise AssertionError(f"not heard; the calls were {self.calls}") from None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _parameters(request)
        async with self._news:
            self.calls.append(Call(method, params, time.monotonic(), request.headers))
            self._news.notify_all()
        faults = self.faults.get(method)
        fault = faults.popleft() if faults else None
        if isinstance(fault, Wait):
            await fault.event.wait()
            fault = fault.then
        match fault:
            case Refuse(status, description, parameters):
                body = {"ok": False, "error_code": status, "description": description}
                return web.json_response(
                    body | ({"parameters": parameters} if parameters else {}), status=status
                )
            case Page(status, text):
                return web.Response(status=status, text=text, content_type="text/html")
            case Lose():
                self._last_message += 1
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case Hang():
                await self._over.wait()
                return web.Response()
        return web.json_response({"ok": True, "result": self._result(method, params)})

    def _result(self, method: str, params: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": BOT_ID, "is_bot": True, "first_name": "Prova", "username": "prova_bot"}
        if method == "createForumTopic":
            self._last_message += 1
            return {"message_thread_id": self._last_message, "name": params["name"]}
        if not method.startswith(("send", "editMessage")) or method == "sendChatAction":
            return True
        if method == "sendMediaGroup":
            shown = [{**params, **item} for item in params["media"]]
            return [self._message(f"send{item['type'].title()}", item) for item in shown]
        return self._message(method, params)

    def _message(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method.startswith("send"):
            self._last_message += 1
        chat_id = int(params["chat_id"])
        message: dict[str, Any] = {
            "message_id": int(params.get("message_id", self._last_message)),
            "date": 1_750_000_000,
            "chat": {"id": chat_id, "type": "private" if chat_id > 0 else "group"},
        }
        if method == "sendDocument":
            message["document"] = {"file_id": f"file-{self._last_message}", "file_unique_id": "u"}
        elif method == "sendVoice":
            message["voice"] = {
                "file_id": f"voice-{self._last_message}",
                "file_unique_id": "v",
                "duration": 1,
            }
        elif method == "sendPhoto":
            sizes = [f"{size}-{self._last_message}" for size in ("small", "photo")]
            message["photo"] = [{"file_id": size, "file_unique_id": size} for size in sizes]
        else:
            message["text"] = params.get("text", "")
        return message


async def _parameters(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    params: dict[str, Any] = {}
    if request.content_type != "multipart/form-data":
        params |= await request.post()
        return params
    async for part in await request.multipart():  # by hand: an interrupted body leaves nothing open
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read())
        params[part.name] = data.decode() if part.filename is None else Uploaded(part.filename, data)
    if "media" in params:
        params["media"] = json.loads(params["media"])
    return params


def buttons(call: Call) -> list[Any]:
    """The inline keyboard that came with a call; empty if there was none."""
    markup = call.params.get("reply_markup", {})  # in a form it is a text
    return list((json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", []))
