"""From the chat to the device and back: assigned, connected, programmed, read back, confirmed on site."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from device_bridge.ab.values import Led, Model
from device_bridge.simulator.device import Configuration
from sandbox import showcase
from tests.programming.benches import GATEWAY, blank, laptop, paired, running
from tests.support import Chat, World

POD = next(case.pod for case in showcase.cases() if case.associated_by == showcase.OURS)


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    return GATEWAY


@pytest.fixture
async def technician(world: World) -> AsyncIterator[Chat]:
    async with world.chat(4) as chat:
        await chat.says("/start", button="I miei lavori")
        await chat.press("I miei lavori")
        await chat.press("Accetto")
        await chat.sees("Non hai lavori aperti")
        yield chat


async def assigned(chat: Chat, to: str = "Tecnico") -> None:
    """The configurator assigns the programming of the associated device."""
    await chat.says(POD, "già associata", button="Programma")
    await chat.press("Programma")
    await chat.sees("Chi programma")
    await chat.press(to)
    await chat.sees("Dove si trova")
    await chat.says("Via Roma 1, cantina", "Qualcosa da sapere")
    await chat.press("Salta")


async def test_a_device_is_programmed_from_the_chat_and_confirmed_on_site(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    await declared.sees("Lavoro assegnato a Tecnico", "da fare")
    told = await technician.sees("ti ha dato il lavoro", "Via Roma 1")
    home, device = laptop(tmp_path), blank()
    await paired(world, technician, home)
    async with running(home, device) as bench:
        await technician.says("/lavori", button=POD[-8:])
        await technician.press(POD[-8:])
        await technician.sees("Via Roma 1, cantina", button="Collega il dispositivo")
        await technician.press("Collega il dispositivo")
        await technician.sees("È il dispositivo giusto", "Non è ancora configurato", button="Programma")
        await technician.press("Programma")
        card = await technician.saw("Programmato e riletto", "Contatore di scambio: raggiunto")
        assert device.configuration == Configuration(POD, Model.PRIMARY)
        assert device.led is Led.GREEN
        await technician.sees("Manca la tua conferma")
        await technician.press("Conferma in campo")
        await technician.sees("Vuoi allegare una foto")
        await technician.press("Senza foto")
        await technician.sees("posizione")
        await technician.press("Senza posizione")
        await technician.sees("Confermi l’installazione")
        await technician.press("Conferma in campo")
        await technician.saw("Confermato.", "Confermato in campo")
        shown, content = await technician.document("Rapporto di installazione")
        assert content.startswith(b"%PDF")
    assert told.message_id < card.message_id < shown.message_id
    await declared.saw("Installazione confermata", "Il dispositivo è stato riletto")
    await declared.says(POD, "Confermata in campo")
    assert bench.heard[0][0] == "online"
