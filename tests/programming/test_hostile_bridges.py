"""What a paired laptop may not do, and what does not stop the others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, delete, select, update

from backend.bridges import service as bridges
from backend.core import child
from backend.identity import people
from backend.identity import service as identity
from backend.programming import runs
from backend.programming import service as programming
from backend.programming.evidence import ReportRefused
from backend.programming.models import programming_jobs, programming_runs
from backend.programming.values import ProgrammingState
from bot.bridges.link import BridgeLink
from conversations.core.texts import texts
from conversations.programming.card import job_card
from device_bridge.journal import Journal
from device_bridge.link import TurnedAway
from device_bridge.wire.messages import Jobs, Received, encode
from device_bridge.wire.report import seal_report
from tests.fixtures.worlds import declare
from tests.programming.benches import NID, blank, laptop, paired, picture, running
from tests.programming.sides import link_of, order, side
from tests.programming.test_programming import POD, assigned
from tests.support import Chat, World, on_sqlite


@on_sqlite
async def test_a_running_job_whose_lease_is_over_does_not_run_for_ever(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """Another laptop of the technician is offered it before the check takes it from the lost one."""
    await assigned(declared)
    one = await side(world, technician, tmp_path / "a")
    two = await side(world, technician, tmp_path / "b")
    at = one.now
    await one.write(lambda c: runs.lease(c, one.bridge, at))
    await one.begun(1)
    later = at + runs.LEASE + timedelta(minutes=1)
    await one.write(lambda c: runs.lease(c, two.bridge, later))
    await one.write(lambda c: runs.release(c, later))
    assert (await one.job()).state is not ProgrammingState.RUNNING


@on_sqlite
async def test_a_late_failure_of_one_laptop_does_not_end_anothers_try(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    one = await side(world, technician, tmp_path / "a")
    two = await side(world, technician, tmp_path / "b")
    at = one.now
    await one.write(lambda c: runs.lease(c, one.bridge, at))
    await two.write(lambda c: runs.take_over(c, two.bridge, 1, at))
    await two.begun(1)
    await one.begun(1)  # was begun without a network, and is told only now
    await one.failed(1)
    assert (await one.job()).state is ProgrammingState.RUNNING, "the other one is still at it"


@on_sqlite
async def test_a_job_whose_technician_was_erased_is_not_stuck(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    at = it.now
    await it.write(lambda c: runs.lease(c, it.bridge, at))
    await it.begun(1)
    await technician.type("/privacy")
    await technician.press("Cancella i miei dati")
    await technician.saw("Cancello i tuoi dati?")
    await technician.press("Sì, cancella tutto")
    await technician.sees("I tuoi dati sono cancellati")
    later = at + timedelta(days=30)
    await it.write(lambda c: runs.release(c, later))
    actor = await it.actor(0)
    await it.write(lambda c: programming.cancel(c, actor, 1, later))


@on_sqlite
async def test_a_programmed_job_whose_technician_is_gone_is_not_stuck(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    await it.done(1)
    actor, at = await it.actor(0), it.now
    await it.write(lambda c: programming.hand_over(c, actor, 1, actor.person_id, at))


@on_sqlite
async def test_what_a_revoked_laptop_says_does_not_count(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    actor, at = await it.technician(), it.now
    await it.write(lambda c: bridges.revoke(c, actor, it.bridge.id, at))
    await it.begun(1)
    assert (await it.job()).state is ProgrammingState.ASSIGNED


@on_sqlite
async def test_the_card_of_somebody_who_was_suspended_does_not_go_on(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    await technician.says("/lavori", button=POD[-8:])
    await technician.press(POD[-8:])
    await technician.sees("Via Roma 1, cantina")
    it = await side(world, technician, tmp_path)
    await technician.says("/lavori", button=POD[-8:])
    await technician.press(POD[-8:])
    await technician.sees("Via Roma 1, cantina")

    def suspend(c: Connection) -> None:
        administrator = identity.actor_of(c, world.people[8].id)
        person = identity.person_id_of(c, world.people[4].id)
        assert administrator is not None
        assert person is not None
        people.suspend(c, administrator, person, True, it.now)

    await it.write(suspend)
    async with world.chat(1) as colleague:
        await declare(colleague)
        await declared.press("Passa a un collega")
        await declared.press("Collega")
        await declared.press("Sì, passalo")
        await declared.saw("Il lavoro è di Collega")
    await world.settled()
    assert not any("👤 Collega" in each.text for each in (await technician.screen()).from_bot)


@on_sqlite
async def test_a_report_of_the_year_9999_does_not_break_the_card(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    try:
        await it.done(1, ended_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    except ReportRefused:
        return
    job_card(texts("it"), await it.job(), None)


@on_sqlite
async def test_a_failure_with_long_values_can_be_shown(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    from device_bridge.wire.messages import Failed, from_bridge

    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    message = Failed.model_construct(
        job=1, attempt=1, at=1, step="identify", reason="device.wrong",
        values={"connected": "A" * 2400, "expected": "B" * 2400},
    )  # fmt: skip
    try:
        read = from_bridge(encode(message))
    except Exception:
        return
    link = link_of(world, it, cast(Any, None), cast(Any, None))
    await it.write(lambda c: link._failed(c, read))  # type: ignore[arg-type]
    assert len(job_card(texts("it"), await it.job(), None).text) <= 4096


@on_sqlite
async def test_a_try_of_the_greatest_number_does_not_poison_the_job(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun((1 << 31) - 1)
    await it.failed((1 << 31) - 1)
    job = await it.job()
    journal = Journal(tmp_path / "another.db")
    journal.hold([order(1, attempt=job.attempt)])
    journal.begin(1, it.now)


@pytest.mark.parametrize("sequence", [1 << 70, -1])
async def test_a_report_with_a_sequence_that_no_database_holds_is_refused(
    world: World, declared: Chat, technician: Chat, tmp_path: Path, sequence: int
) -> None:
    from device_bridge.link import opened as link_opened
    from device_bridge.wire.messages import Done

    world.allowed_errors.add("bridge.report_refused")
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    report = await it.report(1, sequence=sequence, simulated=True)
    data = seal_report(report, it.home.key())
    async with link_opened(it.home.pairing(), it.home.key()) as link:
        await link.receive()
        await link.send(Done(job=1, attempt=1, report=data))
        async with asyncio.timeout(5):
            while not isinstance(await link.receive(), Received):
                pass


@on_sqlite
async def test_the_first_report_says_that_there_is_a_photo(
    world: World, declared: Chat, technician: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    asked: list[dict[str, Any]] = []
    real = child.run_in_child

    async def watched(where: str, content: bytes, limits: Any, **arguments: Any) -> Any:
        if where.endswith(":document"):
            asked.append({"content": content, **arguments})
        return await real(where, content, limits, **arguments)

    monkeypatch.setattr("bot.programming.feature.run_in_child", watched)
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    await it.done(1)
    await technician.phone.send_file(picture(), name="foto.png", kind="photo", caption="fatto")
    await technician.document("Rapporto di installazione")
    (one,) = asked
    assert one["content"], "the photo is in the document"
    rows = dict(row for _, section in one["sections"] for row in section if row[0] == "Foto")
    assert rows == {"Foto": "qui sotto"}


@on_sqlite
async def test_one_file_that_cannot_be_read_does_not_stop_the_watch_over_all_laptops(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """A sealed file is damaged: other laptops must still be cut off when they are revoked."""
    from backend.core.blobs.models import blob_chunks
    from device_bridge.link import opened as link_opened
    from tests.bridges.test_watching import cut

    world.allowed_errors |= {"Error handling request from 127.0.0.1"}
    await assigned(declared)
    one = await side(world, technician, tmp_path / "a")
    other = await side(world, declared, tmp_path / "b")
    async with (
        link_opened(one.home.pairing(), one.home.key()) as link,
        link_opened(other.home.pairing(), other.home.key()) as others,
    ):
        await link.receive()
        await others.receive()
        await world.settled()
        await one.write(lambda c: c.execute(delete(blob_chunks)))
        await one.write(lambda c: c.execute(update(programming_jobs).values(bridge_id=None)))
        assert await link.receive() == Jobs(jobs=[])  # the gateway has looked, and could not read it
        actor, at = await one.actor(0), one.now
        await one.write(lambda c: bridges.revoke(c, actor, other.bridge.id, at))
        async with asyncio.timeout(5):
            await cut(others)


@on_sqlite
async def test_a_report_that_comes_while_the_word_is_given_concludes_the_job(
    world: World, declared: Chat, technician: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL (read committed) the report commits between the word's read and its update: the two
    statements see what is simulated here on one connection.
    """
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    report = await it.report(1)
    data = seal_report(report, it.home.key())
    actor, at = await it.technician(), it.now
    real = programming._change

    def late(c: Connection, *args: Any, **values: Any) -> None:
        runs.done(c, it.bridge, 1, 1, data, report, report.sha256, at)
        real(c, *args, **values)

    monkeypatch.setattr(programming, "_change", late)
    await it.write(lambda c: programming.confirm(c, actor, 1, at, photo="x"))
    assert (await it.job()).state is ProgrammingState.CONFIRMED


