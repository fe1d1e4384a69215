"""The local Bot API as one server: bots on one side, people with phones on the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.bot_api import BotApi
from sandbox.errors import SandboxError
from sandbox.faults import Faults
from sandbox.history import History
from sandbox.json_values import Json
from sandbox.limits import Limiter
from sandbox.mailbox import Mailbox
from sandbox.state import Bot, Chat, User
from sandbox.user_side import UserSide, guard
from sandbox.world import World

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Larger than what either side may send, so that the rules answer rather than the HTTP server.
_MAX_BODY = 128 * 1024 * 1024
PAGE = Path(__file__).parent / "page"


class LocalBotApi:
    """A stand-in for Telegram on this machine.

        async with LocalBotApi() as api:
            bot = api.add_bot("Demo", "demo_bot")
            ...  # a bot at f"{api.base_url}/bot{bot.token}", people at api.base_url

    `limits` switches Telegram's limits on how fast a bot writes. `callback_seconds` is how long a press can
    be answered, `webhook_retry_seconds` the first pause after a failed delivery, `clock` the unix time in
    seconds. `history` keeps everything that goes between the sides, for checks from outside.
    `notes` is the cheat sheet shown on the page: `[{"title": …, "rows": [{"code": …, "text": …}]}]`.
    """

    def __init__(
        self,
        *,
        limits: bool = True,
        callback_seconds: float = 15.0,
        webhook_retry_seconds: float = 1.0,
        clock: Callable[[], float] = time.time,
        history: History | None = None,
    ) -> None:
        self.notes: list[Json] = []
        self.world = World(
            clock=clock,
            callback_seconds=callback_seconds,
            webhook_retry_seconds=webhook_retry_seconds,
            limiter=Limiter(clock) if limits else None,
            execute=self._execute,
            history=history,
        )
        self._bot_api = BotApi(self.world)
        self._mailbox: Mailbox | None = None
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._host = ""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listens on a loopback address (port 0: any free one) and returns the base URL.

        A server that runs already keeps its address. Raises `ValueError` for an address others could reach.
        """
        if host not in LOOPBACK:
            raise ValueError(f"the local Bot API listens on this machine only, not on {host}")
        if self._runner is not None:
            return self.base_url
        app = web.Application(client_max_size=_MAX_BODY, middlewares=[guard(lambda: self._port)])
        app.add_routes(self._bot_api.routes())
        app.add_routes(UserSide(self.world, lambda: self.notes, self._letters, PAGE).routes())
        # No access log: tokens stand in the paths.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self._host = f"[{host}]" if ":" in host else host
        return self.base_url

    async def stop(self) -> None:
        """Ends deliveries, polls and connections; what happened is kept and a new start shows it again."""
        await self.world.close()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def show_mail(self, mailbox: Mailbox) -> None:
        """The page shows what is in this mailbox, and what comes to it."""
        self._mailbox = mailbox
        mailbox.arrived = lambda letter: self.world.hub.tell(
            self.world.users, {"type": "mail", "letter": letter.shown()}
        )

    def _letters(self) -> list[Json] | None:
        return None if self._mailbox is None else [letter.shown() for letter in self._mailbox.letters]

    @property
    def faults(self) -> Faults:
        """The faults between the bots and their users."""
        return self.world.faults

    @property
    def base_url(self) -> str:
        """The address for people, and the prefix of `/bot<token>` and `/file/bot<token>`."""
        return f"http://{self._host}:{self._port}"

    def add_bot(self, name: str, username: str, *, reads_all_group_messages: bool = False) -> Bot:
        """A new bot; its `token` works with this server only."""
        return self.world.add_bot(name, username, reads_all_group_messages=reads_all_group_messages)

    def add_user(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        username: str | None = None,
        language_code: str = "en",
        phone: str | None = None,
        note: str | None = None,
    ) -> User:
        """A new person. `note` is a line about the persona for the page."""
        return self.world.add_user(
            first_name, last_name, username=username, language_code=language_code, phone=phone, note=note
        )

    def add_group(self, title: str, bot: Bot, members: list[User], *, is_forum: bool = False) -> Chat:
        """A new group; its first member created it and the bot is one of its administrators."""
        return self.world.add_group(title, bot, members, is_forum=is_forum)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _execute(self, bot: Bot, name: str, params: Mapping[str, str]) -> None:
        """A call from a webhook's answer: its result goes nowhere, as on Telegram."""
        with suppress(SandboxError):
            await self._bot_api.answer(bot, name, params)
