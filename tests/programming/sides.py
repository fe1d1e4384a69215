"""A paired laptop without a process: what it would tell is put in by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from backend.bridges import service as bridges
from backend.bridges.values import Bridge
from backend.identity import service as identity
from backend.notices.models import notices as notices_table
from backend.programming import runs
from backend.programming import service as programming
from backend.programming.values import Failure, ProgrammingJob
from bot.bridges.link import BridgeLink
from device_bridge.home import Home
from device_bridge.wire.messages import JobOrder
from device_bridge.wire.report import Outcome, Report, seal_report
from tests.programming.benches import NID, laptop, paired
from tests.programming.test_programming import POD
from tests.support import Chat, World

T = TypeVar("T")
DIGEST = bytes(32)


def order(job: int, attempt: int = 0) -> JobOrder:
    """A job as the gateway tells it."""
    return JobOrder(
        job=job, attempt=attempt, sid="M", nid=NID, device="MOME", pods=[POD], configuration="STANDARD",
        place="", note="", sequence=1, last=0, envelope=b"", leased_until=4_000_000_000,
    )  # fmt: skip


class Side:
    """A paired laptop without a process: what it would tell is put in by hand."""

    def __init__(self, world: World, home: Home, bridge: Bridge) -> None:
        self.world, self.home, self.bridge = world, home, bridge

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self.world.database.write(work)

    @property
    def now(self) -> datetime:
        return self.world.ports.clock.now()

    async def job(self, number: int = 1) -> ProgrammingJob:
        found = await self.world.database.long_read(lambda c: programming.get_any(c, number))
        assert found is not None
        return found

    async def begun(self, attempt: int = 1) -> bool:
        return await self.write(lambda c: runs.begun(c, self.bridge, 1, attempt, self.now, self.now))

    async def failed(self, attempt: int = 1) -> bool:
        failure = Failure("load", "device.lost", {})
        at = self.now
        return await self.write(
            lambda c: runs.failed(c, self.bridge, 1, attempt, failure, ended_at=at, at=at)
        )

    async def report(self, attempt: int = 1, **changes: Any) -> Report:
        about = (await self.job()).association
        return replace(
            Report(
                "1", attempt, Outcome.CONFIRMED, about.sid, about.nid, 1, "smp-reference", DIGEST, DIGEST,
                about.pod.code, 0, "1.0", {"primary": "ok"}, False, self.now, self.now,
            ),
            **changes,
        )  # fmt: skip

    async def done(self, attempt: int = 1, **changes: Any) -> bool:
        report = await self.report(attempt, **changes)
        data = seal_report(report, self.home.key())
        opened_report = runs.read_report(self.bridge, 1, attempt, data)
        at = self.now
        return await self.write(
            lambda c: runs.done(c, self.bridge, 1, attempt, data, opened_report, report.sha256, at)
        )

    async def actor(self, number: int) -> Any:
        return await self.world.database.long_read(
            lambda c: identity.actor_of(c, self.world.people[number].id)
        )

    async def technician(self) -> Any:
        return await self.world.database.long_read(lambda c: identity.acting_for(c, self.bridge.person_id, 1))

    async def notices(self) -> list[tuple[str, str]]:
        return await self.world.database.long_read(
            lambda c: [(row.kind, row.dedupe_key) for row in c.execute(select(notices_table))]
        )


def link_of(world: World, it: Side, socket: Any = None, programming_work: Any = None) -> BridgeLink:
    """A link of a laptop, with only what the test needs behind it."""
    clock, database = world.ports.clock, world.database
    return BridgeLink("x", socket, it.bridge, database, clock, programming_work, simulated=True)


async def side(world: World, chat: Chat, folder: Path) -> Side:
    home = laptop(folder)
    await paired(world, chat, home)
    at = world.ports.clock.now()
    found = await world.database.long_read(lambda c: bridges.by_key(c, home.key().key_id, at))
    assert found is not None
    return Side(world, home, found)
