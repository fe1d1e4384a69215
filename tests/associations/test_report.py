"""The report on associations in the chat: filters, the calendar, pages, cards, files."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, insert

from backend.associations import report
from backend.associations import service as associations
from backend.associations.values import Association
from backend.core.audit.values import AuditAction
from backend.core.clock import ROME
from backend.identity import service as identity
from backend.identity.models import integrators
from backend.identity.permissions import StaffRole
from sandbox import showcase
from tests.acceptance.walks import MOME, PLAIN, associate
from tests.associations.test_report_service import add
from tests.fixtures.worlds import declare
from tests.identity.test_companies import joins
from tests.samples import START
from tests.support import Chat, World, on_sqlite

STAFF, THEIRS = -1, 2
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


async def files_shown(chat: Chat) -> list[int]:
    return [each.message_id for each in (await chat.screen()).messages if each.kind == "document"]


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
    await declared.press("Data associazione")
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
    assert str(today(world).day) in shown.labels
    assert str(today(world).day + 1) not in shown.labels  # it is to come
    await declared.press("Al: oggi")
    await declared.sees(
        f"Data associazione: dal {before.replace(day=15):%d/%m/%Y} a oggi", button="☑️ Data associazione"
    )
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
        "FATTORE K": "",
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
    await declared.press("‹ Ai risultati")
    await declared.sees("2 associazioni trovate", PLAIN)


async def found(world: World, number: int) -> Association:
    made = await world.database.long_read(lambda connection: associations.of_any(connection, number))
    assert made is not None
    return made


@on_sqlite
async def test_each_filter_is_set_and_cleared_and_no_search_begins_without_one(
    world: World, declared: Chat
) -> None:
    await associate(declared)
    await world.settled()
    card = await found(world, 3)
    await to_the_report(declared)
    for button, question, text, told in (
        ("POD", "Quale POD cerchi?", f"{PLAIN[:2]} {PLAIN[2:]}", f"POD: {PLAIN}"),
        ("SID", "Quale SID cerchi? Scrivilo, o manda una foto dell’etichetta.", MOME.lower(), f"SID: {MOME}"),
        ("NID", "Quale NID cerchi? Scrivilo, o manda una foto dell’etichetta.", card.nid, f"NID: {card.nid}"),
        (
            "Data associazione",
            "Associate da quando?",
            "dal 1/1/2024 al 3/2/2024",
            "Data associazione: dal 01/01/2024 al 03/02/2024",
        ),
    ):
        await declared.press(button)
        await declared.sees(question)
        await declared.says(text, told, button="🔎 Cerca")
    await declared.press("Data associazione")
    await declared.sees("Associate da quando?", button="Togli il filtro")
    await declared.press("Togli il filtro")
    shown = await declared.sees("Report associazioni", button="🔎 Cerca")
    assert "Data associazione:" not in shown.text
    for button, question, choice, told in (
        ("Tipo dispositivo", "Quale dispositivo", "MOME", "Tipo dispositivo: MOME"),
        ("Tipo associazione", "Quale tipo", "Standard", "Tipo associazione: Standard"),
        ("Configuratore", "Chi ha fatto", "Configuratore", "Configuratore: Configuratore"),
        ("Conferma in campo", "Confermate in campo", "No", "Conferma in campo: No"),
        ("Stato", "Quali associazioni", "In essere", "Stato: In essere"),
    ):
        await filtered(declared, button, question, choice, told)
    await declared.press("🔎 Cerca")
    await declared.sees("Un’associazione trovata", PLAIN)
    await declared.press("Filtri")
    await filtered(declared, "Stato", "Quali associazioni", "Eliminate", "Stato: Eliminate")
    await declared.press("🔎 Cerca")
    await declared.sees("Nessuna associazione trovata", "Togli un filtro")
    await declared.press("Nuova ricerca")
    shown = await declared.sees("Imposta almeno un filtro")
    post = next(button.data for button in shown.buttons if button.data is not None).split(".")[0]
    files = await files_shown(declared)
    for forged in ("areport_list._", "areport_list.0_", "areport_csv.0", "areport_xlsx.0", "weekly_begin.0"):
        world.forge(f"{post}.e.{forged}", message_id=shown.message_id)
        await world.settled()
        shown = await declared.saw("Imposta almeno un filtro", on=shown)
    assert await files_shown(declared) == files
    await declared.press("Report settimanali", on=shown)
    await declared.sees("Non hai report settimanali")


@on_sqlite
async def test_the_last_day_is_picked_or_typed_and_never_before_the_first(
    world: World, declared: Chat
) -> None:
    await to_the_report(declared)
    await declared.press("Data associazione")
    await declared.sees("Associate da quando?", button="‹")
    before = today(world).replace(day=1) - timedelta(days=1)
    await declared.press("‹")
    await declared.sees("Associate da quando?", button=named(before))
    await declared.press("15")
    await declared.sees("al…", button="Indietro")
    await declared.says(f"{before.replace(day=14):%d/%m/%Y}", "non può venire prima")
    await declared.says("boh", "Non riconosco il giorno", button="Indietro")
    await declared.press("‹")
    shown = await declared.sees("al…", button=named(before))
    assert "14" not in shown.labels
    assert "»" not in shown.labels
    await declared.press("16")
    await declared.sees(
        f"Data associazione: dal {before.replace(day=15):%d/%m/%Y} al {before.replace(day=16):%d/%m/%Y}"
    )
    await declared.press("Data associazione")
    await declared.sees("Associate da quando?", button="«")
    await declared.press("Dall’inizio")
    await declared.sees("Scegli l’ultimo giorno")
    await declared.says("2/1/2026", "Data associazione: fino al 02/01/2026")


async def test_the_staff_sees_all_companies_and_no_button_that_changes_anything(
    world: World, declared: Chat
) -> None:
    await associate(declared)
    await world.settled()
    await world.give_staff_role(StaffRole.AUDITOR, world.people[STAFF].id)
    async with world.chat(STAFF) as staff:
        await staff.says("/start", button="📊 Report associazioni")
        await to_the_report(staff)
        await staff.press("Ditta")
        await staff.sees("Di quale ditta?")
        await staff.says("impianti demo", "Ditta: Impianti Demo", button="🔎 Cerca")
        await staff.press("🔎 Cerca")
        shown = await staff.sees("2 associazioni trovate")
        await staff.press(f"{PLAIN} ·", on=shown)
        card = await staff.sees("Associazione n. 3", MOME, button="Ai risultati")
        assert not any("Elimina" in label or "SCP" in label for label in card.labels)
        await staff.press("Ai risultati")
        await staff.sees("2 associazioni trovate")

        await staff.press("Filtri")
        await staff.press("Ditta")
        await staff.sees("Di quale ditta?")
        await staff.says("demo", "Con «demo» trovo 2 aziende: quale?", button="Elettro Demo")
        await world.database.write(many_companies)
        await staff.says("demo", "Con «demo» trovo 11 aziende, queste sono le prime 8: quale?")


def many_companies(connection: Connection) -> None:
    """Add companies of nearly the same name."""
    rows = [
        {"code": f"{number:011}", "business_name": f"Reti Demo {number}", "created_at": START}
        for number in range(1, 10)
    ]
    connection.execute(insert(integrators), rows)


@on_sqlite
async def test_pages_of_results_say_where_they_are(world: World, declared: Chat) -> None:
    def fill(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[0].id)
        assert actor is not None
        for number in range(18):
            add(connection, 50_000 + number, actor.acting_for.integrator_id, actor.person_id, START)

    await world.database.write(fill)
    await to_the_report(declared)
    await filtered(declared, "Stato", "Quali associazioni", "In essere", "Stato: In essere")
    await declared.press("🔎 Cerca")
    await declared.sees("19 associazioni trovate", "1–8 di 19", button="Precedenti")
    await declared.press("Precedenti")
    await declared.sees("19 associazioni trovate", "9–16 di 19", button="Precedenti")
    await declared.press("Precedenti")
    await declared.sees("19 associazioni trovate", "17–19 di 19", button="Più recenti")


@on_sqlite
async def test_who_is_not_enabled_finds_nothing_and_is_asked_for_no_declaration(
    world: World, chat: Chat
) -> None:
    await world.database.write(joins(world, showcase.OURS, enabled=False))
    await chat.says("/report", "Imposta almeno un filtro")
    await filtered(chat, "Stato", "Quali associazioni", "In essere", "Stato: In essere")
    await chat.press("🔎 Cerca")
    await chat.sees("Nessuna associazione trovata", "quando la tua azienda è abilitata")


@on_sqlite
async def test_another_companys_search_and_associations_are_not_there(world: World, declared: Chat) -> None:
    await associate(declared)
    await to_the_report(declared)
    await filtered(declared, "Stato", "Quali associazioni", "In essere", "Stato: In essere")
    await declared.press("🔎 Cerca")
    await declared.sees("2 associazioni trovate")
    async with world.chat(THEIRS) as other:
        await other.type("/lingua")
        await other.press("Italiano")
        await declare(other)
        theirs = await other.says("/start", "Incolla un POD")
        post = next(button.data for button in theirs.buttons if button.data is not None).split(".")[0]
        for action in ("areport.1", "areport_list.1_", "areport_csv.1", "areport_xlsx.1", "weekly_begin.1"):
            world.forge(f"{post}.e.{action}", person=THEIRS, message_id=theirs.message_id)
            await other.saw("Questa ricerca non c’è più", on=theirs)
            await other.press("🏠 Inizio", on=theirs)
            await other.saw("Incolla un POD", on=theirs)
        world.forge(f"{post}.e.areport_row.3_1", person=THEIRS, message_id=theirs.message_id)
        await other.saw("non c’è più, o non è della tua azienda", on=theirs)
