"""The worker, through the chat: turns that take too long, and turns that a stop breaks off."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, select
from telegram import Bot

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.inbox.models import inbox, lanes
from backend.core.inbox.values import Lease, Row
from backend.core.outbox import service as outbox
from backend.supplies.central import CentralSystem
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer
from bot.app import Ports
from bot.core.intake import Store
from bot.core.turns.outage import Outage
from bot.core.turns.turn import Turns
from bot.core.turns.worker import Worker
from conversations.core.context import Services
from conversations.core.engine import Engine
from sandbox import showcase
from tests.conftest import PostgresServer
from tests.fixtures.worlds import Prepared
from tests.statements import at_the_door
from tests.support import Chat, World, world_in

WORLD_TEMPLATE = "a486_worker_world"
POD = showcase.cases()[0].pod


@dataclass
class Gate:
    """A central system that calls itself local and answers only while the gate is open."""

    inner: CentralSystem | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    patience: int = 0
    """How many questions are left waiting before the gate opens by itself; 0 = it does not."""
    questions: int = 0

    def around(self, inner: CentralSystem) -> CentralSystem:
        self.inner = inner
        return self

    def is_local(self, pod: Pod) -> bool:
        return True

    async def look_up(self, pod: Pod) -> CentralAnswer:
        if self.inner is None:
            raise RuntimeError("there is nothing behind the gate")
        self.questions += 1
        self.asked.set()
        if self.patience and self.questions > self.patience:
            self.open.set()
        await self.open.wait()
        return await self.inner.look_up(pod)


@pytest.fixture(scope="module")
def prepared() -> Iterator[Prepared]:
    folder = Path(tempfile.mkdtemp(prefix="a486-worker-"))
    yield Prepared(folder)
    shutil.rmtree(folder)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def turn_seconds() -> float:
    """The time limit for a turn, short if a test waits for it to pass."""
    return 0.5


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(
    request: pytest.FixtureRequest, prepared: Prepared, gate: Gate, turn_seconds: float, tmp_path: Path
) -> AsyncIterator[World]:
    """The demo's world behind the gate."""
    async with AsyncExitStack() as stack:
        database_url = ""
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            if "postgresql" not in prepared:
                await prepared.template("postgresql", await server.add_template(WORLD_TEMPLATE))
            database_url = await stack.enter_async_context(server.fresh(WORLD_TEMPLATE))
        yield await stack.enter_async_context(
            world_in(
                tmp_path / "world",
                Ports(central=gate.around, limits=False),
                template=await prepared.template(request.param),
                database_url=database_url,
                turn_seconds=turn_seconds,
            )
        )


@asynccontextmanager
async def declared(world: World) -> AsyncIterator[Chat]:
    """A person who has accepted the declaration."""
    async with world.chat() as chat:
        await chat.says("/start", "Incolla un POD")
        await chat.press("Ultimi POD")
        await chat.press("Accetto")
        await chat.sees("Non hai ancora cercato")
        yield chat


async def last_row(database: Database) -> Any:
    return await database.long_read(
        lambda connection: connection.execute(select(inbox).order_by(inbox.c.id.desc()).limit(1)).one()
    )


async def test_a_turn_that_takes_too_long_is_dead_lettered_after_three_attempts(
    world: World, gate: Gate
) -> None:
    world.allowed_errors.add("turn.failed")
    world.allowed_errors.add("turn.dead_lettered")
    async with declared(world) as chat:
        shown = await chat.says(POD, "Qualcosa è andato storto")
        row = await last_row(world.database)

        assert (row.state, row.payload["message"]["text"]) == ("set_aside", POD)
        assert row.reference in shown.text
        assert "TimeoutError" in row.error
        assert [event["attempt"] for event in world.events("turn.failed")] == [1, 2, 3]
        assert gate.questions == 1 + 3  # what must wait is begun anew by the worker
        await chat.says("/stato", "Impianti Demo")  # the lane goes on


