"""`kill -9` of the bot at commits of a session: nothing is lost or done twice, and the chat goes on."""

from __future__ import annotations

import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.bot import When
from tests.crash.session import Account, KillPoint, Play, flawed, play_all

COMMITS = 60
"""Commits that every session has at least; each has some more by the clock."""
SEED = 486
SIDES: tuple[When, ...] = ("before", "after")


def sample(number: int, seed: int) -> list[KillPoint]:
    """A sample of kill points, spread evenly over the session, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    width = COMMITS // number
    return [
        KillPoint(1 + index * width + chance.randrange(width), SIDES[index % 2]) for index in range(number)
    ]


def every(side: When) -> Iterator[KillPoint]:
    """A death at each commit, on the given side of it."""
    return (KillPoint(nth, side) for nth in itertools.count(1))


@pytest.fixture
def sampled(request: pytest.FixtureRequest) -> list[KillPoint]:
    """Kill points for every run of the tests; fewer for PostgreSQL, since the code is the same."""
    return sample(12 if request.node.callspec.params["play_one"] == "sqlite" else 4, SEED)


@pytest.mark.timeout(180)  # some sessions, each with a death in it
async def test_a_bot_killed_at_a_commit_loses_nothing_and_does_nothing_twice(
    play_one: Play, sampled: list[KillPoint], tmp_path: Path
) -> None:
    accounts = await play_all([iter(sampled)], play_one, tmp_path)

    assert flawed(accounts) == ""
    assert [account.point for account in accounts if not account.killed] == []


@pytest.mark.chaos
@pytest.mark.timeout(1200)
async def test_a_bot_can_be_killed_at_every_commit_of_a_session(
    play_one: Play, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    accounts = await play_all([every(side) for side in SIDES], play_one, tmp_path)

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
