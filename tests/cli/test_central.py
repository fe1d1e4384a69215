"""`a486 central`: what is still to be told, told again, and both sides compared."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from backend.associations import service as associations
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from bot.core.settings import load
from sandbox.central import StubCentral
from sandbox.central_faults import StubFault
from tests.cli.conftest import Run
from tests.log_watch import secret
from tests.samples import PROSUMER, SID_B, START, facts, people, wanted

TOKEN = "cli.token-Rt77-kept-out-of-the-log"


@pytest.fixture
def stub(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StubCentral]:
    """A central system in a thread of its own, which the settings name."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="stub-central")
    thread.start()
    made = StubCentral(token=secret(TOKEN))
    try:
        asyncio.run_coroutine_threadsafe(made.__aenter__(), loop).result(10)
        monkeypatch.setenv("A486_CENTRAL", "http")
        monkeypatch.setenv("A486_CENTRAL_URL", made.url)
        monkeypatch.setenv("A486_CENTRAL_TOKEN", TOKEN)
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture
def two_associations(data: Path) -> None:
    """Two associations in the database, of which nobody was told."""
    data.mkdir()
    url = load(bot_token="1:x").database

    def work(connection: Connection) -> None:
        us, _ = people(connection)
        associations.create(connection, us, wanted(), facts(), START)
        associations.create(connection, us, wanted(PROSUMER, sid=SID_B), facts(PROSUMER), START)

    async def make() -> None:
        await migrate(url)
        async with Database(url) as database:
            await database.write(work)

    asyncio.run(make())


def test_the_status_counts_and_lists_what_is_to_be_told(
    two_associations: None, stub: StubCentral, run: Run
) -> None:
    shown = run("central", "status")
    assert shown.exit_code == 0
    assert "2 to be told, 0 of them refused." in shown.stdout
    assert "10/03/2025 09:00:00" in shown.stdout
    facts_of = json.loads(run("central", "status", "--json").stdout)
    assert (facts_of["untold"], facts_of["refused"], facts_of["oldest"]) == (2, 0, START.isoformat())
    assert [each["association"] for each in facts_of["associations"]] == [1, 2]
    assert "2 are told again at once." in run("central", "retry").stdout


def test_without_a_central_system_nobody_is_told(two_associations: None, run: Run) -> None:
    assert "A486_CENTRAL is local: nobody is told. 2 would be." in run("central", "status").stdout
    refused = run("central", "reconcile")
    assert refused.exit_code == 1
    assert "there is nothing to compare with" in refused.stderr


def test_both_sides_are_compared(two_associations: None, stub: StubCentral, run: Run) -> None:
    agreed = run("central", "reconcile")
    assert agreed.exit_code == 0
    assert "0 live there; 2 of ours are still to be told anyway." in agreed.stdout
    assert "Both sides have the same." in agreed.stdout

    stub.answer_next("listAssociations", _page(7, 8))
    differs = run("central", "reconcile", "--dry-run")
    assert differs.exit_code == 1
    assert "2 live there and were never ours: ask the central system's operator: 7, 8" in differs.stdout

    stub.answer_next("listAssociations", _page(1, 9, revision=5))
    differs = run("central", "reconcile")
    assert differs.exit_code == 1
    assert "1 live in both, and differ, told again: 1" in differs.stdout

    stub.answer_next("listAssociations", _page(9))
    found = json.loads(run("central", "reconcile", "--json").stdout)
    assert (found["unknown"], found["pending"]) == ([9], 2)


def test_a_central_system_that_does_not_answer_is_said_without_the_token(
    two_associations: None, stub: StubCentral, run: Run
) -> None:
    stub.trouble(StubFault.GATEWAY, times=2)
    away = run("central", "reconcile")
    assert away.exit_code == 1
    assert "(A486_CENTRAL_URL) cannot be compared with: status-502" in away.stderr
    assert TOKEN not in away.output


def _page(*numbers: int, revision: int = 1) -> bytes:
    each = [{"association": number, "revision": revision, "live": True} for number in numbers]
    return json.dumps({"associations": each, "more": False}).encode()
