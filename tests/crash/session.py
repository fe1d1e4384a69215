"""One session of a person with a bot that suffers one fault."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from backend.core.db.database import Database
from sandbox.client import UserClient
from sandbox.demo import stage
from sandbox.faults import Fault
from sandbox.history import History
from tests.acceptance import probe
from tests.crash import checker
from tests.crash.bot import Death, DiskError, Order, When
from tests.crash.person import Person
from tests.crash.processes import ForkServer, Supervised, fork_servers, supervised
from tests.support import PATIENCE, Chat

PROVOKED = {"database.unavailable"}
"""Errors that a failing disk brings about."""

HEALTHY = DiskError()

PROBED = {("pioggia delivered", 1), ("counted", 1), ("told", 1)}
"""What the tests' own feature has noted at the end: each once, whatever happened."""

AT_ONCE = 6
"""Sessions at the same time: most of each is waiting, for leases to run out or for another try."""


@dataclass(frozen=True)
class KillPoint:
    """The process dies at its `nth` commit, just before it or just after it. 0 = it lives."""

    nth: int = 0
    when: When = "before"
    fault: Fault | None = None
    """What goes wrong between the bot and its users."""
    disk: DiskError = HEALTHY
    """What the disk does."""

    def __str__(self) -> str:
        if self.disk.nth:
            return f"disk error {self.disk.at} {self.disk.nth}"
        if self.fault is not None:
            return f"{self.fault.kind} {self.fault.of} {self.fault.spared + 1}"
        return f"{self.when} commit {self.nth}"


@dataclass(frozen=True)
class Account:
    """The outcome of a session."""

    point: KillPoint
    killed: bool
    struck: bool
    """Whether the fault happened."""
    tables: tuple[str, ...]
    """What the deadly transaction wrote to."""
    uncertain: int
    """First sends that may have arrived before the death."""
    seconds: float
    flaws: tuple[str, ...]

    @property
    def happened(self) -> bool:
        """True if the ordered fault happened."""
        return self.killed or self.struck

    def __str__(self) -> str:
        return "\n  ".join([f"{self.point} ({', '.join(self.tables)})", *self.flaws])


async def play(
    point: KillPoint, server: ForkServer, folder: Path, template: Path, database_url: str = ""
) -> Account:
    """Play the whole session on a copy of `template`, and check the outcome."""
    shutil.copytree(template, folder)
    began = time.monotonic()
    flaws: list[str] = []
    async with AsyncExitStack() as stack:
        history = History()
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        api.faults.switch([point.fault] if point.fault is not None else [])
        url = database_url or f"sqlite:///{folder / 'a486.db'}"
        database = await stack.enter_async_context(Database(url))
        chat = await stack.enter_async_context(Chat(UserClient(api.base_url, people[0].id)))
        await database.write(lambda connection: probe.notes.create(connection))
        before = await database.long_read(checker.Before.read)
        person = Person(chat)
        order = Order(
            token=bot.token,
            api=api.base_url,
            folder=str(folder),
            database_url=database_url,
            notes=str(folder / "killed"),
            disk=point.disk,
        )
        async with supervised(server, order, [Death(point.nth, point.when)]) as process:
            try:
                await person.session()
                await finished(database, history)
            except AssertionError as error:
                flaws.append(str(error))
            # If a sender ends before it can note an edit, the edit is made once more at the next start.
            screen, (uncertain, _) = await chat.screen(), noted(folder)
            noted_once = await probe.notes_of(database)
            result = await database.long_read(
                partial(checker.flaws, before=before, screen=screen, taken_over=uncertain, history=history)
            )
        if set(noted_once.items()) != PROBED:
            flaws.append(f"the feature has noted {noted_once}")
        doubled = sum(number for name, number in api.faults.happened.items() if name.startswith("anew "))
        if len(history.updates) != person.did + doubled:
            flaws.append(
                f"{person.did} doings made {len(history.updates)} updates, {doubled} of them doubled"
            )
        unanswered = checker.unanswered(history)
        if len(unanswered) > process.killed:  # a bot killed between storing a press and answering it cannot
            flaws.append(f"presses never answered: {unanswered}")
        flaws += noted(folder)[1] + result + odd_ends(process)
    struck = bool(api.faults.happened or process.tables())
    return concluded(folder, point, process, uncertain, began, flaws, struck=struck)


def concluded(
    folder: Path,
    point: KillPoint,
    process: Supervised,
    uncertain: int,
    began: float,
    flaws: Iterable[str],
    *,
    struck: bool = False,
) -> Account:
    """The account of a session that `began` (monotonic, seconds); its folder is removed."""
    account = Account(
        point=point,
        killed=process.killed,
        struck=struck,
        tables=tuple(process.tables()),
        uncertain=uncertain,
        seconds=time.monotonic() - began,
        flaws=tuple(flaws),
    )
    shutil.rmtree(folder)
    return account


Play = Callable[[KillPoint, ForkServer, Path], Awaitable[Account]]


async def play_all(series: Iterable[Iterator[KillPoint]], play_one: Play, folder: Path) -> list[Account]:
    """Play the sessions, some at the same time; a series ends with the first session without a fault."""
    accounts: list[Account] = []
    left = deque(series)
    async with fork_servers(AT_ONCE) as servers:

        async def go_through() -> None:
            server = await servers.get()
            while left:
                points = left[0]
                left.rotate(-1)
                account = None
                if (point := next(points, None)) is not None:
                    account = await play_one(point, server, folder / str(point).replace(" ", "-"))
                    accounts.append(account)
                if (account is None or not account.happened) and points in left:
                    left.remove(points)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(go_through())
    return accounts


def flawed(accounts: list[Account]) -> str:
    """The flaws and errors; empty if there are none."""
    return "\n".join(str(account) for account in accounts if account.flaws)


async def finished(database: Database, history: History, patience: float = PATIENCE) -> None:
    """Wait until everything to be delivered is there, and no work is left. Another process
    does the work: its rows are all there is to see.
    """

    def unfinished(connection: Connection) -> object:
        return checker.updates_stored(connection, history) or checker.left_over(connection)

    until = time.monotonic() + patience
    while left := await database.long_read(unfinished):
        if time.monotonic() > until:
            raise AssertionError(f"never finished: {left}")
        await asyncio.sleep(0.05)


def noted(folder: Path) -> tuple[int, list[str]]:
    """The number of first sends that a new sender found begun by a dead one, or that a move of the chat found
    under way, and the log's errors.
    """
    entries = [json.loads(line) for line in (folder / "bot.log").read_text().splitlines()]
    uncertain = ("sender.uncertain_posts", "posts.sent_anew")
    taken_over = sum(entry["number"] for entry in entries if entry["event"] in uncertain)
    errors = [
        json.dumps(entry)
        for entry in entries
        if entry["level"] in ("error", "critical") and entry["event"] not in PROVOKED
    ]
    return taken_over, errors


def odd_ends(process: Supervised) -> list[str]:
    """Unexpected ends: neither in good order nor by our kill (SIGTERM: asked to stop before it had begun)."""
    odd = [code for code in process.ended if code not in (0, -signal.SIGKILL, -signal.SIGTERM)]
    return [f"a process ended with {code}" for code in odd] + ["it did not stop"] * process.hung
