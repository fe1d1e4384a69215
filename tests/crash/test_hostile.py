"""Updates bent at random, through the webhook: each is answered or passed over, and the bot works on.

`UPDATES` and `SEED` in the environment say how many, and with which chances.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text

from backend.core.db.database import Database
from bot.core.intake import SECRET_HEADER, WEBHOOK
from sandbox.client import UserClient
from sandbox.demo import stage
from sandbox.history import History
from tests.crash.bot import Order
from tests.crash.checker import counts
from tests.crash.fault_run import errors
from tests.crash.hostile import bent, encoded, real_updates
from tests.crash.processes import fork_servers, supervised
from tests.fixtures.worlds import Prepared
from tests.support import PATIENCE, Chat, free_port

UPDATES = int(os.environ.get("UPDATES", "100000"))
SEED = int(os.environ.get("SEED", "486"))
AT_ONCE = 32
LEFT = {
    "rows waiting": "SELECT count(*) FROM inbox WHERE state = 'waiting'",
    "jobs": "SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')",
    "posts": "SELECT count(*) FROM posts WHERE state NOT IN ('sent', 'dead')",
}
GROWTH_MB = 48
"""So much more memory may be in use at the end than after the first fifth."""


@dataclass
class Report:
    """The outcome of a bombardment."""

    answers: Counter[int]
    rows: Counter[str]
    seconds: float
    megabytes: list[float]
    """In use by the bot after each tenth."""
    errors: list[str]
    ends: list[int]
    """How processes ended before they were asked to."""


async def bombard(number: int, seed: int, prepared: Prepared, folder: Path) -> Report:
    """Deliver bent updates to a bot, let it finish, and ask it for something ordinary."""
    await prepared.copy("sqlite", folder)
    history = History()
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(fork_servers(1))
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        database = await stack.enter_async_context(Database(f"sqlite:///{folder / 'a486.db'}"))
        real = await real_updates(api, bot, people[0], history)
        port = free_port()
        order = Order(bot.token, api.base_url, str(folder), "", str(folder / "killed"), webhook_port=port)
        server = await servers.get()
        began = time.monotonic()
        async with supervised(server, order) as process, aiohttp.ClientSession() as session:
            chat = await stack.enter_async_context(Chat(UserClient(api.base_url, people[1].id)))
            await chat.says("/start", "Incolla un POD")
            updates = bent(real, people[0].id, number, seed)
            answers: Counter[int] = Counter()
            megabytes: list[float] = []

            async def deliver() -> None:
                for update in updates:
                    url = f"http://127.0.0.1:{port}{WEBHOOK}"
                    async with session.post(
                        url, data=encoded(update), headers={SECRET_HEADER: "segreto"}
                    ) as response:
                        answers[response.status] += 1
                    if answers.total() % (number // 10) == 0:
                        megabytes.append(server.megabytes())

            await asyncio.gather(*(deliver() for _ in range(AT_ONCE)))
            await _finished(database)
            seconds = time.monotonic() - began
            megabytes.append(server.megabytes())
            await chat.says("/aiuto", "Che cosa posso fare")
            ends = list(process.ended)
        rows = await database.long_read(
            lambda connection: Counter(connection.scalars(text("SELECT state FROM inbox")).all())
        )
    return Report(answers, rows, seconds, megabytes, errors(folder), ends)


async def _finished(database: Database) -> None:
    """Wait for the end, as long as there is progress."""
    last: dict[str, int] = {}
    until = time.monotonic() + PATIENCE
    while left := await database.long_read(lambda connection: counts(connection, LEFT)):
        if left != last:
            last, until = left, time.monotonic() + PATIENCE
        elif time.monotonic() > until:
            raise AssertionError(f"never finished: {left}")
        await asyncio.sleep(0.1)


def judge(report: Report, number: int) -> None:
    assert report.errors == []
    assert report.ends == []
    assert report.answers.total() == number
    assert set(report.answers) <= {200, 400}
    assert report.rows["ended"] > number / 4
    assert set(report.rows) <= {"ended", "set_aside"}


@pytest.mark.timeout(180)
async def test_bent_updates_break_nothing(prepared: Prepared, tmp_path: Path) -> None:
    judge(await bombard(1500, SEED, prepared, tmp_path / "world"), 1500)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
async def test_very_many_bent_updates_break_nothing_and_leak_no_memory(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = await bombard(UPDATES, SEED, prepared, tmp_path / "world")

    growth = max(report.megabytes) - report.megabytes[1]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{UPDATES} bent updates in {report.seconds:.0f} s ({UPDATES / report.seconds:.0f}/s):"
            f" answers {dict(report.answers)}, rows {dict(report.rows)};"
            f" {max(report.megabytes):.0f} MB at most, {growth:+.0f} MB since the second tenth"
        )
    judge(report, UPDATES)
    assert growth < GROWTH_MB