async def test_a_turn_that_took_too_long_once_is_tried_again_and_answers_once(
    world: World, gate: Gate
) -> None:
    world.allowed_errors.add("turn.failed")
    gate.patience = 2  # the store's and the worker's first
    async with declared(world) as chat:
        await chat.says(POD, "Fornitura ammissibile")

        assert [event["attempt"] for event in world.events("turn.failed")] == [1]
        answers = [shown for shown in (await chat.screen()).from_bot if "Fornitura ammissibile" in shown.text]
        assert len(answers) == 1


@pytest.mark.parametrize("turn_seconds", [20.0])
async def test_a_stop_gives_the_lane_back_at_once_and_does_not_count_the_attempt(
    world: World, gate: Gate
) -> None:
    async with declared(world) as chat:
        await chat.type(POD)
        await gate.asked.wait()
        await world.stop()

        async with Database(world.settings.database) as database:
            lane = await database.long_read(_only_lane)
            assert (lane.token, lane.leased_until_ms, lane.attempts) == (None, 0, 0)
            assert lane.ready_at_ms is not None
            row = await last_row(database)
            assert (row.state, row.error) == ("waiting", None)

        gate.open.set()
        await world.start()
        await chat.sees("Fornitura ammissibile")
        assert world.events("turn.failed") == []


async def test_a_stop_during_a_claim_gives_the_lane_back(world: World) -> None:
    taking = set[str]()
    loop, here = asyncio.get_running_loop(), threading.get_ident()
    roles = [task for task in asyncio.all_tasks() if task.get_name() in ("role-poller", "role-worker")]

    def stop(stopped: threading.Event) -> None:
        for role in roles:
            role.cancel()
        stopped.set()

    def stopped_meanwhile(statement: str) -> None:
        if "UPDATE lanes" in statement and "attempts +" in statement:
            taking.add(statement)
        elif statement == "COMMIT" and taking:
            taking.clear()
            stopped = threading.Event()
            if threading.get_ident() == here:
                stop(stopped)
            else:
                loop.call_soon_threadsafe(stop, stopped)
            stopped.wait()

    at_the_door(world.database.engines.writer.dialect, stopped_meanwhile, lambda statement: None)
    async with world.chat() as chat:
        await chat.phone.type("/aiuto")
        assert len(roles) == 2
        await asyncio.wait(roles)

        lane = await world.database.long_read(_only_lane)
        assert (lane.token, lane.leased_until_ms, lane.attempts) == (None, 0, 0)
        assert lane.ready_at_ms is not None

        await world.stop()
        await world.start()
        await chat.sees("Che cosa posso fare")


async def test_simultaneous_updates_claim_no_more_lanes_than_there_are_workers(
    database: Database, clock: ManualClock, bot: Bot
) -> None:
    places, deliveries = 4, 12
    held, at_once, release = 0, 0, asyncio.Event()

    class Waiting(Worker):
        """A worker that holds every lane it claims until it is released."""

        async def _work_lane(self, lease: Lease, rows: Sequence[Row] | None) -> None:
            nonlocal held, at_once
            held += 1
            at_once = max(at_once, held)
            await release.wait()
            held -= 1
            await super()._work_lane(lease, rows)

    worker = Waiting(
        database,
        clock,
        Outage(bot),
        # The engine is never reached: these updates ask for nothing.
        Turns(database, bot, cast(Engine, None), cast(Services, None), outbox.migrate_chat),
        workers=places,
        turn_seconds=5,
        lease_seconds=30,
    )
    store = Store(database, clock, bot.id, Outage(bot))
    running = asyncio.create_task(worker.run())
    await asyncio.wait([running], timeout=0.05)
    try:
        await asyncio.gather(*(store.store([nobodys(number)]) for number in range(1, deliveries + 1)))
        async with asyncio.timeout(20):
            while held < places:
                await database.signals.wait("nothing", 0.02)
        release.set()
        async with asyncio.timeout(20):
            while await database.long_read(_lanes_with_work):
                await database.signals.wait("nothing", 0.02)
        assert at_once == places
    finally:
        release.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def nobodys(number: int) -> dict[str, Any]:
    """An update in its own chat that asks for nothing."""
    chat = {"id": number, "type": "private"}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat}}


def _lanes_with_work(connection: Connection) -> int:
    waiting = select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")
    return connection.scalar(waiting) or 0


def _only_lane(connection: Connection) -> Any:
    return connection.execute(select(lanes)).one()
