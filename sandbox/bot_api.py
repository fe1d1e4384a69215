"""The bot side over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from aiohttp import web

import sandbox.methods  # noqa: F401 -- registers the methods
from sandbox.call import METHODS, Call, Upload
from sandbox.errors import ApiError
from sandbox.files import MAX_DOWNLOAD
from sandbox.state import Bot, Json
from sandbox.world import World

_LOCAL_TOKEN = re.compile(r"\d+:LOCAL-[\w-]+", re.ASCII)
_NOT_FROM_HERE = (
    "Unauthorized: this is a local stand-in for Telegram. It takes only tokens that it made itself; "
    "never give it the token of a real bot"
)

Params = Mapping[str, str | Upload]


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

        Every call of every bot passes here, whether it came as a request or in a webhook's answer: this is
        where a fault could be put between a bot and Telegram.
        """
        handler = METHODS.get(name.lower())
        if handler is None:
            raise ApiError(404, "Not Found")
        return {"ok": True, "result": await handler(Call(self._world, bot, params))}

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
        except web.HTTPRequestEntityTooLarge:
            return _refused(ApiError(413, "Request Entity Too Large"))
        return web.json_response(body)

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._bot(request)
            file = self._world.files.at(request.match_info["path"])
            if file is None or len(file.data) > MAX_DOWNLOAD:
                raise ApiError(404, "Not Found")
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