@on_sqlite
async def test_a_laptop_that_may_not_have_a_job_is_not_told_to_program_it(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    from backend.bridges.values import BridgeCommand, CommandKind, CommandState

    await assigned(declared)
    one = await side(world, technician, tmp_path / "a")
    two = await side(world, technician, tmp_path / "b")
    at = one.now
    await one.write(lambda c: runs.lease(c, one.bridge, at))
    await one.begun(1)
    sent: list[Any] = []

    class Socket:
        async def send_bytes(self, data: bytes) -> None:
            sent.append(data)

    link = BridgeLink(
        "x",
        cast(Any, Socket()),
        two.bridge,
        world.database,
        world.ports.clock,
        cast(Any, None),
        simulated=True,
    )
    await link.order(
        BridgeCommand(1, two.bridge.id, CommandKind.PROGRAM, {"job": 1}, CommandState.SENT, None)
    )
    assert not sent


@on_sqlite
async def test_the_position_and_the_photo_of_who_was_erased_are_gone(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.begun(1)
    await it.done(1)
    actor, at = await it.technician(), it.now
    await it.write(lambda c: programming.confirm(c, actor, 1, at, photo="x", latitude=41.9, longitude=12.5))
    await technician.type("/privacy")
    await technician.press("Cancella i miei dati")
    await technician.saw("Cancello i tuoi dati?")
    await technician.press("Sì, cancella tutto")
    await technician.sees("I tuoi dati sono cancellati")
    row = await world.database.long_read(lambda c: c.execute(select(programming_jobs)).one())
    assert (row.latitude, row.longitude, row.photo_file) == (None, None, None)
    assert (row.read_back or {}).get("host") in (None, "")


@on_sqlite
async def test_the_integrator_is_told_of_a_job_that_a_technician_took(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    await it.write(lambda c: c.execute(update(programming_jobs).values(assigned_by=it.bridge.person_id)))
    await it.begun(1)
    await it.done(1)
    actor, at = await it.technician(), it.now
    await it.write(lambda c: programming.confirm(c, actor, 1, at))
    assert any(kind == programming.CONFIRMED_NOTICE for kind, _ in await it.notices())


def test_a_log_of_an_unknown_kind_is_no_answer() -> None:
    from device_bridge.wire.answers import checked
    from device_bridge.wire.errors import Malformed

    reading = {
        "nid": NID, "imported": 1, "exported": 1, "produced": None, "today": 1, "power": 1, "contractual": 1,
        "available": 1, "tariff": 1, "clock": None, "diagnostics": [],
        "log": {"kind": "whatever", "minutes": 15, "samples": [["2026-01-01T00:00:00", 1]]},
    }  # fmt: skip
    with pytest.raises(Malformed):
        checked("read", reading)
    huge = {**reading, "log": None, "diagnostics": [{"kind": 10**4400, "code": 1, "number": 1}]}
    with pytest.raises(Malformed):
        checked("read", huge)


@on_sqlite
async def test_a_try_that_begins_without_a_lease_ends_some_day(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """The lease was over and the job released; the laptop tells that it begins, and dies."""
    await assigned(declared)
    it = await side(world, technician, tmp_path)
    at = it.now + runs.LEASE + timedelta(hours=1)
    await it.write(lambda c: runs.release(c, at))
    await it.begun(1)
    later = it.now + timedelta(days=90)
    await it.write(lambda c: runs.release(c, later))
    assert (await it.job()).state is not ProgrammingState.RUNNING


@on_sqlite
async def test_a_revoked_laptop_keeps_what_it_has_not_told(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """The report of a device that was programmed without a network is destroyed on both sides."""
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device) as bench:
        await bench.holds(1)
        await world.stop()
        await bench.agent.program(1)
    await world.start()
    at = world.ports.clock.now()
    found = await world.database.long_read(lambda c: bridges.by_key(c, home.key().key_id, at))
    actor = await world.database.long_read(lambda c: identity.actor_of(c, world.people[4].id))
    assert found is not None
    assert actor is not None
    await world.database.write(lambda c: bridges.revoke(c, actor, found.id, at))
    try:
        async with running(world, home, device) as bench:
            await bench.turned_away()
    except TurnedAway:
        pass
    rows = await world.database.long_read(lambda c: c.execute(select(programming_runs)).all())
    assert home.journal.exists() or any(row.report is not None for row in rows)


@on_sqlite
async def test_a_silent_flood_of_progress_is_held_back(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    """0 of 0 passes for the last word, so that nothing holds it back: a transaction and an edit each."""
    from device_bridge.wire.messages import Progress

    await assigned(declared)
    it = await side(world, technician, tmp_path)
    changes: list[int] = []

    class Programming:
        def changed(self, connection: Connection, job_id: int) -> None:
            changes.append(job_id)

    link = BridgeLink(
        "x",
        cast(Any, None),
        it.bridge,
        world.database,
        world.ports.clock,
        cast(Any, Programming()),
        simulated=True,
    )
    await it.begun(1)
    for _ in range(50):
        await link._take(Progress(job=1, attempt=1, step="load", done=0, of=0))
    assert len(changes) < 10
