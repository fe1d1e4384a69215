"""Bulk requests through the chat: a file is checked, loaded, processed, and its SCP files are fetched."""

from __future__ import annotations

import csv
import io
import zipfile

from backend.core.audit.values import AuditAction
from tests.bulk.sheets import (
    OTHERS_ALREADY,
    OURS_ALREADY,
    PLAIN,
    PRODUCTION,
    PROSUMER,
    UNKNOWN,
    good,
    line,
    send,
    sheet,
)
from tests.support import Chat, World


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
