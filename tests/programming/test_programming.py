"""From the chat to the device and back: assigned, connected, programmed, read back, confirmed on site."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import update

from backend.associations.models import associations
from backend.core.audit.values import AuditAction
from backend.programming import runs, upkeep
from backend.programming import service as programming
from backend.programming.values import ProgrammingState
from device_bridge.ab.values import Led, Meter, Model
from device_bridge.loaders.registry import manual
from device_bridge.simulator.device import Configuration
from sandbox import showcase
from tests.fixtures.worlds import declare
from tests.notices.test_notices import checks_made
from tests.programming.benches import GATEWAY, NID, blank, laptop, paired, picture, running
from tests.support import Chat, World, on_sqlite

POD = next(case.pod for case in showcase.cases() if case.associated_by == showcase.OURS)
OTHER_NID = showcase.nid("MOME", 9)


async def assigned(chat: Chat, to: str = "Tecnico") -> None:
    """The configurator assigns the programming of the associated device."""
    await chat.says(POD, "già associata", button="Programma")
    await chat.press("Programma")
    await chat.sees("Chi programma")
    await chat.press(to)
    await chat.sees("Dove si trova")
    await chat.says("Via Roma 1, cantina", "Qualcosa da sapere")
    await chat.press("Salta")
    await chat.saw("Lavoro n. 1", "da fare")


async def opened(chat: Chat) -> None:
    """The technician opens the job and looks at what is connected."""
    await chat.says("/lavori", button=POD[-8:])
    await chat.press(POD[-8:])
    await chat.sees("Via Roma 1, cantina", button="Collega il dispositivo")
    await chat.press("Collega il dispositivo")


async def programmed(chat: Chat) -> None:
    """The right device is connected, and is programmed."""
    await opened(chat)
    await chat.sees("È il dispositivo giusto", button="Programma")
    await chat.press("Programma")
    await chat.saw("Programmato e riletto")


async def state_of(world: World, job: int = 1) -> ProgrammingState:
    found = await world.database.long_read(lambda connection: programming.get_any(connection, job))
    assert found is not None
    return found.state


async def test_a_device_is_programmed_from_the_chat_and_confirmed_on_site(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    told = await technician.sees("ti ha dato il lavoro", "Via Roma 1")
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device) as bench:
        await opened(technician)
        await technician.sees("È il dispositivo giusto", "Non è ancora configurato", button="Programma")
        await technician.press("Programma")
        card = await technician.saw("Programmato e riletto", "Contatore di scambio: raggiunto")
        assert device.configuration == Configuration(POD, Model.PRIMARY)
        assert device.led is Led.GREEN
        await technician.sees("Manca la tua conferma")
        await technician.press("Conferma in campo")
        await technician.sees("Vuoi allegare una foto")
        await technician.phone.send_file(picture(), name="foto.png", kind="photo")
        await technician.sees("posizione")
        await technician.phone.share_location(41.9, 12.5)
        await technician.sees("Confermi l’installazione", "Foto: sì · Posizione: sì")
        await technician.press("Conferma in campo")
        await technician.saw("Confermato in campo")
        shown, content = await technician.document("Rapporto di installazione")
        assert content.startswith(b"%PDF")
        assert b"/Subtype /Image" in content
    assert told.message_id < card.message_id < shown.message_id
    world.later(programming.REPORT_TIME)
    await checks_made(world)
    _, same = await declared.document("Installazione confermata", "Il dispositivo è stato riletto")
    assert same == content
    await declared.says(POD, "Confermata in campo")
    await declared.saw("Lavoro n. 1", "🟢 confermato")
    assert bench.heard[0][0] == "online"
    assert [
        len(await world.audit(action))
        for action in (
            AuditAction.PROGRAMMING_ASSIGNED,
            AuditAction.DEVICE_PROGRAMMED,
            AuditAction.PROGRAMMING_CONFIRMED,
        )
    ] == [1, 1, 1]


@on_sqlite
async def test_a_wrong_device_is_named_and_nothing_is_written(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank(OTHER_NID)
    await paired(world, technician, home)
    async with running(world, home, device):
        await opened(technician)
        shown = await technician.sees("È collegato un altro dispositivo", OTHER_NID, NID)
        assert not any("▶️" in label for label in shown.labels)
        world.forge("1.e.job_program.1", person=4, message_id=shown.message_id)
        await technician.saw("Lavoro n. 1", "🔴 non riuscito", OTHER_NID, "Il lavoro non risulta fatto")
    assert (device.files.written, device.configuration, device.led) == (0, None, Led.OFF)
    assert await state_of(world) is ProgrammingState.FAILED
    await technician.press("Assistenza")
    await technician.sees("Manda questo messaggio", NID, "tentativo 1")


@on_sqlite
async def test_a_meter_that_is_not_reached_yet_is_said_so_and_can_be_confirmed(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank(reaches={Meter.PRODUCTION})):
        await opened(technician)
        await technician.sees("È il dispositivo giusto")
        await technician.press("Programma")
        await technician.saw("Il contatore non si legge ancora", "non ancora raggiunto")
    assert await state_of(world) is ProgrammingState.PROGRAMMED


@on_sqlite
async def test_without_a_laptop_the_file_is_sent_and_the_report_says_that_nothing_was_read(
    world: World, declared: Chat, technician: Chat
) -> None:
    await assigned(declared)
    await opened(technician)
    await technician.sees("Non hai ancora un portatile abbinato")
    await technician.press("Senza portatile")
    await technician.sees("Scarica il file SCP")
    await technician.press("File SCP")
    await technician.document("File SCP")
    await technician.press("L’ho caricato, conferma")
    await technician.saw("Nulla è stato riletto")
    for label in ("Senza foto", "Senza posizione", "Conferma in campo"):
        await technician.press(label)
    await technician.saw("Confermato.", "nulla è stato riletto dal dispositivo")
    await technician.document("Rapporto di installazione")
    assert await state_of(world) is ProgrammingState.CONFIRMED


@on_sqlite
async def test_a_photo_that_telegram_kept_is_the_word_before_the_report_comes(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    await technician.phone.send_file(picture(), name="foto.png", kind="photo", caption=f"fatto {POD}")
    await technician.saw("Conferma ricevuta", "Il lavoro si chiude quando")
    assert await state_of(world) is ProgrammingState.ASSIGNED
    async with running(world, home, blank()) as bench:
        await bench.holds(1)
        await bench.agent.program(1)
        await technician.document("Rapporto di installazione")
    assert await state_of(world) is ProgrammingState.CONFIRMED
    assert len(await world.audit(AuditAction.PROGRAMMING_CONFIRMED)) == 1


@on_sqlite
@pytest.mark.parametrize("caption", ["guasto, non si accende", "il contatore", "x" * 300])
async def test_a_photo_of_something_else_confirms_nothing(
    world: World, declared: Chat, technician: Chat, caption: str
) -> None:
    await assigned(declared)
    await technician.phone.send_file(picture(), name="foto.png", kind="photo", caption=caption)
    await technician.sees("Vuoi aprire una richiesta con questa foto?")
    assert await state_of(world) is ProgrammingState.ASSIGNED


@on_sqlite
async def test_a_laptop_works_without_a_network_and_tells_later(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device) as bench:
        await bench.holds(1)
        await world.stop()
        await bench.agent.program(1)
        assert device.configuration == Configuration(POD, Model.PRIMARY)
    await world.start()
    assert await state_of(world) is ProgrammingState.ASSIGNED
    async with running(world, home, device):
        await technician.sees("Manca la tua conferma")
    assert await state_of(world) is ProgrammingState.PROGRAMMED


@on_sqlite
async def test_a_file_that_is_loaded_by_hand_is_read_back(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(world, home, device, manual) as bench:
        await opened(technician)
        await technician.sees("È il dispositivo giusto")
        await technician.press("Programma")
        await technician.saw("Carica il file con il programma del dispositivo", "Lavoro n. 1")
        ((_, told),) = [each for each in bench.heard if each[0] == "by_hand"]
        file = Path(told["file"])
        device.take(file.read_bytes())
        await technician.press("Ho caricato il file")
        await technician.saw("Programmato e riletto", "Lavoro n. 1")
        assert not file.exists()
    found = await world.database.long_read(lambda connection: programming.get_any(connection, 1))
    assert found is not None
    assert found.read_back is not None
    assert (found.read_back.loader, found.read_back.held) == ("manual", None)


async def test_a_job_is_handed_over_and_the_laptop_loses_it(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()) as bench, world.chat(1) as colleague:
        await declare(colleague)
        await bench.holds(1)
        await technician.says("/lavori", button=POD[-8:])
        await technician.press(POD[-8:])
        await technician.press("Passa a un collega")
        await technician.sees("A chi passo il lavoro")
        await technician.press("Collega")
        await technician.press("Sì, passalo")
        await technician.saw("Il lavoro è di Collega")
        await colleague.sees("ti ha dato il lavoro")
        await bench.holds(0)
    await declared.saw("👤 Collega")


@on_sqlite
async def test_a_job_is_cancelled_before_it_is_begun_and_not_afterwards(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    await declared.press("Ritira il lavoro")
    await declared.sees("Ritiro il lavoro n. 1")
    await declared.press("Sì, ritira")
    await declared.saw("⚪ ritirato")
    await technician.sees("è stato ritirato")
    await assigned_again(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()):
        await programmed(technician)
    shown = await declared.says("/lavori", button="Lavori dell’azienda")
    world.forge("1.e.job_cancel.2", message_id=shown.message_id)
    await declared.saw("Troppo tardi")


async def assigned_again(chat: Chat) -> None:
    await chat.says(POD, "già associata", button="Programma")
    await chat.press("Programma")
    await chat.press("Tecnico")
    await chat.sees("Dove si trova")
    await chat.says("Via Roma 1, cantina", "Qualcosa da sapere")
    await chat.press("Salta")
    await chat.saw("Lavoro n. 2", "da fare")


@on_sqlite
async def test_the_meter_is_read_from_the_chat_with_a_chart_and_a_table(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()):
        await programmed(technician)
        await technician.sees("Manca la tua conferma", button="Lavoro n. 1")
        await technician.press("Letture")
        await technician.saw("Energia prelevata: 2000,000 kWh", "nessuna segnalazione")
        _, table = await technician.document("960 campioni")
    lines = table.decode("utf-8-sig").splitlines()
    assert (lines[0], len(lines)) == ("Data;Ora;kWh", 961)
    shown = next(message for message in (await technician.screen()).from_bot if message.kind == "photo")
    assert "giorno per giorno" in shown.text


@on_sqlite
async def test_a_gesis_meter_is_read_at_the_primary_with_the_factor_that_is_remembered(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await world.database.write(lambda connection: connection.execute(update(associations).values(gesis=True)))
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()):
        await programmed(technician)
        await technician.sees("Manca la tua conferma", button="Lavoro n. 1")
        await technician.press("Letture")
        await technician.saw("Energia prelevata: 2000,000 kWh")
        await technician.document("960 campioni")
        await technician.press("Valori al primario")
        await technician.saw("Qual è il fattore K?")
        await technician.type("250/5")
        await technician.saw("Valori al primario (K = 50)", "Energia prelevata: 100000,000 kWh")
        await world.settled()
        (entry,) = await world.audit(AuditAction.FACTOR_KEPT, pod=POD)
        assert (entry.person_name, entry.detail) == ("Tecnico", {"factor": "250/5"})

        await declared.says(POD, "Fattore K: 50 (250/5)")
        await technician.press("Vedi l’associazione", on=await technician.saw("Programmato e riletto"))
        card = await technician.saw("Associazione n.", "Fattore K: 50 (250/5)")
        await technician.press("Valori al primario", on=card)
        await technician.sees("K = 50 (250/5)", button="Leggi dal dispositivo")
        before = (await technician.screen()).from_bot[-1].message_id
        await technician.press("Leggi dal dispositivo")
        await technician.document("960 campioni", after=before)
        at_primary = [
            shown
            for shown in (await technician.screen()).from_bot
            if shown.message_id >= before and "100000,000 kWh" in shown.text
        ]
        assert len(at_primary) == 1


@on_sqlite
async def test_a_second_report_is_said_and_changes_nothing(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank()) as bench:
        await programmed(technician)
        await bench.agent.work.program(1, lambda *_: None, again=True)
        await bench.agent.tell()
        await technician.saw("è stato programmato di nuovo dopo il primo rapporto")
    assert await state_of(world) is ProgrammingState.PROGRAMMED
    assert [entry.outcome for entry in await world.audit(AuditAction.DEVICE_PROGRAMMED)] == [
        "confirmed",
        "again",
    ]


class TestProduction:
    """A service that takes no simulated devices."""

    @pytest.fixture
    def bot_settings(self) -> Mapping[str, object]:
        return {**GATEWAY, "bridge_simulated": False}

    @on_sqlite
    async def test_a_simulated_device_counts_for_nothing(
        self, world: World, declared: Chat, technician: Chat, tmp_path: Path
    ) -> None:
        world.allowed_errors.add("bridge.report_refused")
        await assigned(declared)
        home = laptop(tmp_path)
        await paired(world, technician, home)
        async with running(world, home, blank()):
            await opened(technician)
            await technician.sees("È il dispositivo giusto", "Dispositivo simulato")
            await technician.press("Programma")
            await technician.saw("Il dispositivo è simulato: questo servizio non lo accetta")
        assert await state_of(world) is ProgrammingState.FAILED


@on_sqlite
async def test_another_integrators_jobs_do_not_exist(world: World, declared: Chat, rival: Chat) -> None:
    await assigned(declared)
    shown = await rival.says("/jobs", "no open jobs")
    for action in ("job", "job_connect", "job_program", "job_cancel", "job_hand_over", "job_confirm_by_hand"):
        world.forge(f"1.e.{action}.1", person=2, message_id=shown.message_id)
        await world.settled()
        await rival.saw("not there any more")
    assert await state_of(world) is ProgrammingState.ASSIGNED


@on_sqlite
async def test_a_deleted_association_takes_its_job_along(
    world: World, declared: Chat, technician: Chat
) -> None:
    await assigned(declared)
    await declared.says(POD, "già associata", button="Elimina")
    await declared.press("Elimina")
    await declared.press("Sì, elimina")
    await declared.saw("Associazione eliminata")
    at = world.ports.clock.now()
    await world.database.write(lambda connection: upkeep.check_associations(connection, at))
    await technician.sees("è stato ritirato")
    assert await state_of(world) is ProgrammingState.CANCELLED


async def test_a_laptop_that_is_revoked_in_the_middle_gives_its_job_back(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home = laptop(tmp_path)
    await paired(world, technician, home)
    async with running(world, home, blank(), manual):
        await opened(technician)
        await technician.sees("È il dispositivo giusto")
        await technician.press("Programma")
        await technician.saw("Carica il file con il programma del dispositivo")
        await technician.says("/portatili", button="🟢")
        await technician.press("🟢")
        await technician.press("Revoca")
        await technician.press("Sì, revoca")
        await technician.sees("è revocato")
    assert await state_of(world) is ProgrammingState.RUNNING
    at = world.ports.clock.now()
    await world.database.write(lambda connection: runs.release(connection, at))
    await technician.saw("non è riuscita", "si è spento")
    assert await state_of(world) is ProgrammingState.FAILED
