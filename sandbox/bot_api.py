"""The bot side over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

import sandbox.methods  # noqa: F401 -- registers the methods
from sandbox.call import METHODS, Call, Upload
from sandbox.errors import ApiError, BrokenError, UserError, bad_request
from sandbox.faults import ANY, ON_UPDATES, Fault, FaultKind
from sandbox.files import MAX_DOWNLOAD
from sandbox.history import Heard
from sandbox.json_values import Json
from sandbox.state import Bot
from sandbox.updates import UPDATE_TYPES
from sandbox.world import World

_LOCAL_TOKEN = re.compile(r"\d+:LOCAL-[\w-]+", re.ASCII)
_NOT_FROM_HERE = (
    "Unauthorized: this is a local stand-in for Telegram. It takes only tokens that it made itself; "
    "never give it the token of a real bot"
)

Params = Mapping[str, str | Upload]


def check(faults: Iterable[Fault]) -> None:
    """Raises UserError for a fault of something that there is not, and that would never happen."""
    for fault in faults:
        known = UPDATE_TYPES if fault.kind in ON_UPDATES else {"download", *METHODS}
        if fault.of != ANY and fault.of.lower() not in known:
            raise UserError(f"Nothing is called “{fault.of}” here.")


class BotApi:
    """Answers bots. Tokens are in the paths, so nothing here logs a path."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._download),
        ]

    async def answer(self, bot: Bot, name: str, params: Params) -> Json:
        """Executes one method call and returns the body of its answer.

        Every call of every bot passes here, whether it came as a request or in a webhook's answer, and meets
        its faults here. Raises ApiError, and BrokenError where no answer leaves.
        """
        handler = METHODS.get(name.lower())
        if handler is None:
            raise ApiError(404, "Not Found")
        call = Call(self._world, bot, params)
        fault = self._world.faults.of_call(name, call.integer("chat_id"), names_file=_names_file(params))
        try:
            _before(fault)
            result = await handler(call)
        except (ApiError, BrokenError) as refusal:
            self._note(name, params, done=False, answered=isinstance(refusal, ApiError), refusal=str(refusal))
            raise
        self._note(name, params, done=True, answered=not _is(fault, FaultKind.LOST), result=result)
        if fault is not None and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        if _is(fault, FaultKind.LOST):
            raise BrokenError(name)
        return {"ok": True, "result": result}

    def _note(self, name: str, params: Params, **outcome: Any) -> None:
        if self._world.history is not None:
            texts = {key: value for key, value in params.items() if isinstance(value, str)}
            self._world.history.calls.append(Heard(name, texts, **outcome))

    def _bot(self, request: web.Request) -> Bot:
        token = request.match_info["token"]
        if not _LOCAL_TOKEN.fullmatch(token):
            raise ApiError(401, _NOT_FROM_HERE)
        bot = self._world.bots.get(int(token.partition(":")[0]))
        if bot is None or bot.token != token:
            raise ApiError(401, "Unauthorized")
        return bot

    async def _call(self, request: web.Request) -> web.Response:
        try:
            bot = self._bot(request)
            body = await self.answer(bot, request.match_info["method"], await _params(request))
        except ApiError as refusal:
            return _refused(refusal)
        except BrokenError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        except ConnectionResetError:  # the bot broke its own upload off
            return web.Response()
        except web.HTTPRequestEntityTooLarge:
            return _refused(ApiError(413, "Request Entity Too Large"))
        return web.json_response(body)

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._bot(request)
            file = self._world.files.at(request.match_info["path"])
            fault = self._world.faults.of_call("download", 0, names_file=True)
            if file is None or len(file.data) > MAX_DOWNLOAD or _is(fault, FaultKind.FILE_GONE):
                raise ApiError(404, "Not Found")
            _before(fault)
        except BrokenError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        except ApiError as refusal:
            return _refused(refusal)
        return web.Response(body=file.data, content_type="application/octet-stream")


async def _params(request: web.Request) -> dict[str, str | Upload]:
    """Query, form, multipart and JSON parameters, the body's over the query's."""
    params: dict[str, str | Upload] = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            given = json.loads(await request.read())
        except ValueError:
            raise ApiError(400, "Bad Request: can't parse JSON object") from None
        if not isinstance(given, dict):
            raise ApiError(400, "Bad Request: object expected as parameters")
        texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items() if v is not None}
        return params | texts
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Upload(value.filename or name, value.content_type, value.file.read())
        elif isinstance(value, str):
            params[name] = value
        else:
            params[name] = bytes(value).decode("utf-8", "replace")
    return params


def _names_file(params: Params) -> bool:
    """True if a call refers to a file by its id."""
    return any(isinstance(params.get(name), str) for name in ("file_id", "document", "photo"))


def _is(fault: Fault | None, kind: FaultKind) -> bool:
    return fault is not None and fault.kind is kind


def _before(fault: Fault | None) -> None:
    """Raises the fault of a call that is not carried out."""
    match fault.kind if fault is not None else None:
        case FaultKind.UNREACHED:
            raise BrokenError("not reached")
        case FaultKind.SERVER_ERROR:
            raise ApiError(502, "Bad Gateway")
        case FaultKind.FLOOD:
            seconds = max(1, math.ceil(fault.seconds if fault is not None else 1))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        case FaultKind.EXPIRED:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        case FaultKind.FILE_GONE:
            raise bad_request("wrong file identifier/HTTP URL specified")


def _refused(refusal: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    headers = (
        {"Retry-After": str(refusal.parameters["retry_after"])}
        if refusal.code == 429 and refusal.parameters
        else {}
    )
    return web.json_response(body, status=refusal.code, headers=headers)
