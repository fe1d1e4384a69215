"""Shared by tests of the whole product: a person's chat, and the world around it."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import pytest
from sqlalchemy import Connection, func, select

from backend.audit.search import search
from backend.core.audit.values import AuditAction, AuditRecord
from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.dialogues import service as dialogues
from backend.core.dialogues.values import StoredDialogue
from backend.core.inbox.models import inbox
from backend.core.inbox.values import RowState
from backend.core.jobs.models import jobs
from backend.core.jobs.values import JobState
from backend.core.outbox.models import posts
from backend.core.outbox.service import UNSENT
from backend.core.outbox.values import Destination
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.staff_group.models import staff_events
from backend.supplies.central import CentralSystem
from backend.supplies.errors import CentralUnavailable
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer
from bot import app as application
from bot.app import App, Ports
from bot.core import logs
from bot.core.roles import ALL, ProcessRole
from bot.core.settings import Settings
from sandbox.client import Screen, Shown, UserClient
from sandbox.demo import settings_for, stage
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User

T = TypeVar("T")

PATIENCE = 60.0  # seconds that a test waits for something that should take none
LOOK_AGAIN_SECONDS = 0.02  # the interval for checking a condition that sends no signal

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""For acceptance tests in which the kind of database cannot matter."""


class Chat:
    """A person who types, presses, sends and reads, in their private chat unless told otherwise."""

    def __init__(self, phone: UserClient) -> None:
        self.phone = phone

    async def __aenter__(self) -> Self:
        await self.phone.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.phone.__aexit__(kind, error, trace)

    async def type(self, text: str) -> Shown:
        """Write and send."""
        return await self.phone.type(text)

    async def press(self, label: str, *, on: Shown | None = None) -> str:
        """Press the newest button whose label contains `label`, as soon as there is one."""
        shown, text = await self._until(lambda screen: _button(screen, label, on), f"a button “{label}”")
        return await self.phone.press(text, message_id=shown.message_id)

    async def sees(self, *texts: str, button: str = "") -> Shown:
        """Wait until the bot's last message holds these texts (and a button), and return it."""
        return await self._until(
            lambda screen: _last(screen, texts, button), f"the last message with {texts} {button}"
        )

    async def saw(self, *texts: str, on: Shown | None = None) -> Shown:
        """Wait until a message of the bot (or the message `on`) holds these texts; return the newest such."""
        return await self._until(lambda screen: _any(screen, texts, on), f"a message with {texts}")

    async def says(self, text: str, *texts: str, button: str = "") -> Shown:
        """Type, and see the answer below."""
        mine = await self.phone.type(text)
        return await self._until(
            lambda screen: (
                shown
                if (shown := _last(screen, texts, button)) and shown.message_id > mine.message_id
                else None
            ),
            f"an answer to {text!r} with {texts} {button}",
        )

    async def screen(self) -> Screen:
        return await self.phone.screen()

    async def message(self, message_id: int) -> Shown:
        """A message as shown now."""
        shown = (await self.screen()).message(message_id)
        assert shown is not None
        return shown

    async def document(self, *texts: str, after: int = 0) -> tuple[Shown, bytes]:
        """Wait for a document below message `after` whose caption holds these; returns it, its bytes."""
        shown = await self._until(
            lambda screen: next(
                (
                    message
                    for message in reversed(screen.from_bot)
                    if message.kind == "document"
                    and message.message_id > after
                    and all(text in message.text for text in texts)
                ),
                None,
            ),
            f"a document with {texts}",
        )
        return shown, await self.phone.download(shown)

    async def _until(self, predicate: Callable[[Screen], T | None], what: str) -> T:
        try:
            return await self.phone.wait_for(predicate, PATIENCE)
        except TimeoutError:
            raise AssertionError(f"not seen: {what}\n{picture(await self.screen())}") from None


def picture(screen: Screen) -> str:
    """The end of the chat as text, for a failed test."""
    lines = []
    for message in screen.messages[-6:]:
        lines.append(f"{'bot' if message.from_bot else 'me '} | {message.text}")
        lines += [f"    | {' '.join(f'[{button.text}]' for button in row)}" for row in message.rows]
    return "\n".join(lines)


