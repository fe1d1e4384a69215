"""Several processes on one PostgreSQL database: killed, stopped, added while people are at work."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend.core.db.database import Database
from bot.core.roles import ProcessRole
from sandbox import showcase
from sandbox.client import UserClient
from sandbox.demo import stage
from sandbox.history import History
from tests.acceptance import probe
from tests.conftest import PostgresServer
from tests.crash import checker, verdict
from tests.crash.bot import Order
from tests.crash.conftest import POSTGRES_TEMPLATE
from tests.crash.fault_run import quiet
from tests.crash.person import Person
from tests.crash.processes import ForkServer, Supervised, fork_servers, supervised
from tests.fixtures.worlds import Prepared
from tests.support import PATIENCE, Chat

ELSEWHERE = [role for role in ProcessRole if role is not ProcessRole.INTAKE]
LEADERS = ("poller", "sender", "scheduler", "sealer")
TAKEN_OVER_SECONDS = 5.0
"""What is promised; in `make test` a busy machine has four times as long."""


@dataclass
class Fleet:
    """Processes that share one database, and people who use the bot."""

    chats: list[Chat]
    database: Database
    history: History
    order: Order
    stack: AsyncExitStack
    servers: asyncio.Queue[ForkServer]
    running: dict[str, tuple[ForkServer, Supervised]] = field(default_factory=dict)
    doubts: list[float] = field(default_factory=list)
    """When a process may have been in the middle of something (monotonic, seconds)."""

    async def add(self, name: str, roles: Iterable[str] = ProcessRole) -> None:
        """Start another process."""
        server = self.servers.get_nowait()
        order = Order(**{**vars(self.order), "name": name, "roles": tuple(roles)})
        self.running[name] = (server, await self.stack.enter_async_context(supervised(server, order)))
        await self.logged(name, "bot.started")

    def events(self, name: str, event: str) -> list[dict[str, str]]:
        """The entries that a process logged under this event."""
        log = Path(self.order.folder, f"{name}.log")
        lines = log.read_text().splitlines() if log.exists() else []
        entries = [json.loads(line) for line in lines if line.endswith("}")]
        return [entry for entry in entries if entry["event"] == event]

    async def logged(self, name: str, event: str, *, more_than: int = 0) -> None:
        until = time.monotonic() + PATIENCE
        while len(self.events(name, event)) <= more_than:
            if time.monotonic() > until:
                raise AssertionError(f"{name} never logged {event}")
            await asyncio.sleep(0.02)

    def elections(self, election: str) -> list[tuple[str, str]]:
        """The times at which leadership was acquired, with the process; the latest last."""
        return sorted(
            (entry["timestamp"], name)
            for name in self.running
            for entry in self.events(name, "leadership.acquired")
            if entry["election"] == election
        )

    def holder(self, election: str) -> str:
        """The latest leader."""
        return self.elections(election)[-1][1]

    def send(self, name: str, how: signal.Signals) -> None:
        self.doubts.append(time.monotonic())
        self.running[name][0].send(how)

    async def taken_over(self, name: str, how: signal.Signals) -> float:
        """Kill or stop a process, and wait until other processes lead; returns the seconds needed.

        A process that is started again may win.
        """
        known = {
            election: len(self.elections(election)) for election in LEADERS if self.holder(election) == name
        }
        began = time.monotonic()
        self.send(name, how)
        while waiting := [election for election in known if len(self.elections(election)) == known[election]]:
            if time.monotonic() > began + 4 * TAKEN_OVER_SECONDS:
                raise AssertionError(f"nobody took {waiting} from {name}")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def flaws(self) -> list[str]:
        await quiet(self.database)
        screens = {chat.phone.user_id: await chat.screen() for chat in self.chats}
        witness = verdict.Witness(self.history, self.doubts, screens)
        return await self.database.long_read(lambda connection: verdict.flaws(connection, witness))


@asynccontextmanager
async def a_fleet(
    prepared: Prepared, postgres: PostgresServer, folder: Path, processes: int, **details: Any
) -> AsyncIterator[Fleet]:
    """A database with the demo's world, people, and room for this number of processes; none runs yet.

    `details` are fields of each process's `Order`.
    """
    if "postgresql" not in prepared:
        await prepared.template("postgresql", await postgres.add_template(POSTGRES_TEMPLATE))
    await prepared.copy("postgresql", folder)
    history = History()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(postgres.fresh(POSTGRES_TEMPLATE))
        servers = await stack.enter_async_context(fork_servers(processes))
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        database = await stack.enter_async_context(Database(url))
        chats = [
            await stack.enter_async_context(Chat(UserClient(api.base_url, person.id)))
            for person in people[:2]
        ]
        order = Order(bot.token, api.base_url, str(folder), url, str(folder / "killed"), **details)
        async with AsyncExitStack() as processes_stack:
            yield Fleet(chats, database, history, order, processes_stack, servers)


async def begin(chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await chat.press("Ultimi POD")
    await chat.press("Accetto")
    await chat.sees("Non hai ancora cercato")


async def look_ups(chat: Chat, first: int, over: asyncio.Event) -> int:
    """Look up PODs, each after the answer to the one before; returns how many were answered."""
    number = 0
    while not over.is_set():
        pod = showcase.pod_number(first + number)
        await chat.says(pod, pod)
        number += 1
    return number


@pytest.mark.timeout(120)
async def test_each_role_can_run_in_a_process_of_its_own(
    prepared: Prepared, postgres: PostgresServer, tmp_path: Path
) -> None:
    async with a_fleet(prepared, postgres, tmp_path / "world", len(ProcessRole)) as fleet:
        await fleet.database.write(lambda connection: probe.notes.create(connection))
        before = await fleet.database.long_read(checker.Before.read)
        for role in ProcessRole:
            await fleet.add(role, [role])

        person = Person(fleet.chats[0])
        await person.session()
        await quiet(fleet.database)

        assert [fleet.holder(election) for election in LEADERS] == ["intake", "sender", "scheduler", "sealer"]
        assert len(fleet.events("worker", "turn.committed")) >= person.did
        screen = await fleet.chats[0].screen()
        assert (
            await fleet.database.long_read(
                lambda connection: checker.flaws(connection, before, screen, 0, fleet.history)
            )
            == []
        )


async def kill_the_holders(fleet: Fleet, rounds: int) -> list[float]:
    """Kill the leaders, over and over, while two people look up PODs; returns the seconds until
    others led.
    """
    seconds = []
    over = asyncio.Event()
    for name in ("one", "two"):
        await fleet.add(name)
    for chat in fleet.chats:
        await begin(chat)
    async with asyncio.TaskGroup() as group:
        workers = [
            group.create_task(look_ups(chat, 330 + 200 * number, over))
            for number, chat in enumerate(fleet.chats)
        ]
        for _ in range(rounds):
            victim = fleet.holder("sender")
            starts = len(fleet.events(victim, "bot.started"))
            seconds.append(await fleet.taken_over(victim, signal.SIGKILL))
            await fleet.logged(victim, "bot.started", more_than=starts)
            holder = fleet.holder("sender")
            await fleet.logged(holder, "post.shown", more_than=len(fleet.events(holder, "post.shown")))
        over.set()
    assert all(worker.result() > 0 for worker in workers)
    return seconds


@pytest.mark.timeout(120)
async def test_roles_of_a_killed_process_are_taken_over(
    prepared: Prepared, postgres: PostgresServer, tmp_path: Path
) -> None:
    async with a_fleet(prepared, postgres, tmp_path / "world", 2) as fleet:
        await kill_the_holders(fleet, 3)

        assert await fleet.flaws() == []


@pytest.mark.chaos
@pytest.mark.timeout(600)
async def test_roles_are_taken_over_in_time(
    prepared: Prepared, postgres: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_fleet(prepared, postgres, tmp_path / "world", 2, patient=True) as fleet:
        seconds = sorted(await kill_the_holders(fleet, 12))

        flaws = await fleet.flaws()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(seconds)} take-overs of all roles: median {seconds[len(seconds) // 2]:.1f} s,"
            f" longest {seconds[-1]:.1f} s; promised {TAKEN_OVER_SECONDS:.0f} s"
        )
    assert flaws == []
    assert seconds[-1] <= TAKEN_OVER_SECONDS


@pytest.mark.timeout(120)
async def test_a_sender_that_wakes_up_after_the_election_does_no_harm(
    prepared: Prepared, postgres: PostgresServer, tmp_path: Path
) -> None:
    async with a_fleet(prepared, postgres, tmp_path / "world", 2) as fleet:
        await fleet.add("one")
        await fleet.add("two")
        chat = fleet.chats[0]
        await begin(chat)
        for number in range(4):
            pod = showcase.pod_number(342 + number)
            sleeper = fleet.holder("sender")
            await chat.type(pod)
            await fleet.taken_over(sleeper, signal.SIGSTOP)  # at whatever point of the answer it is
            await chat.saw(pod)
            fleet.send(sleeper, signal.SIGCONT)
            await chat.says("/stato", "Configuratore · Impianti Demo")

        assert await fleet.flaws() == []


@pytest.mark.timeout(120)
async def test_a_process_added_while_people_are_at_work_takes_its_share(
    prepared: Prepared, postgres: PostgresServer, tmp_path: Path
) -> None:
    over = asyncio.Event()
    # With one worker each, two people need both processes: else chance decides which one works.
    async with a_fleet(prepared, postgres, tmp_path / "world", 3, workers=1) as fleet:
        # Whoever asks for updates works the turns that need no worker.
        await fleet.add("intake", [ProcessRole.INTAKE])
        await fleet.add("one", ELSEWHERE)
        for chat in fleet.chats:
            await begin(chat)
        async with asyncio.TaskGroup() as group:
            workers = [
                group.create_task(look_ups(chat, 330 + 200 * number, over))
                for number, chat in enumerate(fleet.chats)
            ]
            await fleet.logged("one", "turn.committed", more_than=10)
            await fleet.add("two", ELSEWHERE)
            await fleet.logged("two", "turn.committed", more_than=5)
            over.set()

        assert all(worker.result() > 0 for worker in workers)
        assert await fleet.flaws() == []
