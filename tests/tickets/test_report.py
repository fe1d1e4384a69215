"""The report on requests for assistance, and finding them, in the chat."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import Connection

from backend.core.audit.values import AuditAction
from backend.core.clock import ROME
from backend.core.searches import service as searches
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.tickets import report
from backend.tickets import service as tickets
from backend.tickets.values import NewTicket, Ticket
from sandbox import showcase
from tests.identity.prepared import TICKET
from tests.identity.test_companies import joins
from tests.samples import NID_A, SID_A
from tests.support import Chat, World, on_sqlite

POD, OTHER_POD = showcase.pod_number(1), showcase.pod_number(2)
STAFF = 4
OURS, COLLEAGUE, THEIRS = 0, 1, 2


async def opened(world: World, person: int = OURS, text: str = "non parte", **values: Any) -> Ticket:
    """A ticket of one of the people."""
    wanted: NewTicket = replace(TICKET, description=text, **values)

    def work(connection: Connection) -> Ticket:
        actor = identity.actor_of(connection, world.people[person].id)
        assert actor is not None
        assert world.clock is not None
        return tickets.open_ticket(connection, actor, wanted, world.clock.now())

    return await world.database.write(work)


async def as_staff(world: World, work: str, ticket_id: int, text: str) -> None:
    """Let the staff do something with a ticket."""
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)

    def act(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[STAFF].id)
        assert actor is not None
        assert world.clock is not None
        getattr(tickets, work)(connection, actor, ticket_id, text, world.clock.now())

    await world.database.write(act)


async def to_the_report(chat: Chat) -> None:
    listed = await chat.says("/richieste", "Richieste di assistenza", button="Report richieste")
    await chat.press("Report richieste", on=listed)
    await chat.sees("Report richieste di assistenza", button="🔎 Cerca")


async def filtered(chat: Chat, button: str, question: str, text: str) -> None:
    """Set a filter by typing."""
    await chat.press(button)
    await chat.sees(question)
    await chat.says(text, "Report richieste di assistenza", button="☑️")


def at(moment: datetime) -> str:
    return moment.astimezone(ROME).strftime("%d/%m/%Y %H:%M")


async def test_the_report_is_filtered_shown_and_exported_and_both_files_say_what_the_screen_says(
    world: World, declared: Chat
) -> None:
    first = await opened(world, pod=POD, sid=SID_A, nid=NID_A)
    await opened(world, THEIRS, pod=POD)
    await opened(world, COLLEAGUE, pod=OTHER_POD)
    await as_staff(world, "close", first.id, "Cambiato il cavo")
    world.later(timedelta(days=3, hours=1))
    await opened(world, pod=POD, production_pod=OTHER_POD)

    await declared.saw("Richiesta n. 1 chiusa")
    await to_the_report(declared)
    shown = await declared.sees("Nessun filtro", button="🔎 Cerca")
    assert not any("Azienda" in label for label in shown.labels)
    await declared.press("🔎 Cerca")
    shown = await declared.sees("3 richieste trovate", "n. 1 · ✅ Chiuso", f"POD {OTHER_POD}", button="n. 4")
    assert "n. 2 " not in shown.text  # of another company
    await declared.press("✏️ Filtri")
    await declared.sees("Nessun filtro")
    await filtered(declared, "POD", "Quale POD cerchi?", f"{POD[:2]} {POD[2:]}")
    await declared.sees(f"POD: {POD}")
    await filtered(declared, "Apertura", "Aperte quando?", "dal 1/1/2024")
    await declared.sees("Apertura: dal 01/01/2024", button="☑️ Apertura")
    await declared.press("🔎 Cerca")
    shown = await declared.sees("2 richieste trovate", "n. 4 · ⏳ Aperto", "n. 1 · ✅ Chiuso")

    await declared.press("Esporta CSV", on=shown)
    document, content = await declared.document("Report richieste: 2 righe")
    assert document.raw["document"]["file_name"] == "richieste-assistenza.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert tuple(rows[0]) == report.COLUMNS
    assert [(row["#SEGNALAZIONE"], row["STATO"], row["TIME"]) for row in rows] == [
        ("4", "Aperto", "0"),
        ("1", "Chiuso", "0"),
    ]
    assert rows[1] == {
        "DETTAGLI": f"https://t.me/{world.bot.username}?start=richiesta_1",
        "#SEGNALAZIONE": "1",
        "DATA APERTURA": at(first.opened_at),
        "DATA CHIUSURA": at(first.opened_at),
        "POD": POD,
        "POD PRODUZIONE": "",
        "SID": SID_A,
        "NID": NID_A,
        "STATO": "Chiuso",
        "RICHIEDENTE": first.requester,
        "TIME": "0",
    }
    await declared.press("Esporta XLSX", on=shown)
    document, content = await declared.document("Report richieste: 2 righe", after=document.message_id)
    assert document.raw["document"]["file_name"] == "richieste-assistenza.xlsx"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert sheet.name == "Richieste"
    head, *body = sheet.to_python()
    assert tuple(head) == report.COLUMNS
    for row, line in zip(body, rows, strict=True):
        cells = [cell.strftime("%d/%m/%Y %H:%M") if isinstance(cell, datetime) else cell for cell in row]
        assert [str(int(cell)) if isinstance(cell, float) else cell for cell in cells] == list(line.values())
    entries = await world.audit(AuditAction.TICKETS_EXPORTED)
    assert [entry.detail for entry in entries] == [
        {"format": "csv", "lines": 2},
        {"format": "xlsx", "lines": 2},
    ]
    await declared.press("n. 1", on=shown)
    await declared.sees("Richiesta n. 1", "Cambiato il cavo")
    assert "2 richieste trovate" in (await declared.message(shown.message_id)).text
    await declared.says("/start richiesta_4", "Richiesta n. 4", "In attesa da meno di un giorno")
    await declared.says("/start richiesta_2", "non c’è, o non è tua")


@on_sqlite
async def test_each_filter_is_set_by_typing_or_pressing_and_cleared(world: World, declared: Chat) -> None:
    await opened(world, pod=POD, sid=SID_A, nid=NID_A, production_pod=OTHER_POD, text="la spia lampeggia")
    await opened(world, COLLEAGUE)
    await to_the_report(declared)
    for button, question, text, told in (
        ("Numero", "Qual è il numero", "#1", "Numero: 1"),
        ("POD di produzione", "Quale POD di produzione", OTHER_POD, f"POD di produzione: {OTHER_POD}"),
        ("SID", "Quale SID", SID_A.lower(), f"SID: {SID_A}"),
        ("NID", "Quale NID", "0a:1b:2c:3d:4e:5f", f"NID: {NID_A}"),
        ("Parole", "Quali parole", "SPIA", "Parole: SPIA"),
        ("Chiusura", "Chiuse quando?", "ieri", "Chiusura: "),
    ):
        await filtered(declared, button, question, text)
        await declared.sees(told)
    await declared.press("Chiusura")
    await declared.sees("Chiuse quando?", button="Togli il filtro")
    await declared.press("Togli il filtro")
    await declared.sees("Report richieste di assistenza")
    await declared.press("Stato")
    await declared.sees("Quale stato", button="In Lavorazione")
    await declared.press("⏳ Aperto")
    await declared.sees("Stato: ⏳ Aperto")
    await declared.press("Richiedente")
    names = await declared.sees("Chi ha aperto la richiesta?", button=world.people[OURS].first_name)
    assert not any(world.people[THEIRS].first_name in label for label in names.labels)
    await declared.press(world.people[OURS].first_name, on=names)
    await declared.sees("Richiedente: ")
    await declared.press("Apertura")
    await declared.sees("Aperte quando?", button="30 giorni")
    await declared.press("30 giorni")
    shown = await declared.sees("Apertura: dal ")
    assert "Chiusura: " not in shown.text
    await declared.press("🔎 Cerca")
    await declared.sees("Una richiesta trovata", "n. 1 ")
    await declared.press("Nuova ricerca")
    await declared.sees("Nessun filtro")


@on_sqlite
async def test_what_is_no_value_of_a_filter_is_explained(world: World, declared: Chat) -> None:
    await opened(world)
    await to_the_report(declared)
    for button, question, text, error in (
        ("Numero", "Qual è il numero", "uno", "solo il numero"),
        ("POD", "Quale POD", "IT001", "non è un POD"),
        ("SID", "Quale SID", "corto", "non è un SID"),
        ("NID", "Quale NID", "corto", "non è un NID"),
        ("Parole", "Quali parole", "x", "da 2 a 100 caratteri"),
        ("Richiedente", "Chi ha aperto", "x" * 101, "da 2 a 100 caratteri"),
        ("Apertura", "Aperte quando?", "31/2/2026", "Non riconosco la data"),
        ("Stato", "Quale stato", "aperto", "⚠️"),
    ):
        await declared.press(button)
        await declared.sees(question)
        await declared.says(text, error, question, button="Annulla")
        await declared.press("Annulla")
        await declared.sees("Nessun filtro")


async def test_the_staff_sees_all_and_filters_by_company(world: World) -> None:
    await opened(world, pod=POD)
    await opened(world, THEIRS)
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    async with world.chat(STAFF) as staff:
        await staff.says("/start", button="📥 Richieste")
        await staff.says("/richieste", "Da prendere in carico", button="Report richieste")
        await staff.press("Report richieste")
        await staff.sees("Nessun filtro", button="Azienda")
        await staff.press("🔎 Cerca")
        await staff.sees("2 richieste trovate")
        await staff.press("Filtri")
        await staff.sees("Nessun filtro", button="Azienda")
        await staff.press("Azienda")
        await staff.sees("Di quale azienda?")
        await staff.says("nessuna così", "Nessuna azienda si chiama così")
        await staff.says("impianti demo", "Azienda: Impianti Demo")
        await staff.press("🔎 Cerca")
        shown = await staff.sees("Una richiesta trovata", "n. 1 ")
        assert "n. 2 " not in shown.text


@on_sqlite
async def test_who_is_not_enabled_finds_their_own_requests_only(world: World, chat: Chat) -> None:
    await opened(world, COLLEAGUE)
    await opened(world, OURS)
    await world.database.write(joins(world, showcase.OURS, enabled=False))
    await chat.says("/richieste", "Richieste di assistenza", button="Report")
    await chat.press("Report")
    await chat.sees("Nessun filtro")
    await chat.press("🔎 Cerca")
    shown = await chat.sees("Una richiesta trovata", "n. 2 ")
    assert "n. 1 " not in shown.text


@on_sqlite
async def test_a_search_of_somebody_else_or_of_long_ago_is_not_there(world: World, declared: Chat) -> None:
    await opened(world)
    await to_the_report(declared)
    await filtered(declared, "Numero", "Qual è il numero", "1")
    await declared.press("🔎 Cerca")
    shown = await declared.sees("Una richiesta trovata")
    async with world.chat(COLLEAGUE) as other:
        theirs = await other.says("/start", "Incolla un POD")
        post = next(button.data for button in theirs.buttons if button.data is not None).split(".")[0]
        for action in ("treport.1", "treport_list.1_", "treport_csv.1", "treport_xlsx.1"):
            world.forge(f"{post}.e.{action}", person=COLLEAGUE, message_id=theirs.message_id)
            await other.saw("Questa ricerca non c’è più", on=theirs)
            await other.press("🏠 Inizio", on=theirs)
            await other.saw("Incolla un POD", on=theirs)
    world.later(searches.KEPT_FOR + timedelta(minutes=1))

    def forget(connection: Connection) -> int:
        assert world.clock is not None
        return searches.forget_old(connection, world.clock.now())

    await world.database.write(forget)
    await declared.press("Esporta CSV", on=shown)
    await declared.sees("Questa ricerca non c’è più", button="Nuova ricerca")
    await declared.press("✏️ Filtri", on=shown)
    await declared.sees("Questa ricerca non c’è più", button="Nuova ricerca")


async def test_requests_are_found_by_number_code_and_words(world: World, declared: Chat) -> None:
    await opened(world, pod=POD, sid=SID_A, nid=NID_A, text="Il CONTATORE perché È spento")
    await opened(world, COLLEAGUE, production_pod=POD, text="altro")
    await opened(world, THEIRS, pod=POD, text="contatore loro")
    await as_staff(world, "note", 1, "parolasegreta")

    await declared.says("/richieste 1", "Richiesta n. 1", "perché È spento")
    await declared.says("/richieste n. 2", "Richiesta n. 2")
    await declared.says("/richieste 3", "non c’è, o non è tua")
    await declared.says(f"/richieste {POD}", "2 richieste trovate", "POD o POD di produzione")
    await declared.says(f"/richieste {SID_A}", "Richiesta n. 1 ")
    await declared.says(f"/richieste {NID_A}", "Richiesta n. 1 ")
    await declared.says("/richieste PERCHÉ è", "Richiesta n. 1 ")
    await declared.says("/richieste contatore", "Richiesta n. 1 ")
    await declared.says("/richieste 10%", "Nessuna richiesta trovata")
    await declared.says("/richieste parolasegreta", "Nessuna richiesta trovata")
    await declared.says("/richieste x", "Che cosa cerco")
    await declared.says("y", "almeno due caratteri", "Che cosa cerco")
    await declared.says("altro", "Richiesta n. 2 ")
    async with world.chat(STAFF) as staff:
        await staff.says("/start", button="📥 Richieste")
        desk = await staff.says("/richieste", "prendere in carico", button="Cerca una richiesta")
        await staff.press("Cerca una richiesta", on=desk)
        await staff.sees("Che cosa cerco")
        await staff.says("PAROLAsegreta", "Richiesta n. 1 ")
        await staff.says("/richieste contatore", "2 richieste trovate", "n. 3 ")


@on_sqlite
async def test_what_is_found_is_shown_in_pages(world: World, declared: Chat) -> None:
    for _ in range(9):
        await opened(world, COLLEAGUE, text="guasto")
    shown = await declared.says("/richieste guasto", "9 richieste trovate", button="n. 2")
    assert not any(label.endswith("n. 1") for label in shown.labels)
    await declared.press("Precedenti", on=shown)
    await declared.sees("9 richieste trovate", "n. 1 ", button="n. 1")
