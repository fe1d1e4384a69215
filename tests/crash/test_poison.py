"""Turns that fail, hang, exhaust memory or kill their process are dead-lettered; nobody else notices."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.core.db.database import Database
from sandbox import showcase
from sandbox.client import Screen, Shown, UserClient
from sandbox.demo import stage
from sandbox.history import History
from tests.crash import verdict
from tests.crash.bot import POISONS, Order
from tests.crash.fault_run import quiet
from tests.crash.processes import Supervised, fork_servers, supervised
from tests.fixtures.worlds import Prepared
from tests.support import Chat

DEADLY = {"hangs", "kills its process"}
STUCK_SECONDS = 3.0
FOUR_DEATHS_SECONDS = 60.0
"""Each may hang for as long as above, and then a process starts again."""


async def look_ups(chat: Chat, over: asyncio.Event) -> int:
    """Look up PODs one after the other until told to end; returns how many were answered."""
    number = 0
    while not over.is_set():
        number += 1
        await chat.says(showcase.pod_number(320 + number), showcase.pod_number(320 + number))
    return number


async def begin(chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await chat.press("Ultimi POD")
    await chat.press("Accetto")
    await chat.sees("Non hai ancora cercato")


def _given_up(screen: Screen) -> Shown | None:
    return next((each for each in screen.from_bot if "Qualcosa è andato storto" in each.text), None)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("pod", "poison"), POISONS.items(), ids=POISONS.values())
async def test_a_poisonous_update_is_dead_lettered_and_nobody_else_notices(
    pod: str, poison: str, prepared: Prepared, tmp_path: Path
) -> None:
    folder = await prepared.copy("sqlite", tmp_path / "world")
    history = History()
    over = asyncio.Event()
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(fork_servers(1))
        api, bot, people = await stack.enter_async_context(stage(limits=False, history=history))
        database = await stack.enter_async_context(Database(f"sqlite:///{folder / 'a486.db'}"))
        victim, neighbour, administrator = [
            await stack.enter_async_context(Chat(UserClient(api.base_url, people[number].id)))
            for number in (0, 1, 8)
        ]
        order = Order(
            bot.token, api.base_url, str(folder), "", str(folder / "killed"), stuck_seconds=STUCK_SECONDS
        )
        process: Supervised
        async with supervised(await servers.get(), order) as process, asyncio.TaskGroup() as group:
            await begin(victim)
            await begin(neighbour)
            await administrator.says("/start", "personale del servizio")  # else no notice could reach them
            others = group.create_task(look_ups(neighbour, over))
            await victim.type(pod)
            await victim.type("/stato")
            told = await victim.phone.wait_for(_given_up, FOUR_DEATHS_SECONDS)
            await victim.sees("Configuratore · Impianti Demo")
            over.set()
            await others
            await quiet(database)
            ends, ended_at = list(process.ended), list(process.ended_at)
        rows = await database.long_read(
            lambda connection: connection.execute(
                text("SELECT lane, reference, state FROM inbox WHERE state <> 'ended'")
            ).all()
        )
        screens = {chat.phone.user_id: await chat.screen() for chat in (victim, neighbour, administrator)}
        hung = STUCK_SECONDS if poison == "hangs" else 0.0
        witness = verdict.Witness(history, ended_at, screens, hung)
        flaws = await database.long_read(lambda connection: verdict.flaws(connection, witness))

    reference = re.search(r"riferimento ([A-Z2-9]{8})", told.text)
    assert reference is not None
    assert [tuple(row) for row in rows] == [(str(people[0].id), reference[1], "set_aside")]
    assert len(ends) == (1 + 3 if poison in DEADLY else 0)  # when it came, and with each of its tries
    assert others.result() > 3
    assert flaws == []
