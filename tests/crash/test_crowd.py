"""People, faults and random deaths together: nothing is lost or done twice, and nobody is left waiting.

`KILLS` and `SEED` in the environment say how often the bot dies, and with which chances.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.crash.conftest import POSTGRES_TEMPLATE
from tests.crash.fault_run import Outcome, fault_run
from tests.crash.processes import fork_servers
from tests.fixtures.worlds import Prepared

KILLS = int(os.environ.get("KILLS", "1000"))
SEED = int(os.environ.get("SEED", "486"))
AT_ONCE = 4
EACH = 25
"""So often the bot of one run dies; then another begins."""


def fail_on_flaws(outcomes: list[Outcome]) -> None:
    """Fail with all flaws, and the seeds that reproduce them."""
    flaws = ["\n  ".join([f"seed {each.seed}:", *each.flaws]) for each in outcomes if each.flaws]
    if flaws:
        pytest.fail("\n".join(flaws), pytrace=False)


async def fault_runs(kills: int, each: int, seed: int, folder: Path, template: Path) -> list[Outcome]:
    """Riots until the bots have died so often, some at the same time, each with its own seed."""
    left = [min(each, kills - done) for done in range(0, kills, each)]
    outcomes: list[Outcome] = []
    async with fork_servers(AT_ONCE) as servers:

        async def go_through() -> None:
            server = await servers.get()
            while left:
                number, own_seed = left.pop(), seed + len(left)
                outcomes.append(await fault_run(number, own_seed, [server], folder / str(own_seed), template))

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(go_through())
    return outcomes


@pytest.mark.timeout(180)
async def test_people_are_served_through_faults_and_deaths(prepared: Prepared, tmp_path: Path) -> None:
    outcomes = await fault_runs(8, 2, SEED, tmp_path, await prepared.template("sqlite"))

    fail_on_flaws(outcomes)
    assert sum(outcome.deaths for outcome in outcomes) == 8
    assert sum(outcome.did for outcome in outcomes) > 40


@pytest.mark.chaos
@pytest.mark.timeout(7200)
async def test_people_are_served_through_very_many_deaths(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = await fault_runs(KILLS, EACH, SEED, tmp_path, await prepared.template("sqlite"))

    _report(outcomes, partial(_write, capsys))
    fail_on_flaws(outcomes)
    assert sum(outcome.deaths for outcome in outcomes) >= KILLS


async def fault_run_on_postgresql(
    kills: int, processes: int, prepared: Prepared, postgres: PostgresServer, folder: Path
) -> Outcome:
    """A run with several processes, each of which dies several times."""
    if "postgresql" not in prepared:
        await prepared.template("postgresql", await postgres.add_template(POSTGRES_TEMPLATE))
    template = await prepared.template("postgresql")
    async with fork_servers(processes) as servers, postgres.fresh(POSTGRES_TEMPLATE) as url:
        fleet = [await servers.get() for _ in range(processes)]
        return await fault_run(kills, SEED, fleet, folder, template, url)


@pytest.mark.timeout(180)
async def test_people_are_served_by_processes_that_die_in_turn(
    prepared: Prepared, postgres: PostgresServer, tmp_path: Path
) -> None:
    outcome = await fault_run_on_postgresql(2, 3, prepared, postgres, tmp_path / "fault_run")

    fail_on_flaws([outcome])
    assert outcome.deaths == 6
    assert outcome.did > 10


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("processes", [1, 3])
async def test_people_are_served_through_very_many_deaths_on_postgresql(
    prepared: Prepared,
    postgres: PostgresServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    processes: int,
) -> None:
    kills = max(1, KILLS // 20 // processes)

    outcome = await fault_run_on_postgresql(kills, processes, prepared, postgres, tmp_path / "fault_run")

    _report([outcome], partial(_write, capsys))
    fail_on_flaws([outcome])


def _write(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{line}")


def _report(outcomes: list[Outcome], write: Callable[[str], None]) -> None:
    total = {
        name: sum(getattr(outcome, name) for outcome in outcomes)
        for name in ("deaths", "did", "updates", "dead_letter")
    }
    flaws = sum(len(outcome.flaws) for outcome in outcomes)
    doubtful = sum(outcome.doubtful for outcome in outcomes) / len(outcomes)
    happened: Counter[str] = sum((outcome.happened for outcome in outcomes), Counter())
    audited: Counter[str] = sum((outcome.audited for outcome in outcomes), Counter())
    kinds: Counter[str] = Counter()
    for what, times in happened.items():
        kinds[what.partition(" ")[0]] += times
    write(
        f"{total['deaths']} deaths, {total['updates']} updates of people who did {total['did']} things,"
        f" {total['dead_letter']} dead-lettered, {flaws} flaws"
    )
    write("  faults: " + ", ".join(f"{kind} {times}" for kind, times in sorted(kinds.items())))
    write(f"  sent so near to a death that a second copy would be excused: {doubtful:.0%}")
    write("  audited: " + ", ".join(f"{action} {times}" for action, times in sorted(audited.items())))
