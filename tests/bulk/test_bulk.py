"""Bulk requests through the chat: a file is checked, loaded, processed, and its SCP files are fetched."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest

from backend.core.audit.values import AuditAction
from backend.scp.errors import ScpSourceFailed
from backend.scp.source import GeneratedScpSource
from backend.scp.values import ScpRequest
from bot.core.feature import CALLS
from sandbox.faults import Fault, FaultKind
from tests.bulk.sheets import (
    FIRST_PRODUCTION,
    OTHERS_ALREADY,
    OURS_ALREADY,
    PLAIN,
    PRODUCTION,
    PROSUMER,
    UNKNOWN,
    good,
    line,
    plain_pods,
    send,
    sheet,
)
from tests.support import Chat, Switchboard, World, on_sqlite


async def test_a_file_is_checked_loaded_and_its_scp_files_come_as_an_archive(
    declared: Chat, world: World
) -> None:
    await send(declared, good(3), "Controllo di impianti.csv", "3 righe da creare", button="Carica")
    before = len(await world.audit(AuditAction.ASSOCIATION_CREATED))
    await declared.press("Carica le 3 righe buone")
    await declared.saw("Richiesta n. 1 elaborata", "3 create")
    await world.settled()
    assert not world.events("dialogue.result_unclaimed")
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata", "3 create")
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED)) == before + 3

    await declared.press("File SCP", on=card)
    _, content = await declared.document("richiesta n. 1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
        checks = {name: sha256(archive.read(name)).hexdigest() for name in names if name != "elenco.csv"}
    listed = listed_in(content)
    assert {row[2]: row[3] for row in listed} == checks
    assert names == sorted([*checks, "elenco.csv"])
    assert [row[4] for row in listed] == ["pronto"] * 3
    await world.settled()
    assert len(await world.audit(AuditAction.SCP_DELIVERED)) == 3
    texts = [shown.text for shown in (await declared.screen()).from_bot]
    assert "⏳ Preparo il file…" not in texts
    assert texts.count("✅ Ecco il file.") == 1


async def test_the_dry_run_names_every_fault_and_creates_nothing(declared: Chat, world: World) -> None:
    content = sheet(
        [
            line(PLAIN, 10),
            line(PROSUMER, 11, "prosumer"),
            line(OURS_ALREADY, 12),
            line(OTHERS_ALREADY, 13),
            line(UNKNOWN, 14),
            line(PRODUCTION, 15),
            line(PLAIN, 16),
            "IT001E1;048600000002;Forse",
        ]
    )
    before = await world.audit(AuditAction.ASSOCIATION_CREATED)
    shown = await send(declared, content, "Controllo di", "2 righe da creare", "6 righe da correggere")
    assert "riga 4: già associato, a un altro dispositivo" in shown.text
    assert "riga 5: già associato" in shown.text
    assert "riga 6: POD inserito inesistente" in shown.text
    assert "riga 7: è un POD di produzione: scrivi il POD di scambio" in shown.text
    assert "riga 8: POD: lo stesso punto di prelievo è alla riga 2" in shown.text
    assert "riga 9: POD: non è un POD" in shown.text
    assert [each.id for each in await world.audit(AuditAction.ASSOCIATION_CREATED)] == [
        each.id for each in before
    ]


async def test_a_row_that_is_so_already_is_not_to_be_created(declared: Chat, world: World) -> None:
    await send(declared, good(1, 50), "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata", "1 creata")
    await world.settled()
    again = [line(PLAIN, 50), line(PLAIN.lower() + "9", 50)]
    for content, says in (
        (sheet([again[0], ""]) + b"\r\n", "1 già associata"),
        (sheet([again[1]]), "1 già associata"),
        (sheet([line(PLAIN, 51)]), "riga 2: già associato, a un altro dispositivo"),
        (sheet([line(PLAIN, 50, "Prosumer")]), "riga 2: già associato, con un’altra configurazione"),
    ):
        await send(declared, content, says)


@on_sqlite
async def test_a_device_in_use_is_found_by_the_dry_run(declared: Chat, world: World) -> None:
    await send(declared, good(1, 50), "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata")
    await world.settled()
    await send(declared, sheet([line(plain_pods(2)[1], 50)]), "riga 2: il dispositivo è già associato")


@on_sqlite
async def test_expired_and_failed_scp_files_are_made_again(
    declared: Chat, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GeneratedScpSource, "make", _fails)
    world.allowed_errors.add("scp.failed")
    await send(declared, good(2), "2 righe da creare")
    await declared.press("Carica le 2 righe buone")
    await declared.saw("Richiesta n. 1 elaborata", "2 create")
    await world.settled()
    monkeypatch.undo()
    assert await states(declared, world) == ["in arrivo"] * 2
    assert await states(declared, world) == ["pronto"] * 2
    world.later(timedelta(days=31))
    await declared.says("/massiva", "dichiari", button="Accetto")
    await declared.press("Accetto")
    await declared.sees("Configurazione massiva", button="n. 1")
    assert await states(declared, world) == ["in arrivo"] * 2
    assert await states(declared, world) == ["pronto"] * 2


async def states(chat: Chat, world: World) -> list[str]:
    """The states of the SCP files in the archive of request 1."""
    await chat.says("/massiva", "Configurazione massiva", button="n. 1")
    await chat.press("n. 1")
    asked = await chat.sees("Richiesta n. 1", button="File SCP")
    await chat.press("File SCP")
    _, content = await chat.document("richiesta n. 1", after=asked.message_id)
    await world.settled()
    return [row[4] for row in listed_in(content)]


async def _fails(self: GeneratedScpSource, wanted: ScpRequest) -> bytes:
    raise ScpSourceFailed("down")


def listed_in(content: bytes) -> list[list[str]]:
    """The list in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("elenco.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


@on_sqlite
async def test_files_that_wait_for_the_central_system_delay_no_look_up(
    declared: Chat, world: World, central: Switchboard
) -> None:
    *pods, another = plain_pods(CALLS.concurrency + 2)
    gate = central.hold(*pods)
    central.hold(another).set()  # a job too, which has its answer at once
    for at, pod in enumerate(pods):
        await declared.phone.send_file(sheet([line(pod, 60 + at)]), name=f"{at}.csv")
        await declared.saw(f"Controllo {at}.csv")
    await declared.says(another, "Fornitura ammissibile")
    gate.set()
    for at in range(len(pods)):
        await declared.saw(f"Controllo di {at}.csv", "1 riga da creare")


async def test_a_restart_in_the_middle_goes_on_where_it_stopped(
    declared: Chat, world: World, central: Switchboard
) -> None:
    before = len(await world.audit(AuditAction.ASSOCIATION_CREATED))
    await send(declared, good(6, 80), "6 righe da creare")
    gate = central.hold(plain_pods(6)[3])
    await declared.press("Carica le 6 righe buone")
    await declared.saw("Richiesta n. 1", "5 di 6")
    await world.stop()
    gate.set()
    await world.start()
    await declared.saw("Richiesta n. 1 elaborata", "6 create")
    await world.settled()
    created = await world.audit(AuditAction.ASSOCIATION_CREATED)
    assert len(created) == before + 6
    assert len({each.point for each in created}) == len(created)


@on_sqlite
async def test_colleagues_see_a_request_and_others_do_not(declared: Chat, world: World) -> None:
    await send(declared, good(1, 90), "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata")
    for person, says in ((1, "impianti.csv · 1 di 1 create"), (2, "No requests yet")):
        async with world.chat(person) as other:
            await other.type("/massiva")
            await other.press("Accetto" if person == 1 else "I accept")
            await (other.sees("Configurazione massiva", button=says) if person == 1 else other.sees(says))


@on_sqlite
async def test_a_file_that_telegram_no_longer_has_is_asked_for_again(declared: Chat, world: World) -> None:
    world.api.faults.switch([Fault(FaultKind.FILE_GONE, "getFile")])
    await send(declared, good(1), "non è più su Telegram")


@on_sqlite
async def test_a_file_of_more_than_20_mb_is_refused_at_once(declared: Chat, world: World) -> None:
    await send(declared, b"x" * (20 * 1024 * 1024 + 1), "supera i 20 MB")
    assert not [event for event in world.events("job.ended") if event.get("kind") == "bulk_check"]


@on_sqlite
async def test_a_file_that_comes_in_the_middle_of_a_dialogue_leaves_its_question(
    declared: Chat, world: World
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.press("Associa un dispositivo")
    await declared.press("MOME")
    await declared.sees("Scrivi il SID o il NID")
    await declared.phone.send_file(good(1, 95), name="impianti.csv")
    await declared.saw("Controllo di impianti.csv", "1 riga da creare")
    await world.settled()
    dialogue = await world.dialogue()
    assert dialogue is not None
    assert dialogue.step == "device"


async def test_a_production_pod_is_chosen_in_alphabetical_order(declared: Chat, world: World) -> None:
    await send(declared, sheet([line(PROSUMER, 97, "Prosumer")]), "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata", "1 creata")
    await world.settled()
    await declared.says(PROSUMER, "già associat", FIRST_PRODUCTION)
