"""Bulk requests through the chat: a file is checked, loaded, processed, and its SCP files are fetched."""

from __future__ import annotations

import csv
import io
import zipfile

from backend.core.audit.values import AuditAction
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
from tests.support import Chat, Switchboard, World


async def test_a_file_is_checked_loaded_and_its_scp_files_come_as_an_archive(
    declared: Chat, world: World
) -> None:
    await send(declared, good(3), "Controllo di impianti.csv", "3 righe da creare", button="Carica")
    before = len(await world.audit(AuditAction.ASSOCIATION_CREATED))
    await declared.press("Carica le 3 righe buone")
    await declared.saw("Richiesta n. 1 elaborata", "3 create")
    await world.settled()
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata", "3 create")
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED)) == before + 3

    await declared.press("File SCP", on=card)
    _, content = await declared.document("richiesta n. 1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = list(csv.reader(io.StringIO(archive.read("elenco.csv").decode("utf-8-sig")), delimiter=";"))
        names = [row[2] for row in listed[1:]]
        assert sorted(archive.namelist()) == sorted([*names, "elenco.csv"])
    assert [row[4] for row in listed[1:]] == ["pronto"] * 3


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
    shown = await send(declared, content, "Controllo di", "2 righe da creare", "4 righe da correggere")
    assert "2 già associate" in shown.text
    assert "riga 6: POD inserito inesistente" in shown.text
    assert "riga 7: è un POD di produzione: indicare il POD di scambio" in shown.text
    assert "riga 8: POD: lo stesso punto di prelievo è alla riga 2" in shown.text
    assert "riga 9: POD: non è un POD" in shown.text
    assert [each.id for each in await world.audit(AuditAction.ASSOCIATION_CREATED)] == [
        each.id for each in before
    ]


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


async def test_colleagues_see_a_request_and_others_do_not(declared: Chat, world: World) -> None:
    await send(declared, good(1, 90), "1 riga da creare")
    await declared.press("Carica la riga buona")
    await declared.saw("Richiesta n. 1 elaborata")
    for person, says in ((1, "impianti.csv · elaborata"), (2, "No requests yet")):
        async with world.chat(person) as other:
            await other.type("/massiva")
            await other.press("Accetto" if person == 1 else "I accept")
            await (other.sees("Configurazione massiva", button=says) if person == 1 else other.sees(says))


async def test_a_file_that_telegram_no_longer_has_is_asked_for_again(declared: Chat, world: World) -> None:
    world.api.faults.switch([Fault(FaultKind.FILE_GONE, "getFile")])
    await send(declared, good(1), "non è più su Telegram")


async def test_a_file_of_more_than_20_mb_is_refused_at_once(declared: Chat, world: World) -> None:
    await send(declared, b"x" * (20 * 1024 * 1024 + 1), "supera i 20 MB")
    assert not [event for event in world.events("job.ended") if event.get("kind") == "bulk_check"]


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