def _button(screen: Screen, label: str, on: Shown | None) -> tuple[Shown, str] | None:
    for message in reversed(screen.from_bot):
        if on is None or message.message_id == on.message_id:
            for button in message.buttons:
                if label in button.text and button.data is not None:
                    return message, button.text
    return None


def _last(screen: Screen, texts: tuple[str, ...], button: str) -> Shown | None:
    if not screen.from_bot:
        return None
    last = screen.from_bot[-1]
    pressed = any(button in label for label in last.labels) if button else True
    return last if pressed and all(text in last.text for text in texts) else None


def _any(screen: Screen, texts: tuple[str, ...], on: Shown | None) -> Shown | None:
    return next(
        (
            shown
            for shown in reversed(screen.from_bot)
            if all(text in shown.text for text in texts) and (on is None or on.message_id == shown.message_id)
        ),
        None,
    )


@dataclass
class World:
    """A local Bot API, the demo's people, and the bot's own database; the bot can be stopped and started."""

    api: LocalBotApi
    bot: Bot
    people: tuple[User, ...]
    settings: Settings
    ports: Ports
    clock: ManualClock | None = None
    allowed_errors: set[str] = field(default_factory=set)
    """Events that a test provokes, and that may therefore stand in the log as errors."""
    log: io.StringIO = field(default_factory=io.StringIO)
    app: App | None = None
    _running: AsyncExitStack | None = None

    async def start(self, roles: Collection[ProcessRole] = ALL) -> App:
        """Start the bot, with all its roles or some."""
        self._running = AsyncExitStack()
        self.app = await self._running.enter_async_context(
            application.running(self.settings, self.ports, roles)
        )
        return self.app

    async def stop(self) -> None:
        """Stop the bot in good order."""
        if self._running is not None:
            await self._running.aclose()
        self._running, self.app = None, None

    @property
    def database(self) -> Database:
        """The running bot's database."""
        if self.app is None:
            raise RuntimeError("the bot does not run")
        return self.app.database

    @asynccontextmanager
    async def chat(self, person: int = 0) -> AsyncIterator[Chat]:
        """The chat of one of the demo's people."""
        async with Chat(UserClient(self.api.base_url, self.people[person].id)) as chat:
            yield chat

    def later(self, step: timedelta) -> None:
        """Let time pass."""
        if self.clock is None:
            raise RuntimeError("this world runs on the machine's clock")
        self.clock.advance(step)

    def forge(self, data: str, *, person: int = 0, message_id: int) -> None:
        """Press as no app would: any data, on a message of the person's private chat."""
        user = self.people[person]
        chat = self.api.world.private_chat(self.bot, user)
        self.api.world.press(chat.messages[message_id], user, data)

    async def settled(self) -> None:
        """Wait until every update is answered and every answer is shown."""

        async def quiet() -> bool:
            return not len(self.bot.updates) and not await self.database.long_read(_under_way)

        await _until(quiet)

    async def logged(self, name: str) -> None:
        """Wait until an event of this name stands in the log."""

        async def is_there() -> bool:
            return bool(self.events(name))

        await _until(is_there)

    async def noted(self, name: str, notes_of: Callable[[Database], Awaitable[Mapping[str, int]]]) -> None:
        """Wait until a feature has noted something."""

        async def is_there() -> bool:
            return name in await notes_of(self.database)

        await _until(is_there)

    async def audit(self, *actions: AuditAction, pod: str = "") -> list[AuditRecord]:
        """The entries of the audit, in order: all, or only these actions, or only about one POD."""
        about = Pod(pod, pod) if pod else None
        found = await self.database.long_read(lambda connection: list(search(connection, pod=about)))
        return [entry for entry in found if not actions or entry.action in actions]

    async def dialogue(self, person: int = 0) -> StoredDialogue | None:
        """The dialogue under way in the private chat of one of the people."""
        user_id = self.people[person].id
        destination = Destination(self.bot.id, user_id, 0, str(user_id))
        return await self.database.long_read(
            lambda connection: dialogues.current(connection, destination, user_id)
        )

    async def give_staff_role(self, role: StaffRole, user_id: int | None = None) -> None:
        """Give a role among the staff to a Telegram user, the first persona unless told otherwise."""
        user = self.api.world.users[user_id or self.people[0].id]

        def give(connection: Connection) -> None:
            identity.add_staff(
                connection,
                telegram_user_id=user.id,
                display_name=user.first_name,
                role=role,
                at=datetime.now(UTC),
            )

        await self.database.write(give)

    def events(self, name: str = "") -> list[dict[str, Any]]:
        """The events logged so far, or those of one name."""
        entries = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [entry for entry in entries if not name or entry.get("event") == name]

    def errors(self) -> list[dict[str, Any]]:
        """The errors in the log that the test did not provoke."""
        return [
            entry
            for entry in self.events()
            if entry.get("level") in ("error", "critical") and entry.get("event") not in self.allowed_errors
        ]


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition that sends no signal. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 - a row in a database sets no event
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _under_way(connection: Connection) -> int:
    """The number of rows still to be worked, made or shown."""
    waiting = (
        select(func.count()).select_from(inbox).where(inbox.c.state == RowState.WAITING),
        select(func.count()).select_from(jobs).where(jobs.c.state.in_((JobState.WAITING, JobState.RUNNING))),
        select(func.count()).select_from(posts).where(posts.c.state.in_(UNSENT)),
        select(func.count()).select_from(staff_events),
    )
    return sum(connection.scalar(query) or 0 for query in waiting)


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Switchboard:
    """The connection to another central system, which a test can delay or break."""

    def __init__(self, make: Callable[[CentralSystem], CentralSystem]) -> None:
        self._make = make
        self._inner: CentralSystem | None = None
        self._gates: dict[str, asyncio.Event] = {}
        self._failures = Counter[str]()
        self.broken = False
        """Whether asking fails inside of the turn, where nothing should."""

    def __call__(self, inner: CentralSystem) -> Self:
        """Connect: each start of the bot brings its own central system."""
        self._inner = self._make(inner)
        return self

    @property
    def inner(self) -> CentralSystem:
        if self._inner is None:
            raise RuntimeError("the bot was never started")
        return self._inner

    def hold(self, *pods: str) -> asyncio.Event:
        """Answer these PODs over the network from now on, and only once the returned gate is opened."""
        gate = asyncio.Event()
        self._gates |= {Pod(pod, pod).point: gate for pod in pods}
        return gate

    def fail(self, pod: str, times: int) -> None:
        """Answer this POD over the network from now on, and not at all these next times."""
        self._failures[Pod(pod, pod).point] = times

    def is_local(self, pod: Pod) -> bool:
        """Raises RuntimeError while the line is broken."""
        if self.broken:
            raise RuntimeError("the line is broken")
        remote = pod.point in self._gates or pod.point in self._failures
        return not remote and self.inner.is_local(pod)

    async def look_up(self, pod: Pod) -> CentralAnswer:
        """See `CentralSystem`."""
        if (gate := self._gates.get(pod.point)) is not None:
            await gate.wait()
        if self._failures[pod.point]:
            self._failures[pod.point] -= 1
            raise CentralUnavailable("it fails as often as it was told to")
        return await self.inner.look_up(pod)


@asynccontextmanager
async def world_in(
    folder: Path, ports: Ports, *, template: Path, database_url: str = "", **settings: object
) -> AsyncIterator[World]:
    """A world whose bot runs on a copy of the folder `template`. Fails on errors that nobody provoked."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    async with stage(limits=False) as (api, bot, people):
        world = World(api, bot, people, settings_for(api, bot, folder, database_url, **settings), ports)
        logs.configure("json", "info", world.log)
        try:
            await world.start()
            yield world
        finally:
            await world.stop()
            logs.configure("console", "error")
        if errors := world.errors():
            raise AssertionError("\n".join(json.dumps(error, indent=1) for error in errors))
