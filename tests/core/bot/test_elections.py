"""Leader election: a leader that lost its lease writes nothing; one elected again starts afresh."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from telegram import Bot

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.db.errors import LeaseLost
from backend.core.db.metadata import now_ms
from backend.core.keys.store import KeyStore
from backend.core.leases import service as leases_service
from backend.core.leases.models import leases
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, PostState
from bot.core import leadership as elections
from bot.core.feature import follow_chat
from bot.core.leadership import LeaderElection, LeadershipLease
from bot.core.sending.limits import Limits
from bot.core.sending.sender import Sender
from tests.core.bot.rig import running_core
from tests.scripted_api import BOT_ID, ScriptedApi, Wait
from tests.statements import seen

HERE = Destination(BOT_ID, 7, 0, "7")
THERE = Destination(BOT_ID, 8, 0, "8")
AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elections, "LEASE_MS", 600)
    monkeypatch.setattr(elections, "RENEW_SECONDS", 0.1)


async def take_away(database: Database, name: str) -> None:
    """Let another process be elected."""
    far = now_ms() + 600_000
    await database.write(
        lambda connection: connection.execute(
            update(leases).where(leases.c.name == name).values(token="another", held_until_ms=far)
        )
    )


async def give_up(database: Database, name: str) -> None:
    """Let the other process resign."""
    await database.write(lambda connection: connection.execute(delete(leases).where(leases.c.name == name)))


class Watched:
    """A run that signals its beginning and its end."""

    def __init__(self) -> None:
        self.held: list[LeadershipLease] = []
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, leadership: LeadershipLease) -> None:
        self.held.append(leadership)
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


async def test_a_candidate_writes_nothing_while_another_leads(database: Database) -> None:
    looked = asyncio.Event()
    short_read = database.short_read

    async def watched(work: Any) -> Any:
        found = await short_read(work)
        looked.set()
        return found

    await database.write(lambda connection: leases_service.acquire(connection, "poller", "another", 600_000))
    database.short_read = watched  # type: ignore[method-assign]
    with seen(database.engines.writer.dialect) as statements:
        serving = asyncio.create_task(LeaderElection("poller", database).serve(Watched()))
        async with asyncio.timeout(20):
            for _ in range(3):
                await looked.wait()
                looked.clear()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    assert [statement for statement in statements if "INTO leases" in statement] == []


async def test_a_leader_elected_again_starts_with_a_new_lease(database: Database) -> None:
    run = Watched()
    serving = asyncio.create_task(LeaderElection("poller", database).serve(run))
    async with asyncio.timeout(20):
        await run.begun.wait()
        await take_away(database, "poller")
        await run.ended.wait()
        run.begun.clear()
        await give_up(database, "poller")
        await run.begun.wait()
    first, second = run.held

    assert first.token != second.token
    with pytest.raises(LeaseLost):
        await database.write(first.check)
    await database.write(second.check)

    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert await database.long_read(lambda connection: connection.execute(select(leases)).all()) == []


async def test_a_leadership_lease_not_renewed_in_time_is_over_by_the_own_clock() -> None:
    leadership = LeadershipLease("poller", until=time.monotonic() + 60)
    leadership.ensure()
    leadership.until = time.monotonic()
    with pytest.raises(LeaseLost):
        leadership.ensure()


async def test_a_sender_that_lost_its_leadership_writes_and_sends_nothing_more(
    api: ScriptedApi, bot: Bot, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    keys = KeyStore(tmp_path / "keys")
    keys.init()
    answer = asyncio.Event()
    api.will("sendMessage", Wait(answer))
    sender = Sender(database, clock, bot, Limits(), keys.vault(), follow_chat(running_core()))
    leadership = LeadershipLease("sender", until=time.monotonic() + 600)  # its own clock would let it go on
    await database.write(
        lambda connection: connection.execute(
            leases.insert().values(name="sender", token=leadership.token, held_until_ms=now_ms() + 600_000)
        )
    )
    running = asyncio.create_task(sender.run(leadership))

    async def enqueue(text: str, destination: Destination) -> int:
        return await database.write(
            lambda connection: outbox.enqueue(
                connection, destination, {"text": text}, correlation="prova", at=AT
            )
        )

    first = await enqueue("Prima", HERE)
    await api.heard(lambda: api.sent("sendMessage"))
    await take_away(database, "sender")
    answer.set()
    await enqueue("Seconda", THERE)
    async with asyncio.timeout(20):
        with pytest.raises(LeaseLost):
            await running

    row = await database.long_read(
        lambda connection: connection.execute(select(posts).where(posts.c.id == first)).one()
    )
    assert (row.state, row.message_id) == (PostState.SENDING, None)
    assert len(api.sent("sendMessage")) == 1
