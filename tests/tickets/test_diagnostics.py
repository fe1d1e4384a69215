"""A diagnostic report of the technician's own laptop as a file of a request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from backend.core.clock import ManualClock
from conversations.core.texts import texts
from conversations.tickets.diagnostics import report
from sandbox import showcase
from tests.programming.benches import GATEWAY, NID, blank, laptop, paired, running
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_files import to_the_description

TECHNICIAN = 4


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    return GATEWAY


async def declare(chat: Chat) -> None:
    """Accept the declaration, as a technician does."""
    await chat.says("/start", button="I miei lavori")
    await chat.press("I miei lavori")
    await chat.press("Accetto")
    await chat.sees("Non hai lavori aperti")


async def to_the_attachments(chat: Chat) -> None:
    await to_the_description(chat)
    await chat.says(f"Non comunica: {showcase.pod_number(1)}", "Vuoi allegare qualcosa?")


async def test_what_a_laptop_knows_goes_with_a_request(world: World, tmp_path: Path) -> None:
    async with world.chat(TECHNICIAN) as technician:
        home = laptop(tmp_path)
        await declare(technician)
        await paired(world, technician, home)
        async with running(world, home, blank()) as bench:
            await bench.told_its_jobs()
            await to_the_attachments(technician)
            await technician.press("Diagnostica dal portatile")
            await technician.sees("Ricevuto: 1 documento.", button="Continua")
        await technician.press("Continua")
        await technician.sees("Invio questa richiesta?", button="✅ Invia")
        await technician.press("✅ Invia")
        await technician.saw("Richiesta inviata", "Allegati: 1 documento")
        await technician.press("Allegati (1)")
        shown, content = await technician.document("Richiesta n. 1")
        text = content.decode("utf-8-sig")
        assert text.startswith("Diagnostica dal portatile\n")
        assert f"nid: {NID}" in text
        assert shown.raw["document"]["file_name"].startswith("diagnostica-")


@on_sqlite
async def test_a_laptop_that_is_not_connected_is_said_to_be_so(world: World, tmp_path: Path) -> None:
    async with world.chat(TECHNICIAN) as technician:
        await declare(technician)
        await paired(world, technician, laptop(tmp_path))
        await to_the_attachments(technician)
        await technician.press("Diagnostica dal portatile")
        await technician.sees("non è collegato", "Vuoi allegare qualcosa?", button="Continua senza")


@on_sqlite
async def test_who_has_no_laptop_is_offered_none(declared: Chat) -> None:
    await to_the_attachments(declared)
    shown = await declared.sees("Vuoi allegare qualcosa?", button="Continua senza")
    assert not any("Diagnostica" in label for label in shown.labels)


def test_what_failed_stands_in_the_report_with_its_reason(world_clock: ManualClock) -> None:
    seen = {
        "result": {
            "devices": [
                {"port": "/dev/ttyACM0", "reason": "device.silent", "values": {"seconds": 3}},
                {"port": "/dev/ttyACM1", "nid": NID, "links": {"primary": "ok"}, "pod": None},
            ]
        },
        "reason": "",
    }
    readings = {NID: {"reason": "", "result": {"imported": 5, "diagnostics": [DIAGNOSTIC]}}}
    text = report(texts("it"), None, seen, readings, world_clock.now())
    for line in (
        "Non riuscito: device.silent (seconds=3)",
        f"nid: {NID}",
        "link primary: ok",
        "imported: 5",
        "diagnostics 1.2: 3",
    ):
        assert line in text.splitlines()
    alone = report(texts("en"), None, {"reason": "", "result": {}}, {}, world_clock.now())
    assert "No device is connected." in alone


DIAGNOSTIC = {"kind": 1, "code": 2, "number": 3}
