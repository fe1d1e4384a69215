"""The report on associations in the chat: filters, the calendar, pages, cards, files."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

from python_calamine import CalamineWorkbook

from backend.associations import report
from backend.associations import service as associations
from backend.associations.values import Association
from backend.core.audit.values import AuditAction
from backend.core.clock import ROME
from tests.acceptance.walks import MOME, PLAIN, associate
from tests.support import Chat, World

STAFF, THEIRS = 4, 2


MONTHS = ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"]


def named(month: date) -> str:
    """A month as the calendar's head says it."""
    return f"{MONTHS[month.month - 1]} {month.year}"


async def to_the_report(chat: Chat) -> None:
    await chat.says("/report", "Report associazioni", "Imposta almeno un filtro")


async def filtered(chat: Chat, button: str, question: str, choice: str, told: str) -> None:
    """Set a filter by pressing."""
    await chat.press(button)
    await chat.sees(question)
    await chat.press(choice)
    await chat.sees("Report associazioni", told)


def today(world: World) -> date:
    assert world.clock is not None
    return world.clock.now().astimezone(ROME).date()


async def test_the_report_is_filtered_by_the_calendar_shown_and_exported(
    world: World, declared: Chat
) -> None:
    await associate(declared)
    await world.settled()
    await to_the_report(declared)
    shown = await declared.sees("Imposta almeno un filtro", button="POD produzione")
    assert not any("Cerca" in label or "Ditta" in label for label in shown.labels)
    await declared.press("Data")
    await declared.sees("Associate da quando?", button="‹")
    month = today(world).replace(day=1)
    before = month - timedelta(days=1)
    await declared.press("‹")
    shown = await declared.sees("Associate da quando?", button=named(before))
    assert {str(day) for day in range(1, before.day + 1)} <= set(shown.labels)
    await declared.press("·")  # a place without a day
    await world.settled()
    await declared.press("15")
    shown = await declared.sees(f"Dal {before.replace(day=15):%d/%m/%Y} al…", button="Al: oggi")
    assert f"[{today(world).day}]" in shown.labels
    await declared.press("Al: oggi")
    await declared.sees(f"Data: dal {before.replace(day=15):%d/%m/%Y} a oggi", button="☑️ Data")
    await declared.press("🔎 Cerca")
    shown = await declared.sees("2 associazioni trovate", PLAIN, "MOME · Standard", "Configuratore")

    await declared.press("Esporta CSV", on=shown)
    document, content = await declared.document("Report associazioni: 2 righe")
    assert document.raw["document"]["file_name"] == "associazioni.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    row, colleagues = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    card = await found(world, 3)
    assert row == {
        "POD": PLAIN,
        "SID": MOME,
        "NID": card.nid,
        "TIPO DISPOSITIVO": "MOME",
        "TIPO ASSOCIAZIONE": "Standard",
        "POD PRODUZIONE": "",
        "NOME CONFIGURATORE": "Configuratore",
        "DITTA CONFIGURATRICE": "Impianti Demo",
        "DATA ASSOCIAZIONE": card.created_at.astimezone(ROME).strftime("%d/%m/%Y %H:%M"),
        "CONFERMA IN CAMPO": "",
        "DATA ELIMINAZIONE": "",
    }
    assert tuple(row) == report.TITLES
    assert colleagues["NOME CONFIGURATORE"] == "Collega"
    await declared.press("Esporta XLSX", on=shown)
    document, content = await declared.document("Report associazioni: 2 righe", after=document.message_id)
    assert document.raw["document"]["file_name"] == "associazioni.xlsx"
    head, line, _ = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert tuple(head) == report.TITLES
    cells = [cell.strftime("%d/%m/%Y %H:%M") if isinstance(cell, datetime) else cell for cell in line]
    assert cells == list(row.values())
    entries = await world.audit(AuditAction.ASSOCIATIONS_EXPORTED)
    assert [entry.detail for entry in entries] == [
        {"format": "csv", "lines": 2},
        {"format": "xlsx", "lines": 2},
    ]
    await declared.press(f"{PLAIN} ·", on=shown)
    await declared.sees(f"Associazione n. {card.id}", MOME, button="File SCP")


async def found(world: World, number: int) -> Association:
    made = await world.database.long_read(lambda connection: associations.of_any(connection, number))
    assert made is not None
    return made
