"""Auditors in the chat: they search the audit, take it with them, and see whose look-ups led to nothing."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from backend.audit import service as audit
from backend.audit.export import export
from backend.audit.values import Search
from backend.core.audit.service import Entry, record, record_each
from backend.core.audit.values import AuditAction
from backend.core.blobs import service as blobs
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.identity import personal_data
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.product import KEPT
from conversations.audit import criteria
from conversations.audit.wording import cells
from conversations.core.texts import texts
from sandbox import showcase
from sandbox.client import Shown, UserClient
from tests.acceptance.walks import PLAIN, PROSUMER, associate
from tests.samples import HOME, START
from tests.samples import PROSUMER as SECOND
from tests.support import Chat, World, on_sqlite

MASKED = "IT001E…0001"


@pytest.fixture
async def auditor(world: World) -> AsyncIterator[Chat]:
    """The chat of an auditor who acts for no integrator."""
    async with await newcomer(world, StaffRole.AUDITOR) as chat:
        yield chat


async def newcomer(world: World, role: StaffRole) -> Chat:
    """The chat of somebody who is on the staff only."""
    phone = await UserClient.create(world.api.base_url, "Revisore", language_code="it")
    await world.give_staff_role(role, phone.user_id)
    return Chat(phone)


async def search(auditor: Chat, about: str, period: str = "Da sempre") -> Shown:
    """Walk through the dialogue; returns the first page. An empty `about` is the whole audit."""
    await auditor.says("/registro", "Registro delle operazioni")
    await auditor.press("Cerca nel registro")
    await auditor.sees("Che cosa cerco nel registro?")
    if about:
        await auditor.type(about)
    else:
        await auditor.press("Tutto il registro")
    await auditor.sees("Per quale periodo?")
    await auditor.press(period)
    return await auditor.sees("Registro ·", button="Registro")


async def download(chat: Chat, *caption: str, after: Shown) -> list[list[str]]:
    """Press the button for the file under a list; returns its lines, the heading first."""
    await chat.press("Scarica in CSV", on=after)
    _, content = await chat.document(*caption, after=after.message_id)
    return read(content)


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def make_entries(connection: Connection, integrator: str, numbers: Sequence[int], at: datetime) -> None:
    """Look-ups for an integrator, one of each of these POD numbers, by nobody in particular."""
    found = identity.find_integrator(connection, integrator)
    assert found is not None
    entries = [Entry("nobody", found.id, "eligible", showcase.pod_number(number)) for number in numbers]
    record_each(connection, at, AuditAction.POD_LOOKED_UP, entries)


@on_sqlite
async def test_only_auditors_among_the_staff_find_the_audit_on_their_first_screen(
    world: World, auditor: Chat
) -> None:
    first = await auditor.says("/start", "Fai parte del personale", button="Stato")
    assert [label for label in first.labels if "POD" in label] == []
    await auditor.press("Registro")
    await auditor.sees("Registro delle operazioni", button="Cerca nel registro")
    await auditor.press("Inizio")
    await auditor.sees("Fai parte del personale")

    async with await newcomer(world, StaffRole.COMMERCIAL) as other:
        shown = await other.says("/start", "Fai parte del personale", button="Stato")
        assert not any("Registro" in label for label in shown.labels)
        await other.says("/registro", "riservata al personale del servizio")


@on_sqlite
async def test_nobody_else_gets_at_the_audit_by_any_way(world: World, declared: Chat) -> None:
    shown = await declared.says("/start", "Incolla un POD")
    assert not any("Registro" in label for label in shown.labels)
    await declared.says("/registro", "riservata al personale del servizio")
    for entry in (
        "audit_search.",
        "audit_list.a_0_",
        "audit_csv.a_0_",
        "audit_unused.a_0_",
        "audit_unused_csv.a_0_",
    ):
        first = await declared.says("/start", "Incolla un POD")
        post = (first.buttons[0].data or "").split(".")[0]
        world.forge(f"{post}.e.{entry}", message_id=first.message_id)
        await declared.saw("riservata al personale del servizio", on=first)
    assert await world.audit(AuditAction.AUDIT_SEARCHED, AuditAction.AUDIT_EXPORTED) == []


async def test_a_search_by_pod_shows_who_did_what_and_is_recorded(
    world: World, declared: Chat, auditor: Chat
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.says(PROSUMER, "Fornitura ammissibile")
    shown = await search(auditor, PLAIN.lower())

    assert f"POD {PLAIN}" in shown.text
    assert "1 operazione" in shown.text
    assert "Configuratore (Impianti Demo)\nRicerca di un POD · ammissibile" in shown.text
    assert MASKED not in shown.text
    (entry,) = await world.audit(AuditAction.AUDIT_SEARCHED)
    assert (entry.person_name, entry.point, entry.integrator_id) == ("Revisore", PLAIN, None)
    assert PLAIN not in str(entry.detail)

    again = await search(auditor, PLAIN)  # who searched is to be seen too
    assert "Revisore\nRegistro consultato" in again.text


async def test_pods_are_masked_where_they_are_not_what_was_searched_for(
    declared: Chat, auditor: Chat
) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    for about in ("", "impianti"):
        shown = await search(auditor, about, "Oggi")
        assert f"Ricerca di un POD · ammissibile · {MASKED}" in shown.text
        assert PLAIN not in shown.text


async def test_the_pages_of_a_company_show_all_of_its_entries_and_nobody_elses(
    world: World, auditor: Chat
) -> None:
    assert world.clock is not None
    at = world.clock.now()
    for start in (0, 10):  # the entries of the two alternate
        for code, first in ((showcase.OURS, 100), (showcase.OTHERS, 500)):
            numbers = range(first + start, first + start + 10)
            await world.database.write(partial(make_entries, integrator=code, numbers=numbers, at=at))
    await auditor.says("/registro", "Registro delle operazioni")
    await auditor.press("Cerca nel registro")
    await auditor.sees("Che cosa cerco nel registro?")
    await auditor.says("demo", "2 aziende corrispondono", button="Elettro Demo")
    await auditor.press("Impianti Demo")
    await auditor.sees("Per quale periodo?")
    await auditor.press("Ultimi 7 giorni")
    page = await auditor.sees("Registro · Impianti Demo", "operazioni")

    seen: list[str] = []
    while True:
        seen += re.findall(r"IT001E…(\d{4})", page.text)
        assert "Elettro" not in page.text
        if not any("Precedenti" in label for label in page.labels):
            break
        count = len(await world.audit(AuditAction.AUDIT_SEARCHED))
        await auditor.press("Precedenti", on=page)
        await world.settled()
        assert len(await world.audit(AuditAction.AUDIT_SEARCHED)) == count + 1
        page = await auditor.sees("Registro · Impianti Demo")
    assert seen[:20] == [f"{number:04d}" for number in range(119, 99, -1)]
    assert not any(number.startswith("05") for number in seen)

    await auditor.press("Più recenti", on=page)
    await auditor.sees("…0119", "…0112")


@on_sqlite
async def test_an_unknown_word_and_a_partita_iva_are_understood(auditor: Chat) -> None:
    await auditor.says("/registro", "Registro delle operazioni")
    await auditor.press("Cerca nel registro")
    await auditor.sees("Che cosa cerco nel registro?")
    await auditor.says("nessuna di queste", "nessuna azienda corrisponde", "Che cosa cerco")
    await auditor.says(showcase.OTHERS, "Per quale periodo?")
    await auditor.press("Oggi")
    await auditor.sees("Registro · Elettro Demo")


@on_sqlite
async def test_an_erased_person_is_shown_without_a_name(world: World, declared: Chat, auditor: Chat) -> None:
    await declared.says(PLAIN, "Fornitura ammissibile")
    await world.settled()
    assert world.clock is not None
    number, at = world.people[0].id, world.clock.now()
    await world.database.write(lambda c: personal_data.erase(c, KEPT, number, at))

    shown = await search(auditor, PLAIN)
    assert "persona cancellata (Impianti Demo)\nRicerca di un POD" in shown.text
    lines = await download(auditor, "Il registro", after=shown)
    erased = next(line for line in lines if line[4] == "Ricerca di un POD")
    assert erased[2:4] == ["persona cancellata", "Impianti Demo"]
    report = await report_of(auditor)
    assert "persona cancellata (Impianti Demo)\n1 su 1" in report.text


async def test_the_file_holds_every_entry_of_the_search_and_is_recorded(
    world: World, declared: Chat, auditor: Chat
) -> None:
    assert world.clock is not None
    at = world.clock.now()
    code = "00743110157"

    def hostile(connection: Connection) -> None:
        identity.add_integrator(connection, code=code, business_name="=HYPERLINK(1); Srl", at=at)
        make_entries(connection, code, range(300, 330), at)

    await world.database.write(hostile)
    shown = await search(auditor, "hyperlink")
    assert "31 operazioni" in shown.text
    lines = await download(auditor, "Il registro", "31 operazioni", "conservalo con cura", after=shown)

    heading, *rows = lines
    assert heading[:5] == ["Numero", "Data e ora", "Persona", "Azienda", "Operazione"]
    assert len(rows) == 31
    assert {row[3] for row in rows} == {"'=HYPERLINK(1); Srl"}
    assert [row[7] for row in rows[:30]] == [showcase.pod_number(number) for number in range(329, 299, -1)]
    assert rows[0][1] == at.astimezone(ROME).strftime("%d/%m/%Y %H:%M:%S")
    (entry,) = await world.audit(AuditAction.AUDIT_EXPORTED)
    assert (entry.person_name, entry.detail["lines"], entry.point) == ("Revisore", 31, None)
    assert any("Scarica in CSV" in label for label in (await auditor.message(shown.message_id)).labels)


@on_sqlite
async def test_who_is_no_auditor_any_more_gets_no_file(world: World, auditor: Chat) -> None:
    shown = await search(auditor, "")
    number = auditor.phone.user_id
    await world.database.write(
        lambda c: identity.remove_staff(c, telegram_user_id=number, role=StaffRole.AUDITOR, at=START)
    )
    await auditor.press("Scarica in CSV", on=shown)
    await auditor.saw("riservata al personale del servizio")
    await world.settled()
    assert await world.audit(AuditAction.AUDIT_EXPORTED) == []


FORGED = (
    "",
    "a",
    "a_",
    "a_0",
    "a_0__",
    "x_0_",
    "a1_0_",
    "pIT_0_",
    "c-1_0_",
    "c_0_",
    "a_999999_",
    "a_0_x",
    "a_²50310_",
    "_",
)


@pytest.mark.parametrize("argument", FORGED)
def test_what_no_button_says_is_no_search(argument: str) -> None:
    assert criteria.read(argument) is None


@on_sqlite
async def test_a_forged_search_shows_and_records_nothing(world: World, auditor: Chat) -> None:
    shown = await search(auditor, "")
    user = world.api.world.users[auditor.phone.user_id]
    message = world.api.world.private_chat(world.bot, user).messages[shown.message_id]
    post = next(button.data for button in shown.buttons if button.data is not None).split(".")[0]
    for action in ("audit_list", "audit_csv", "audit_unused", "audit_unused_csv"):
        world.api.world.press(message, user, f"{post}.e.{action}.c-1_0_")
        await auditor.saw("Non riconosco questo pulsante")
        await world.settled()
    assert len(await world.audit(AuditAction.AUDIT_SEARCHED, AuditAction.AUDIT_EXPORTED)) == 1


async def report_of(auditor: Chat, period: str = "Da sempre") -> Shown:
    await auditor.says("/registro", "Registro delle operazioni")
    await auditor.press("Ricerche senza associazione")
    await auditor.sees("che poi la sua azienda non associa")
    await auditor.press(period)
    return await auditor.sees("Ricerche senza associazione", "cercato POD", button="Registro")


async def test_the_report_counts_points_that_were_never_associated(
    world: World, declared: Chat, rival: Chat, auditor: Chat
) -> None:
    for number in (102, 103, 104, 102):
        await declared.says(showcase.pod_number(number), "Fornitura ammissibile")
    await associate(declared, PLAIN)
    await rival.says(showcase.pod_number(105), "Eligible supply")

    shown = await report_of(auditor, "Oggi")
    assert "2 persone hanno cercato POD" in shown.text
    ours, theirs = shown.text.index("Configuratore"), shown.text.index("Installer")
    assert ours < theirs
    assert "Configuratore (Impianti Demo)\n3 su 4 POD mai associati dopo (75 %)" in shown.text
    assert "Installer (Elettro Demo)\n1 su 1 POD mai associati dopo (100 %)" in shown.text
    (entry,) = await world.audit(AuditAction.AUDIT_SEARCHED)
    assert entry.detail["report"] == "unused-look-ups"

    heading, *rows = await download(auditor, "Le ricerche senza associazione", "2 persone", after=shown)
    assert heading[3:] == ["POD cercati", "Poi associati", "Mai associati", "Mai associati (%)"]
    assert rows == [
        ["Impianti Demo", showcase.OURS, "Configuratore", "4", "1", "3", "75"],
        ["Elettro Demo", showcase.OTHERS, "Installer", "1", "0", "1", "100"],
    ]
    (exported,) = await world.audit(AuditAction.AUDIT_EXPORTED)
    assert exported.detail == {"report": "unused-look-ups", "lines": 2, "since": entry.detail["since"]}


async def test_only_a_later_association_by_the_same_integrator_counts(
    database: Database, us: Actor, them: Actor
) -> None:
    def happened(connection: Connection) -> None:
        def note(action: AuditAction, actor: Actor, point: str, days: int) -> None:
            at = START + timedelta(days=days)
            record(
                connection, at, action, subject=actor.subject, integrator_id=actor.integrator_id, point=point
            )

        note(AuditAction.ASSOCIATION_CREATED, us, HOME.point, 0)
        note(AuditAction.POD_LOOKED_UP, us, HOME.point, 1)  # associated before only
        note(AuditAction.POD_LOOKED_UP, us, SECOND.point, 2)
        note(AuditAction.ASSOCIATION_CREATED, them, SECOND.point, 3)  # by somebody else
        note(AuditAction.POD_LOOKED_UP, them, HOME.point, 4)
        note(AuditAction.ASSOCIATION_CREATED, them, HOME.point, 5)

    await database.write(happened)
    auditor = an_auditor(us)
    all_time = await database.long_read(lambda c: audit.look_ups(c, auditor, None))
    assert [(each.person_name, each.points, each.followed, each.share) for each in all_time] == [
        (us.name, 2, 0, 100),
        (them.name, 1, 1, 0),
    ]
    late = await database.long_read(lambda c: audit.look_ups(c, auditor, START + timedelta(days=2)))
    assert [(each.person_name, each.points, each.rest) for each in late] == [
        (us.name, 1, 1),
        (them.name, 1, 0),
    ]


def an_auditor(actor: Actor) -> Actor:
    return Actor(actor.person_id, actor.subject, actor.name, None, frozenset({StaffRole.AUDITOR}))


async def test_thousands_of_entries_are_exported_in_little_memory_and_in_files_that_telegram_takes(
    database: Database, us: Actor, vault: Vault
) -> None:
    entries = [
        Entry(us.subject, us.integrator_id, "eligible", HOME.point, detail={"number": number})
        for number in range(5_000)
    ]
    await database.write(lambda c: record_each(c, START, AuditAction.POD_LOOKED_UP, entries))
    told: list[tuple[int, int]] = []

    async def progress(done: int, total: int) -> None:
        told.append((done, total))

    wanted = Search(pod=HOME.pod)
    line = partial(cells, texts("it"))
    export_all = partial(export, database, vault, an_auditor(us), wanted, ["Numero"], line, progress)
    tracemalloc.start()
    try:
        digests, lines = await export_all(part_bytes=300_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert lines == 5_000
    assert told[0] == (500, 5_000)
    assert told[-1] == (5_000, 5_000)
    assert peak < 8_000_000
    files = [b"".join([chunk async for chunk in blobs.chunks(database, digest, vault)]) for digest in digests]
    assert len(files) > 1
    assert all(len(file) <= 300_000 for file in files)
    numbers = [int(row[0]) for file in files for row in read(file)[1:]]
    assert len(numbers) == 5_000
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 5_000


def test_a_search_survives_the_way_through_a_button() -> None:
    now = datetime(2025, 3, 10, 23, 30, tzinfo=ROME)
    assert [criteria.first_day(period, now) for period in criteria.PERIODS] == [
        "250310",
        "250304",
        "250209",
        "0",
    ]
    found = criteria.read(f"{criteria.about_pod(HOME.pod)}_250310_17")
    assert found is not None
    assert found[0].pod == HOME.pod
    assert found[0].since == datetime(2025, 3, 10, tzinfo=ROME)
    assert found[1] == 17
    assert criteria.read(f"{criteria.about_company(3)}_0_") == (Search(integrator_id=3), None)


@on_sqlite
async def test_an_entry_says_whom_it_is_about(auditor: Chat, chat: Chat, world: World) -> None:
    async with world.chat(3) as referent:
        await referent.says("/squadra", button="Tecnico")
        await referent.press("Tecnico")
        await referent.sees("Impianti Demo", button="Nomina configuratore")
        await referent.press("Nomina configuratore")
        await referent.sees("Configuratore", button="Nomina tecnico")
    found = await search(auditor, "")
    assert "Referente (Impianti Demo)" in found.text
    assert "Ruolo o abilitazione cambiati · Tecnico" in found.text
    lines = await download(auditor, after=found)
    whom = lines[0].index("Chi riguarda")
    assert "Tecnico" in {line[whom] for line in lines[1:]}
