"""Every call of a session fails once in each way: nothing is lost or done twice, and the chat goes on."""

from __future__ import annotations

import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.faults import Fault, FaultKind
from tests.crash.session import KillPoint, Play, flawed, play_all

SEED = 486
WAYS = (
    FaultKind.LOST,
    FaultKind.UNREACHED,
    FaultKind.SERVER_ERROR,
    FaultKind.FLOOD,
    FaultKind.SLOW,
)
METHODS = {
    "getUpdates": 12,
    "sendMessage": 7,
    "editMessageText": 6,
    "sendDocument": 1,
    "answerCallbackQuery": 6,
}
"""What a session calls, and how often at least."""
OTHERS = (
    "deleteWebhook",
    "getMe",
    "sendChatAction",
    "setChatMenuButton",
    "setMyCommands",
    "setMyDescription",
    "setMyShortDescription",
)
"""What the bot calls at its start, or where time allows."""
UPDATES = {
    "message": (FaultKind.TWICE, FaultKind.SWAPPED),
    "callback_query": (FaultKind.TWICE, FaultKind.ANEW, FaultKind.SWAPPED),
}
"""What happens to updates; only a press comes again under another id."""


def struck(kind: FaultKind, of: str, nth: int) -> KillPoint:
    """Let the `nth` call of a method, or update of a kind, meet this fault, and no other."""
    return KillPoint(fault=Fault(kind, of, spared=nth, times=1, seconds=0.5))


def every(kind: FaultKind, of: str) -> Iterator[KillPoint]:
    return (struck(kind, of, nth) for nth in itertools.count())


def sample(number: int, seed: int) -> list[KillPoint]:
    """A sample of `number` faults, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    calls = [struck(kind, of, nth) for kind in WAYS for of, often in METHODS.items() for nth in range(often)]
    news = [struck(kind, "callback_query", nth) for kind in UPDATES["callback_query"] for nth in range(6)]
    return chance.sample(calls, number - 2) + chance.sample(news, 2)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("play_one", ["sqlite"], indirect=True)
async def test_a_failing_call_loses_nothing_and_does_nothing_twice(play_one: Play, tmp_path: Path) -> None:
    accounts = await play_all([iter(sample(8, SEED))], play_one, tmp_path)

    assert flawed(accounts) == ""
    assert [account.point for account in accounts if not account.struck] == []


@pytest.mark.chaos
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("play_one", ["sqlite"], indirect=True)
async def test_every_call_and_update_of_a_session_can_fail(
    play_one: Play, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    series = [every(kind, method) for kind in WAYS for method in (*METHODS, *OTHERS)]
    series += [every(kind, update) for update, kinds in UPDATES.items() for kind in kinds]

    accounts = await play_all(series, play_one, tmp_path)

    happened = Counter(str(account.point).rsplit(" ", 1)[0] for account in accounts if account.struck)
    flaws = sum(bool(account.flaws) for account in accounts)
    with capsys.disabled():
        sys.stdout.write(f"\n{happened.total()} faults, each in a session of its own, {flaws} with flaws")
        for what, times in sorted(happened.items()):
            sys.stdout.write(f"\n  {what}: {times}")
    assert flawed(accounts) == ""
    assert {f"{kind} {method}" for kind in WAYS for method in METHODS} <= set(happened)
