"""Jobs over time: an erased technician, a replaced device, a lease that is over, a key that was changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from backend.bridges.models import bridges
from backend.programming import runs
from backend.programming import service as programming
from backend.programming.models import programming_cards, programming_jobs
from backend.programming.values import ProgrammingState
from sandbox import showcase
from tests.programming.benches import blank, laptop, paired, running
from tests.programming.test_programming import POD, assigned, programmed, state_of
from tests.support import Chat, World, on_sqlite


async def test_a_technician_who_is_erased_leaves_the_work_and_nothing_of_themselves(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()):
        await programmed(technician)
        await technician.sees("Manca la tua conferma")
        await technician.press("Conferma in campo")
        await technician.press("Senza foto")
        await technician.sees("posizione")
        await technician.phone.share_location(41.9, 12.5)
        await technician.sees("Posizione: sì")
        await technician.press("Conferma in campo")
        await technician.document("Rapporto di installazione")
    await technician.says("/privacy", button="Cancella i miei dati")
    await technician.press("Cancella i miei dati")
    await technician.press("Sì, cancella tutto")
    await technician.saw("I tuoi dati sono cancellati")
    kept = await world.database.long_read(
        lambda connection: connection.execute(select(programming_jobs)).one()
    )
    assert (kept.state, kept.report, kept.latitude) == (ProgrammingState.CONFIRMED.value, None, None)
    chats = select(programming_cards.c.chat_id).where(programming_cards.c.chat_id == world.people[4].id)
    assert await world.database.long_read(lambda connection: connection.execute(chats).all()) == []
    number = select(func.count()).select_from(bridges)
    assert await world.database.long_read(lambda connection: connection.scalar(number)) == 0
    await declared.says("/lavori", button="Lavori dell’azienda")
    await declared.press("Lavori dell’azienda")
    await declared.press(POD[-8:])
    await declared.saw("Lavoro n. 1", "Programmato e riletto")
    await declared.press("Rapporto")
    _, content = await declared.document("Rapporto di installazione")
    assert content.startswith(b"%PDF")


@on_sqlite
async def test_the_job_of_a_device_that_is_replaced_is_the_new_ones(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank(showcase.nid("MOME", 2))
    await paired(world, technician, home)
    await declared.says(POD, "già associata", button="Modifica")
    await declared.press("Modifica")
    await declared.sees("Modifica dell’associazione")
    await declared.press("Dispositivo")
    await declared.says(showcase.sid("MOME", 2), "Modifica dell’associazione")
    await declared.press("Conferma")
    await declared.saw("Associazione modificata")
    await technician.saw("Il dispositivo del lavoro n. 1 è cambiato", showcase.nid("MOME", 2))
    async with running(world, home, device):
        await programmed(technician)
    assert await state_of(world) is ProgrammingState.PROGRAMMED
    assert device.configuration is not None
    assert device.configuration.pod == POD


async def test_a_lease_that_is_over_lets_another_laptop_work(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    first, second = laptop(tmp_path / "first"), laptop(tmp_path / "second")
    await paired(world, technician, first)
    await paired(world, technician, second)
    async with running(world, first, blank()) as bench:
        await bench.holds(1)
    async with running(world, second, blank()) as bench:
        await bench.told_its_jobs()
        await bench.holds(0)
    world.later(runs.LEASE + timedelta(seconds=1))
    at = world.ports.clock.now()
    assert await world.database.write(lambda connection: runs.release(connection, at)) == 1
    async with running(world, second, blank()) as bench:
        await bench.holds(1)
        await bench.agent.program(1)
        await bench.all_told()
    assert await state_of(world) is ProgrammingState.PROGRAMMED
    job = await world.database.long_read(lambda connection: programming.get_any(connection, 1))
    assert job is not None
    assert job.bridge_id is not None


@on_sqlite
async def test_the_laptop_that_the_technician_uses_takes_the_job_over(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    first, second = laptop(tmp_path / "first"), laptop(tmp_path / "second")
    await paired(world, technician, first)
    await paired(world, technician, second)
    async with running(world, first, blank()) as bench:
        await bench.holds(1)
    device = blank()
    async with running(world, second, device):
        await programmed(technician)
    async with running(world, first, blank()) as bench:
        await bench.told_its_jobs()
        await bench.holds(0)
    assert device.files.written
