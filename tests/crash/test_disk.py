"""The disk fails at a write or a commit of a session: nothing is lost or done twice, and the chat goes on."""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.crash.bot import DiskError
from tests.crash.session import KillPoint, Play, flawed, play_all

SEED = 486
COMMITS = 60
WRITES = 200
"""What every session has at least."""

On = Literal["before", "after", "write"]
pytestmark = pytest.mark.parametrize("play_one", ["sqlite"], indirect=True)


def every(at: On, step: int = 1) -> Iterator[KillPoint]:
    return (KillPoint(disk=DiskError(nth, at)) for nth in itertools.count(1, step))


def sample(number: int, seed: int) -> list[KillPoint]:
    """A sample of failures, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    sides: tuple[On, ...] = ("before", "after", "write")
    return [
        KillPoint(disk=DiskError(nth, side))
        for side in sides
        for nth in chance.sample(range(1, WRITES if side == "write" else COMMITS), number // 3)
    ]


@pytest.mark.timeout(180)
async def test_a_single_disk_failure_loses_nothing(play_one: Play, tmp_path: Path) -> None:
    accounts = await play_all([iter(sample(9, SEED))], play_one, tmp_path)

    assert flawed(accounts) == ""
    assert [account.point for account in accounts if not account.struck] == []


@pytest.mark.chaos
@pytest.mark.timeout(3000)
async def test_a_disk_can_fail_at_every_write_and_commit(
    play_one: Play, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    accounts = await play_all([every("before"), every("after"), every("write")], play_one, tmp_path)

    struck = [account for account in accounts if account.struck]
    with capsys.disabled():
        for at in ("before", "after", "write"):
            number = len([account for account in struck if account.point.disk.at == at])
            sys.stdout.write(f"\ndisk errors, {at}: {number}")
        sys.stdout.write(f"\n{sum(bool(account.flaws) for account in accounts)} with flaws")
    assert flawed(accounts) == ""
    assert len(struck) >= 2 * COMMITS + WRITES
