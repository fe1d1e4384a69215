"""Peers of the benchmarks: those that `make test` has the environment for do the work that they say."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from backend.core.db.database import Database
from backend.supplies.importer import import_register
from benchmarks import usual
from benchmarks.api import FIRST_USER
from benchmarks.figures import beside
from benchmarks.processes import line, process
from benchmarks.rounds import in_turns
from sandbox import showcase

ROOT = Path(__file__).parents[2]
MESSAGES, PEOPLE = 12, 3


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    supplies_file, _ = showcase.write_files(tmp_path)
    async with Database(f"sqlite:///{tmp_path / 'a486.db'}") as database:
        await import_register(supplies_file, database=database, register_path=tmp_path / usual.REGISTER)
    await usual.prepare(tmp_path, "", range(FIRST_USER, FIRST_USER + PEOPLE))
    return tmp_path


def answered(module: str, folder: Path) -> None:
    """Let it answer a handful of messages. Ends once all are answered."""
    load = (str(MESSAGES), str(PEOPLE), str(PEOPLE), showcase.pod_number(1), "0")
    with process(sys.executable, "-m", "benchmarks.api", *load) as server:
        address = f"http://127.0.0.1:{line(server).strip()}"
        with process(sys.executable, "-m", module, str(folder), "", address):
            assert json.loads(line(server))["per_second"] > 0


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


async def test_the_usual_bot_answers_and_records(folder: Path) -> None:
    await asyncio.to_thread(answered, "benchmarks.usual_ptb", folder)
    found = rows(folder / "usual.db", "SELECT outcome, count(*) FROM usual_audit_entries GROUP BY outcome")
    assert found == [("eligible", MESSAGES)]
    assert rows(folder / "usual.db", "SELECT count(*) FROM usual_recent_pods") == [(PEOPLE,)]


async def test_the_floor_answers_and_notes(folder: Path) -> None:
    await asyncio.to_thread(answered, "benchmarks.floor", folder)
    assert rows(folder / "floor.db", "SELECT count(*) FROM floor_entries") == [(MESSAGES,)]


async def test_the_usual_look_up_tells_what_it_finds_and_keeps_the_last_ten(folder: Path) -> None:
    async with usual.sessions(folder, "") as make:

        async def asked(text: str, user: int = FIRST_USER) -> str:
            async with make() as session:
                return await usual.look_up(session, user, text)

        assert f"POD <code>{showcase.pod_number(1)}</code>" in await asked(showcase.pod_number(1))
        assert await asked(showcase.pod_number(9_999)) == usual.UNKNOWN
        assert "non consente" in await asked(showcase.pod_number(10))
        assert "abilitato" in await asked(showcase.pod_number(1), FIRST_USER + PEOPLE)
        assert "Non riconosco" in await asked("ciao")
        for number in range(20, 20 + usual.RECENT):
            await asked(showcase.pod_number(number))
    kept = rows(folder / "usual.db", "SELECT pod FROM usual_recent_pods ORDER BY pod")
    assert kept == [(showcase.pod_number(number),) for number in range(20, 20 + usual.RECENT)]


def test_the_benchmark_s_environment_has_the_product_s_versions() -> None:
    ours = (ROOT / "constraints.txt").read_text().splitlines()
    theirs = (ROOT / "benchmarks" / "constraints.txt").read_text().splitlines()
    assert set(theirs) <= set(ours)


def test_rounds_are_taken_in_turns_and_their_median_is_told() -> None:
    order: list[str] = []
    values = {"a": [1.0, 9.0, 2.0], "b": [5.0, 4.0, 6.0]}

    def measured(name: str) -> dict[str, float]:
        order.append(name)
        return {"value": values[name].pop(0)}

    told = in_turns({"a": lambda: measured("a"), "b": lambda: measured("b")}, 3)
    assert order == ["a", "b"] * 3
    assert told == {"a": {"value": 2.0}, "b": {"value": 5.0}}


def test_a_figure_beside_a_peer_may_have_no_goal() -> None:
    assert beside("a", 2.0, "s", "b", 0.5).met is None
    assert beside("a", 2.0, "s", "b", 0.5, 0.4).met is True
    assert beside("a", 2.0, "s", "b", 0.5, 0.6).met is False
