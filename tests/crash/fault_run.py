"""Several people act at random while everything between them and the bot goes wrong, and the bot is killed
over and over.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import text

from backend.core.db.database import Database
from sandbox.client import UserClient
from sandbox.demo import stage
from sandbox.faults import Fault, FaultKind
from sandbox.history import History
from sandbox.server import LocalBotApi
from tests.crash import verdict
from tests.crash.bot import Death, Order
from tests.crash.crowd import Wanderer
from tests.crash.processes import ForkServer, supervised
from tests.crash.session import odd_ends
from tests.support import PATIENCE, Chat, free_port

FAULTS = (
    Fault(FaultKind.LOST, chance=0.03),
    Fault(FaultKind.UNREACHED, chance=0.03),
    Fault(FaultKind.SERVER_ERROR, chance=0.03),
    Fault(FaultKind.FLOOD, chance=0.01, seconds=1.0),
    Fault(FaultKind.SLOW, chance=0.03, seconds=0.3),
    Fault(FaultKind.EXPIRED, chance=0.05),
    Fault(FaultKind.FILE_GONE, chance=0.3),
    Fault(FaultKind.TWICE, chance=0.05),
    Fault(FaultKind.ANEW, "callback_query", chance=0.05),
    Fault(FaultKind.SWAPPED, chance=0.05, seconds=0.5),
)
COMMITS = 120
SECONDS = (0.2, 5.0)
"""When a process dies: at one of its first commits, or within so many seconds."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run."""

    seed: int
    deaths: int
    did: int
    updates: int
    happened: Counter[str]
    audited: Counter[str]
    dead_letter: int
    doubtful: float
    seconds: float
    flaws: tuple[str, ...]


def deaths(number: int, seed: int) -> Iterator[Death]:
    """`number` deaths, always the same for a seed: half at a commit, half at any moment."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for _ in range(number):
        if chance.random() < 0.5:
            yield Death(nth=chance.randint(1, COMMITS), when=chance.choice(("before", "after")))
        else:
            yield Death(after=chance.uniform(*SECONDS))


async def fault_run(
    kills: int,
    seed: int,
    servers: Sequence[ForkServer],
    folder: Path,
    template: Path,
    database_url: str = "",
) -> Outcome:
    """Let people act on a copy of `template` until each of the bot's processes, one in each server, has
    died so often; then check everything.

    An odd seed delivers updates by webhook, if there is one process.
    """
    shutil.copytree(template, folder)
    began = time.monotonic()
    flaws: list[str] = []
    async with AsyncExitStack() as stack:
        history = History()
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        url = database_url or f"sqlite:///{folder / 'a486.db'}"
        database = await stack.enter_async_context(Database(url))
        chats = [
            await stack.enter_async_context(Chat(UserClient(api.base_url, person.id))) for person in people
        ]
        wanderers = [Wanderer(chat, number, seed) for number, chat in enumerate(chats)]
        order = Order(
            token=bot.token,
            api=api.base_url,
            folder=str(folder),
            database_url=database_url,
            notes=str(folder / "killed"),
            webhook_port=free_port() if seed % 2 and len(servers) == 1 else 0,
        )
        over = asyncio.Event()
        api.faults.switch(FAULTS, seed)
        async with AsyncExitStack() as fleet:
            processes = [
                await fleet.enter_async_context(
                    supervised(server, replace(order, name=f"bot-{number}"), deaths(kills, seed + number))
                )
                for number, server in enumerate(servers)
            ]
            async with asyncio.TaskGroup() as group:
                for wanderer in wanderers:
                    group.create_task(wanderer.wander(over))
                for process in processes:
                    await process.died(kills)
                over.set()
            try:
                await _calm_down(api, database, chats)
            except AssertionError as error:
                flaws.append(str(error))
        screens = {person.id: await chat.screen() for person, chat in zip(people, chats, strict=True)}
        deaths_at = sorted(at for process in processes for at in process.deaths_at)
        witness = verdict.Witness(history, deaths_at, screens)
        flaws += await database.long_read(lambda connection: verdict.flaws(connection, witness))
        flaws += errors(folder) + [odd for process in processes for odd in odd_ends(process)]
        audited = await database.long_read(
            lambda connection: Counter(connection.scalars(text("SELECT action FROM audit_entries")).all())
        )
        dead_letter = await database.long_read(
            lambda connection: connection.scalar(text("SELECT count(*) FROM inbox WHERE state = 'set_aside'"))
        )
    outcome = Outcome(
        seed=seed,
        deaths=len(deaths_at),
        did=sum(wanderer.did for wanderer in wanderers),
        updates=len(history.updates),
        happened=Counter(api.faults.happened),
        audited=audited,
        dead_letter=int(dead_letter or 0),
        doubtful=witness.share_doubtful,
        seconds=time.monotonic() - began,
        flaws=tuple(flaws),
    )
    if flaws:  # its database, its log and the history are the evidence
        seen = {"deaths": deaths_at, "calls": history.calls, "updates": history.updates}
        (folder / "history.json").write_text(json.dumps(seen, default=asdict))
    else:
        shutil.rmtree(folder)
    return outcome


async def _calm_down(api: LocalBotApi, database: Database, chats: list[Chat]) -> None:
    """Switch all faults off, and wait until everybody is answered and everything has come to its end."""
    api.faults.switch([])
    for chat in chats:
        await chat.says("/annulla")
        await chat.says("/stato")
    await quiet(database)


async def quiet(database: Database) -> None:
    """Wait until no work is left."""
    until = time.monotonic() + PATIENCE
    while left := await database.long_read(verdict.left_over):
        if time.monotonic() > until:
            raise AssertionError(f"never finished: {left}")
        await asyncio.sleep(0.05)


PROVOKED = {"turn.dead_lettered"}
"""Errors that deaths bring about."""
OFTEN_BEGUN = "never came to an end"
"""The error of a job whose process died at each of its tries."""


def errors(folder: Path) -> list[str]:
    """The unexplained errors in the processes' logs."""
    lines = [line for log in folder.glob("*.log") for line in log.read_text().splitlines()]
    entries = [json.loads(line) for line in lines if line[-1:] == "}"]
    return [
        json.dumps(entry)
        for entry in entries
        if entry["level"] in ("error", "critical")
        and entry["event"] not in PROVOKED
        and not entry.get("exception", "").endswith(OFTEN_BEGUN)
    ]
