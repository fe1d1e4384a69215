"""A session to play on both databases, each time on a copy of the same world."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.crash.processes import ForkServer
from tests.crash.session import Account, KillPoint, Play, play
from tests.fixtures.worlds import Prepared

POSTGRES_TEMPLATE = "a486_crash_world"


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    folder = Path(tempfile.mkdtemp(prefix="a486-crash-"))
    yield Prepared(folder)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
async def play_one(request: pytest.FixtureRequest, prepared: Prepared) -> AsyncIterator[Play]:
    """Plays one session on a database of its own."""
    if request.param == "sqlite":
        template = await prepared.template("sqlite")
        yield partial(play, template=template)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    if "postgresql" not in prepared:
        await prepared.template("postgresql", await server.add_template(POSTGRES_TEMPLATE))
    folder_template = await prepared.template("postgresql")

    async def on_postgresql(point: KillPoint, bots: ForkServer, folder: Path) -> Account:
        async with server.fresh(POSTGRES_TEMPLATE) as url:
            return await play(point, bots, folder, folder_template, url)

    yield on_postgresql
