"""Nothing counts as done that was not, and nothing that was done is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from websockets.asyncio.server import ServerConnection, serve

from backend.associations.models import associations
from backend.bridges import service as bridges
from backend.identity import service as identity
from backend.programming import service as programming
from backend.programming import upkeep
from backend.programming.errors import AssociationOver, ProgrammingBegun, ProgrammingGone
from backend.programming.evidence import ReportRefused
from backend.programming.models import programming_jobs, programming_runs
from backend.programming.values import ProgrammingState
from device_bridge.ab.values import Model
from device_bridge.agent import Agent
from device_bridge.home import Home, Pairing
from device_bridge.journal import JobState, Journal
from device_bridge.loaders.loader import HandOver
from device_bridge.loaders.registry import smp_reference
from device_bridge.programmer import Programmer
from device_bridge.simulator.device import Configuration
from device_bridge.wire.messages import Received, encode
from device_bridge.wire.messages import Refused as RefusedMessage
from device_bridge.wire.report import Outcome
from device_bridge.wire.signing import SigningKeys
from device_bridge.work import SerialPorts
from tests.device_bridge import test_programmer as pt
from tests.device_bridge.wires import Wire
from tests.fixtures.worlds import declare
from tests.programming.benches import blank, laptop, paired, picture, running
from tests.programming.sides import Side, order, side
from tests.programming.test_programming import OTHER_NID, assigned
from tests.support import Chat, World, on_sqlite


@on_sqlite
async def test_a_failed_try_after_the_report_is_said(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """The device was written again, and the second try ended half-way: the proof of the first is stale."""
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    await it.done(1)
    before = await it.notices()
    await it.begun(2)
    await it.failed(2)
    job = await it.job()
    assert job.repeated or job.state is ProgrammingState.FAILED or await it.notices() != before


@on_sqlite
async def test_a_running_job_cannot_be_confirmed_by_hand(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    actor = await it.technician()
    at = it.now
    with pytest.raises(ProgrammingBegun):
        await it.write(lambda c: programming.confirm(c, actor, 1, at, by_hand=True))


@on_sqlite
async def test_a_photo_of_another_device_confirms_nothing(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    await it.done(1)
    await technician.phone.send_file(picture(), name="foto.png", kind="photo", caption=OTHER_NID)
    await world.settled()
    assert (await it.job()).state is ProgrammingState.PROGRAMMED


@on_sqlite
async def test_a_word_about_the_old_device_does_not_count_for_the_new_one(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """The association is replaced: the word that waits was given about another device."""
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    actor, at = await it.technician(), it.now
    await it.write(lambda c: programming.confirm(c, actor, 1, at, photo="x"))

    def replace_association(c: Connection) -> None:
        old = c.execute(select(associations)).mappings().all()
        row = dict(next(each for each in old if each["id"] == _association(c)))
        c.execute(update(associations).where(associations.c.id == row["id"]).values(deleted_at=at))
        free = c.scalar(select(associations.c.device_id).where(associations.c.id == row["id"]))
        row.pop("id")
        c.execute(associations.insert().values({**row, "device_id": free}))

    await it.write(replace_association)
    await it.write(lambda c: upkeep.follow_associations(c, at))
    job = await it.job()
    assert job.association.deleted_at is None
    assert job.on_site is None


def _association(c: Connection) -> int:
    return int(c.scalar(select(programming_jobs.c.association_id)) or 0)


@on_sqlite
async def test_an_association_that_was_deleted_is_not_confirmed(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    await it.done(1)
    at = it.now
    await it.write(
        lambda c: c.execute(
            update(associations).where(associations.c.id == _association(c)).values(deleted_at=at)
        )
    )
    await it.write(lambda c: upkeep.follow_associations(c, at))
    actor = await it.technician()
    with pytest.raises((AssociationOver, ProgrammingGone, ProgrammingBegun)):
        await it.write(lambda c: programming.confirm(c, actor, 1, at))


@on_sqlite
@pytest.mark.parametrize(
    "changes",
    [
        {"pod": None, "model": None, "links": {}, "held": None},
        {"model": 2},
        {"links": {"primary": "AUTHENTICATION"}},
        {"firmware": "A486SIM1"},
    ],
    ids=["nothing-read", "another-model", "meter-not-reached", "simulated-unsaid"],
)
async def test_a_report_that_contradicts_itself_is_refused(
    world: World, declared: Chat, technician: Chat, tmp_path: Path, changes: dict[str, Any]
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    with pytest.raises(ReportRefused):
        await it.done(1, **changes)


@on_sqlite
async def test_a_report_after_the_word_by_hand_is_not_called_a_second_programming(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    actor, at = await it.technician(), it.now
    await it.write(lambda c: programming.confirm(c, actor, 1, at, by_hand=True))
    await it.begun(1)
    await it.done(1)
    job = await it.job()
    assert not job.repeated, "it was programmed once"


class NobodyLoads(HandOver):
    """The technician says that it is loaded, and has loaded nothing."""

    name = "manual"

    async def hand_over(self, content: bytes, file_name: str) -> None:
        return


async def test_by_hand_a_device_that_was_configured_before_proves_nothing() -> None:
    made = pt.device()
    made.configuration = Configuration(pt.POD, Model.PRIMARY)
    wires = [Wire(made), Wire(made)]

    async def open_port() -> Any:
        return wires.pop(0)

    work = Programmer(open_port, NobodyLoads(), pt.SIGNER.trusted, lambda: pt.NOW, pt.ANSWER_SECONDS)
    report = await work.program(pt.assignment(sequence=2), pt.quiet)
    assert report.outcome is not Outcome.CONFIRMED, "the new file was never loaded"


async def _hand_over(world: World, it: Side, colleague: int) -> None:
    actor = await it.actor(0)
    person = await world.database.long_read(lambda c: identity.person_id_of(c, world.people[colleague].id))
    at = it.now
    await it.write(lambda c: programming.hand_over(c, actor, 1, person or 0, at))


@on_sqlite
async def test_a_report_of_a_job_that_was_handed_over_meanwhile_is_kept(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    world.allowed_errors.add("bridge.report_refused")
    it_home = home
    async with running(world, home, device) as bench, world.chat(1) as colleague:
        await declare(colleague)
        await bench.holds(1)
        await bench.agent.work.program(1, lambda *_: None)  # without a network, as it were
        at = world.ports.clock.now()
        found = await world.database.long_read(lambda c: bridges.by_key(c, it_home.key().key_id, at))
        assert found is not None
        await _hand_over(world, Side(world, home, found), 1)
        await bench.agent.tell()
        await bench.all_told()  # the laptop has forgotten its report
    rows = await world.database.long_read(lambda c: c.execute(select(programming_runs)).all())
    assert any(row.report is not None for row in rows), "the server has no report, the laptop neither"


@on_sqlite
async def test_a_device_that_was_programmed_although_the_job_was_cancelled_is_said(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    actor, at = await it.actor(0), it.now
    await it.write(lambda c: programming.cancel(c, actor, 1, at))
    await it.begun(1)
    await it.done(1)
    await world.settled()
    world.later(timedelta(minutes=1))
    from tests.notices.test_notices import checks_made

    await checks_made(world)
    for told in (technician, declared):
        await told.saw("è stato programmato, anche se il lavoro era stato ritirato")


async def test_who_is_not_our_server_cannot_wipe_a_laptop(tmp_path: Path) -> None:
    """A gateway that has proved nothing says that the laptop is revoked."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    async def impostor(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(encode(RefusedMessage(reason="revoked")))

    server_key = SigningKeys.generate()
    home = Home(tmp_path / "laptop")
    async with serve(impostor, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        keys = (server_key.public_key.public_bytes_raw().hex(),)
        home.pair(Pairing(f"ws://127.0.0.1:{port}/bridge", keys, "x"), Ed25519PrivateKey.generate())
        agent = Agent(home, SerialPorts("/dev/none"), smp_reference, first_pause=0.05)
        running_agent = asyncio.create_task(agent.run())
        await asyncio.wait([running_agent], timeout=1.0)
        running_agent.cancel()
        await asyncio.wait([running_agent])
    assert home.journal.exists()
    home.key()


async def test_a_job_that_the_server_still_wants_can_be_tried_again(tmp_path: Path) -> None:
    """The server has refused the report, has said that it has it, and offers the job anew."""
    journal = Journal(tmp_path / "journal.db")
    journal.hold([order(1)])
    at = datetime.now(UTC)
    attempt = journal.begin(1, at)
    journal.done(1, attempt, b"report")
    for what in ("begun", "done"):
        journal.received(Received(what=what, job=1, attempt=attempt))
    journal.hold([order(1, attempt=attempt)])
    job = journal.get(1)
    assert job is not None
    assert job.state is not JobState.DONE
