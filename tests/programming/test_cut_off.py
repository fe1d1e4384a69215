"""A laptop, its network or the server may stop at any point: one confirmation comes of it, and nothing
is said to be done that was not, or done twice without being said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.core.audit.values import AuditAction
from backend.programming import service as programming
from backend.programming.models import programming_runs
from backend.programming.values import ProgrammingState, RunState
from bot.bridges.link import BridgeLink
from device_bridge import journal as journal_module
from device_bridge.ab.values import Model
from device_bridge.journal import JobState, Journal
from device_bridge.simulator.device import Configuration
from tests.programming.benches import blank, laptop, paired, running
from tests.programming.test_programming import POD, assigned
from tests.support import Chat, World, on_sqlite

CHANGES = 12
"""More than the journal makes in a job."""


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(change: int, *, before: bool) -> Iterator[None]:
    """The process dies at this change that the present task makes to a journal, before it is on disk or
    after.
    """
    count, task = [0], asyncio.current_task()
    real = Journal._change

    @contextmanager
    def counted(self: Journal) -> Iterator[Any]:
        mine = asyncio.current_task() is task
        count[0] += mine
        if mine and count[0] == change and before:
            raise Killed
        with real(self) as database:
            yield database
        if mine and count[0] == change and not before:
            raise Killed

    Journal._change = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Journal._change = real  # type: ignore[method-assign]


async def ends_once(world: World, device: Any) -> None:
    """The job is programmed, by one run that counts, and the device holds the file."""
    job = await world.database.long_read(lambda connection: programming.get_any(connection, 1))
    assert job is not None
    assert job.state is ProgrammingState.PROGRAMMED
    assert device.configuration == Configuration(POD, Model.PRIMARY)
    told = await world.audit(AuditAction.DEVICE_PROGRAMMED)
    assert [entry.outcome for entry in told].count("confirmed") == 1
    rows = await world.database.long_read(
        lambda connection: connection.execute(
            select(programming_runs.c.attempt, programming_runs.c.state).order_by(programming_runs.c.attempt)
        ).all()
    )
    assert [row.attempt for row in rows] == list(range(1, len(rows) + 1)), "every try was told"
    assert {row.state for row in rows} <= {RunState.DONE.value, RunState.FAILED.value}
    assert [row.state for row in rows].count(RunState.DONE.value) == 1 + (len(told) - 1)


@on_sqlite
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("change", range(1, CHANGES))
async def test_a_laptop_that_dies_at_any_step_of_its_journal_ends_with_one_confirmation(
    world: World, declared: Chat, technician: Chat, tmp_path: Path, change: int, before: bool
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device) as bench:
        await bench.holds(1)
        with killed_at(change, before=before), suppress(Killed):
            await bench.agent.work.program(1, lambda *_: None)
    async with running(world, home, device) as bench:
        await bench.told_its_jobs()
        job = bench.agent.work.journal.get(1)
        if job is not None and job.state is not JobState.DONE:
            await bench.agent.program(1)
        await bench.all_told()
    await world.settled()
    await ends_once(world, device)


class Cut(ConnectionError):
    """The server, or the way to it, is gone."""


@contextmanager
def server_lost_at(message: int, *, before: bool) -> Iterator[None]:
    """The server loses the bridge at this message of it: before it is stored, or after, without a receipt."""
    count = [0]
    real = BridgeLink._take

    async def counted(self: BridgeLink, received: Any) -> None:
        count[0] += 1
        if count[0] == message and before:
            raise Cut
        if count[0] == message:
            send = self._send

            async def silent(_: Any) -> None:
                raise Cut

            self._send = silent  # type: ignore[method-assign,assignment]
            try:
                await real(self, received)
            finally:
                self._send = send  # type: ignore[method-assign]
            raise Cut
        await real(self, received)

    BridgeLink._take = counted  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        BridgeLink._take = real  # type: ignore[method-assign]


@on_sqlite
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("message", range(1, 7))
async def test_a_server_that_is_lost_at_any_message_ends_with_one_confirmation(
    world: World, declared: Chat, technician: Chat, tmp_path: Path, message: int, before: bool
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device) as bench:
        await bench.holds(1)
        with server_lost_at(message, before=before):
            await bench.agent.program(1)
            await bench.all_told()
    await world.settled()
    await ends_once(world, device)


async def test_a_server_that_restarts_in_the_middle_gets_the_report(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device) as bench:
        await bench.holds(1)
        program = asyncio.create_task(bench.agent.program(1))
        await world.stop()
        await program
    await world.start()
    async with running(world, home, device) as bench:
        await bench.all_told()
    await world.settled()
    await ends_once(world, device)


@on_sqlite
async def test_a_job_that_was_cut_off_is_said_so_before_it_runs_again(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()) as bench:
        await bench.holds(1)
        with killed_at(2, before=False), suppress(Killed):
            await bench.agent.work.program(1, lambda *_: None)
    async with running(world, home, blank()) as bench:
        await bench.all_told()
        await technician.saw("non è riuscita", "si è spento o il programma è stato chiuso")
        await technician.says("/lavori", button=POD[-8:])
        await technician.press(POD[-8:])
        await technician.sees("🔴 non riuscito", button="Riprova")
        await technician.press("Riprova")
        await technician.sees("È il dispositivo giusto")
        await technician.press("Programma")
        await technician.saw("Programmato e riletto")
    job = await world.database.long_read(lambda connection: programming.get_any(connection, 1))
    assert job is not None
    assert job.read_back is not None
    assert job.read_back.attempt == 2


def test_a_journal_of_another_process_is_not_touched(tmp_path: Path) -> None:
    from device_bridge.home import AtWork, Home

    home = Home(tmp_path)
    with home.at_work(), pytest.raises(AtWork), Home(tmp_path).at_work():
        pass
    with home.at_work():
        assert journal_module.Journal(home.journal).jobs() == []
