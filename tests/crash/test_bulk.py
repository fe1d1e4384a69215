"""`kill -9` of the bot while it processes a bulk request: each row has one outcome, and the request ends."""

from __future__ import annotations

import itertools
import random
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from backend.core.db.database import Database
from backend.identity.values import Actor
from sandbox.client import UserClient
from sandbox.demo import stage
from sandbox.history import History
from tests.bulk.sheets import good
from tests.bulk.test_requests import races
from tests.conftest import PostgresServer
from tests.crash import checker
from tests.crash.bot import Death, Order
from tests.crash.conftest import POSTGRES_TEMPLATE
from tests.crash.person import START_PATIENCE, Person
from tests.crash.processes import ForkServer, supervised
from tests.crash.session import (
    Account,
    KillPoint,
    Play,
    concluded,
    finished,
    flawed,
    noted,
    odd_ends,
    play_all,
)
from tests.crash.test_kill import SIDES, every
from tests.fixtures.worlds import Prepared
from tests.support import Chat

COMMITS = 32
PATIENCE = 90.0
"""Commits that every session has at least."""
SEED = 486

BROKEN = {
    "rows without an outcome": "SELECT count(*) FROM bulk_rows WHERE state <> 'created'",
    "associations beside their rows": (
        "SELECT count(*) FROM associations WHERE id NOT IN (SELECT association_id FROM bulk_rows)"
        " AND id IN (SELECT association_id FROM audit_entries WHERE action = 'association-created'"
        "  AND correlation IN (SELECT correlation FROM inbox))"
    ),
    "rows of one association": (
        "SELECT count(association_id) - count(DISTINCT association_id) FROM bulk_rows"
    ),
    "associations audited twice": (
        "SELECT count(*) FROM (SELECT association_id FROM audit_entries WHERE action = 'association-created'"
        " GROUP BY association_id HAVING count(*) > 1) AS twice"
    ),
    "SCP files not ready": (
        "SELECT count(*) FROM bulk_rows WHERE NOT EXISTS (SELECT 1 FROM scp_files"
        " WHERE scp_files.association_id = bulk_rows.association_id AND state = 'ready')"
    ),
    "SCP files made twice": "SELECT count(*) - count(DISTINCT association_id) FROM scp_files",
    "requests not done": "SELECT count(*) FROM bulk_requests WHERE state <> 'done' OR \"left\" <> 0",
    "files checked twice": "SELECT count(*) - 1 FROM bulk_uploads",
    "requests made twice": "SELECT count(*) - 1 FROM bulk_requests",
    "notices too many": "SELECT count(*) - 1 FROM notices WHERE kind = 'bulk_done'",
}
"""What must come to nothing."""


async def play(
    point: KillPoint, server: ForkServer, folder: Path, template: Path, url: str = "", *, rows: int
) -> Account:
    """Load a file of so many rows with a death on the way, and check every row."""
    shutil.copytree(template, folder)
    began = time.monotonic()
    flaws: list[str] = []
    async with AsyncExitStack() as stack:
        history = History()
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        database = await stack.enter_async_context(Database(url or f"sqlite:///{folder / 'a486.db'}"))
        chat = await stack.enter_async_context(Chat(UserClient(api.base_url, people[0].id)))
        person = Person(chat)
        order = Order(bot.token, api.base_url, str(folder), url, str(folder / "killed"))
        async with supervised(server, order, [Death(point.nth, point.when)]) as process:
            try:
                await person.type("/massiva", "dichiari", patience=START_PATIENCE)
                await person.press("Accetto", "Configurazione massiva")
                await chat.phone.send_file(good(rows), name="impianti.csv")
                await person.press("Carica le", "Richiesta n.")
                await finished(database, history, PATIENCE)
            except AssertionError as error:
                flaws.append(str(error))
            screen = await chat.screen()
        uncertain, errors = noted(folder)
        flaws += await database.long_read(partial(_flaws, rows=rows, history=history))
        told = sum(
            re.search(r"Richiesta n. \d+ elaborata", message.text) is not None for message in screen.from_bot
        )
        if not 1 <= told <= 1 + uncertain + len(checker.lost_sends(history)):
            flaws.append(f"told {told} times that the request is done")
        flaws += errors + odd_ends(process)
    return concluded(folder, point, process, uncertain, began, flaws)


def _flaws(connection: Connection, rows: int, history: History) -> list[str]:
    found = [f"{name}: {number}" for name, number in checker.counts(connection, BROKEN).items()]
    stored = connection.scalar(text("SELECT count(*) FROM bulk_rows"))
    if stored != rows:
        found.append(f"{stored} rows of {rows}")
    return found + checker.updates_stored(connection, history)


@pytest.fixture(params=["sqlite", "postgresql"])
async def play_bulk(request: pytest.FixtureRequest, prepared: Prepared, postgres: PostgresServer) -> Play:
    """Play a request on a database of one kind: 100 rows where there is time."""
    rows = 100 if request.node.get_closest_marker("chaos") else 50
    if request.param == "sqlite":
        return partial(play, template=await prepared.template("sqlite"), rows=rows)
    if "postgresql" not in prepared:
        await prepared.template("postgresql", await postgres.add_template(POSTGRES_TEMPLATE))
    template = await prepared.template("postgresql")

    async def on_postgres(point: KillPoint, server: ForkServer, folder: Path) -> Account:
        async with postgres.fresh(POSTGRES_TEMPLATE) as url:
            return await play(point, server, folder, template, url, rows=rows)

    return on_postgres


def sample(number: int, seed: int) -> Iterator[KillPoint]:
    """A sample of kill points, spread evenly, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    width = COMMITS // number
    return (
        KillPoint(1 + index * width + chance.randrange(width), side)
        for index, side in zip(range(number), itertools.cycle(SIDES), strict=False)
    )


@pytest.mark.timeout(180)
async def test_each_row_has_one_outcome_though_the_bot_is_killed(
    play_bulk: Play, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    number = 4 if request.node.callspec.params["play_bulk"] == "sqlite" else 2

    accounts = await play_all([sample(number, SEED)], play_bulk, tmp_path)

    assert flawed(accounts) == ""
    assert [account.killed for account in accounts] == [True] * number


@pytest.mark.chaos
@pytest.mark.timeout(3600)
async def test_each_row_has_one_outcome_wherever_the_bot_is_killed(
    play_bulk: Play, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    accounts = await play_all([every(side) for side in SIDES], play_bulk, tmp_path)

    killed = [account for account in accounts if account.killed]
    with capsys.disabled():
        kind = request.node.callspec.params["play_bulk"]
        sys.stdout.write(
            f"\n{kind}: {len(killed)} kills while 100 rows were processed, {flawed(killed) or 0} flaws"
        )
    assert flawed(accounts) == ""
    assert len(killed) >= 2 * COMMITS


@pytest.mark.chaos
@pytest.mark.timeout(600)
async def test_cancel_against_start_has_one_winner_a_thousand_times(
    database: Database, us: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    wins = await races(database, us, 1_000)

    with capsys.disabled():
        sys.stdout.write(f"\n{database.url.get_backend_name()}: {dict(wins)}")
    assert sum(wins.values()) == 1_000
