"""The demo's world, ready in a moment: prepared once, copied for each test, on both databases."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.core.clock import ManualClock
from bot.core.feature import RunningFeature
from conversations.core.feature import Feature
from conversations.product import FEATURES
from sandbox import demo
from tests.conftest import PostgresServer
from tests.support import Chat, Switchboard, World, world_in

WORLD_TEMPLATE = "a486_world"


class Prepared:
    """The prepared worlds of the session, one for each kind of database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}

    async def template(self, kind: str, database_url: str = "") -> Path:
        """The folder to copy from; for PostgreSQL the database at `database_url` is filled too."""
        if kind not in self._made:
            folder = self._folder / kind
            folder.mkdir()
            async with demo.stage() as (api, bot, people):
                settings = demo.settings_for(api, bot, folder, database_url)
                await demo.prepare(settings, [person.id for person in people])
            self._made[kind] = folder
        return self._made[kind]

    async def copy(self, kind: str, folder: Path) -> Path:
        """A copy of the template, of its own."""
        shutil.copytree(await self.template(kind), folder)
        return folder

    def __contains__(self, kind: str) -> bool:
        return kind in self._made


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    folder = Path(tempfile.mkdtemp(prefix="a486-worlds-"))
    yield Prepared(folder)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> ManualClock:
    """The clock of the bot, which stands still until the test moves it."""
    return ManualClock(datetime.now(UTC))


@pytest.fixture
def central() -> Switchboard:
    """The demo's central system, which the test can hold up or break."""
    return Switchboard(demo.ports().central)


@pytest.fixture
def features() -> Sequence[Feature]:
    """What the bot can do; a test may add features of its own."""
    return FEATURES


@pytest.fixture
def running() -> Sequence[RunningFeature]:
    """What runs beside the product's own features."""
    return ()


@pytest.fixture
async def world(
    request: pytest.FixtureRequest,
    database_kind: str,
    prepared: Prepared,
    home: Path,
    clock: ManualClock,
    central: Switchboard,
    features: Sequence[Feature],
    running: Sequence[RunningFeature],
) -> AsyncIterator[World]:
    """The demo's world with the bot running; its clock is the test's."""
    ports = replace(
        demo.ports(limits=False), clock=clock, central=central, features=features, running=running
    )
    async with AsyncExitStack() as stack:
        database_url = ""
        if database_kind == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            if "postgresql" not in prepared:
                await prepared.template("postgresql", await server.add_template(WORLD_TEMPLATE))
            database_url = await stack.enter_async_context(server.fresh(WORLD_TEMPLATE))
        template = await prepared.template(database_kind)
        made = await stack.enter_async_context(
            world_in(home, ports, template=template, database_url=database_url)
        )
        made.clock = clock
        yield made


@pytest.fixture
async def chat(world: World) -> AsyncIterator[Chat]:
    """The first persona: a configurator of Impianti Demo, who has not accepted the declaration yet."""
    async with world.chat() as chat:
        yield chat


@pytest.fixture
async def colleague(world: World) -> AsyncIterator[Chat]:
    """The second persona, who acts for the same integrator and has accepted the declaration."""
    async with world.chat(1) as chat:
        yield await declare(chat)


@pytest.fixture
async def rival(world: World) -> AsyncIterator[Chat]:
    """The third persona, who acts for another integrator, in English, and has accepted the declaration."""
    async with world.chat(2) as chat:
        await chat.says("/start", "Paste a POD")
        await chat.press("Recent PODs")
        await chat.press("I accept")
        await chat.sees("You have not looked up")
        yield chat


@pytest.fixture
async def declared(chat: Chat) -> Chat:
    """The same person, after accepting the declaration."""
    return await declare(chat)


async def declare(chat: Chat) -> Chat:
    """Accept the declaration in Italian, with nothing looked up yet."""
    await chat.says("/start", "Incolla un POD")
    await chat.press("Ultimi POD")
    await chat.press("Accetto")
    await chat.sees("Non hai ancora cercato")
    return chat
