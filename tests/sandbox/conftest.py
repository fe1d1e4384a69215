"""A local Bot API with one bot and one person, and ways to speak for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User

Json = dict[str, Any]
START_OF_TIME = 1_750_000_000.0


class Clock:
    """The server's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = START_OF_TIME

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Caller:
    """A caller of Bot API methods without a client library, to see the server's exact answers."""

    base_url: str
    token: str
    session: aiohttp.ClientSession

    async def __call__(self, method: str, **params: Any) -> Any:
        """The `result` of a call that must succeed."""
        body = await self.answer(method, **params)
        assert body["ok"] is True, body
        return body["result"]

    async def answer(self, method: str, **params: Any) -> Json:
        async with self.session.post(f"{self.base_url}/bot{self.token}/{method}", json=params) as response:
            body: Json = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a call that must fail."""
        body = await self.answer(method, **params)
        assert body["ok"] is False, body
        return str(body["description"])

    async def updates(self, **params: Any) -> list[Json]:
        """The updates that `getUpdates` gives, confirmed at once."""
        updates: list[Json] = await self("getUpdates", **params)
        if updates:
            await self("getUpdates", offset=updates[-1]["update_id"] + 1)
        return updates


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[LocalBotApi]:
    async with LocalBotApi(limits=False, clock=clock, webhook_retry_seconds=0.01) as server:
        yield server


@pytest.fixture
def bot(api: LocalBotApi) -> Bot:
    return api.add_bot("Prova", "prova_bot")


@pytest.fixture
def anna(api: LocalBotApi, bot: Bot) -> User:
    return api.add_user("Anna", "Verdi", language_code="it", phone="+39 333 0000001")


@pytest.fixture
def bruno(api: LocalBotApi, bot: Bot) -> User:
    return api.add_user("Bruno", phone="+393330000002")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def phone(api: LocalBotApi, anna: User) -> AsyncIterator[UserClient]:
    """Anna's phone, in her chat with the bot."""
    async with UserClient(api.base_url, anna.id) as client:
        yield client


@pytest.fixture
def call(api: LocalBotApi, bot: Bot, http: aiohttp.ClientSession) -> Caller:
    """The bot, without a client library."""
    return Caller(api.base_url, bot.token, http)


@pytest.fixture
async def met(call: Caller, phone: UserClient) -> int:
    """The id of Anna's chat, in which she has started the bot."""
    await phone.type("/start")
    await call.updates()
    return phone.chat


@pytest.fixture
async def ptb(api: LocalBotApi, bot: Bot) -> AsyncIterator[telegram.Bot]:
    """The bot, through python-telegram-bot."""
    base = api.base_url
    async with telegram.Bot(bot.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as client:
        yield client


class Receiver:
    """A bot's webhook: keeps the updates and answers as told, with 200 by default."""

    def __init__(self) -> None:
        self.updates: asyncio.Queue[Json] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await self.updates.put(await request.json())
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver
