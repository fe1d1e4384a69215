"""`kill -9` of the bot at commits of a session: nothing is lost or done twice, and the chat goes on."""

from __future__ import annotations

import asyncio
import itertools
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.conftest import Prepared
from tests.conftest import PostgresServer
from tests.crash.bot import When
from tests.crash.processes import ForkServer, fork_servers
from tests.crash.session import Account, KillPoint, play

COMMITS = 80
"""Commits that every session has at least; each has some more by the clock."""
SEED = 486
SIDES: tuple[When, ...] = ("before", "after")
AT_ONCE = 6
"""Sessions at the same time: most of each is waiting for a dead process's leases to run out."""
POSTGRES_TEMPLATE = "a486_crash_world"

Play = Callable[[KillPoint, ForkServer, Path], Awaitable[Account]]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Prepared]:
    folder = Path(tempfile.mkdtemp(prefix="a486-crash-"))
    yield Prepared(folder)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
async def play_one(
    request: pytest.FixtureRequest, prepared: Prepared
) -> AsyncIterator[Callable[[KillPoint, ForkServer, Path], Awaitable[Account]]]:
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


def sample(number: int, seed: int) -> list[KillPoint]:
    """So many kill points, spread evenly over the session, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    width = COMMITS // number
    return [
        KillPoint(1 + index * width + chance.randrange(width), SIDES[index % 2]) for index in range(number)
    ]


async def play_all(points: Iterator[KillPoint], play_one: Play, folder: Path) -> list[Account]:
    """Play the sessions, some at the same time; on a side where one survived its point, no commit is left."""
    accounts: list[Account] = []
    over: set[str] = set()
    async with fork_servers(AT_ONCE) as servers:

        async def go_through() -> None:
            server = await servers.get()
            for point in points:
                if point.when in over:
                    if len(over) == len(SIDES):
                        break
                    continue
                account = await play_one(point, server, folder / f"{point.when}-{point.nth}")
                accounts.append(account)
                if not account.killed:
                    over.add(point.when)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(go_through())
    return accounts


def flawed(accounts: list[Account]) -> str:
    return "\n".join(str(account) for account in accounts if account.flaws)


@pytest.fixture
def sampled(request: pytest.FixtureRequest) -> list[KillPoint]:
    """Kill points for every run of the tests; PostgreSQL's are fewer, since the code is the same."""
    return sample(12 if request.node.callspec.params["play_one"] == "sqlite" else 4, SEED)


@pytest.mark.timeout(180)  # a dozen sessions, each with a death in it
async def test_a_bot_killed_at_a_commit_loses_nothing_and_does_nothing_twice(
    play_one: Play, sampled: list[KillPoint], tmp_path: Path
) -> None:
    accounts = await play_all(iter(sampled), play_one, tmp_path)

    assert flawed(accounts) == ""
    assert [account.point for account in accounts if not account.killed] == []


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_a_bot_can_be_killed_at_every_commit_of_a_session(
    play_one: Play, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    points = (KillPoint(nth, when) for nth in itertools.count(1) for when in SIDES)

    accounts = await play_all(points, play_one, tmp_path)

    _report(capsys, request.node.callspec.params["play_one"], accounts)
    assert flawed(accounts) == ""
    assert len([account for account in accounts if account.killed]) >= 2 * COMMITS


def _report(capsys: pytest.CaptureFixture[str], kind: str, accounts: list[Account]) -> None:
    """The figures, on the terminal."""
    killed = [account for account in accounts if account.killed]
    sides = ", ".join(f"{_number(killed, side)} {side}" for side in SIDES)
    touched = Counter(table for account in killed for table in account.tables)
    seconds = sorted(account.seconds for account in killed)
    flaws = sum(bool(each.flaws) for each in killed)
    uncertain = sum(each.uncertain for each in killed)
    lines = (
        f"{len(killed)} kills ({sides} a commit), {flaws} with flaws",
        f"{uncertain} uncertain sends, median session {seconds[len(seconds) // 2]:.1f} s",
        "deadly transactions wrote to "
        + ", ".join(f"{name} ({times})" for name, times in touched.most_common()),
    )
    with capsys.disabled():
        for line in lines:
            sys.stdout.write(f"\n{kind}: {line}")


def _number(killed: list[Account], side: When) -> int:
    return len([account for account in killed if account.point.when == side])
