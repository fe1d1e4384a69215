"""Canned answers, and the transcript of a request."""

from __future__ import annotations

import re
import zlib
from functools import partial

import pytest
from sqlalchemy import Connection

from backend.core.audit.values import AuditAction
from backend.core.db.database import Database
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.tickets import canned
from backend.tickets import service as tickets
from backend.tickets.errors import CannedGone, TooManyCanned
from conversations.core.texts import texts
from conversations.tickets.transcript import transcript_of
from tests.samples import START
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_report import COLLEAGUE, STAFF, as_staff, opened


@pytest.fixture
def operator(us: Actor) -> Actor:
    return Actor(us.person_id, us.subject, us.name, None, frozenset({StaffRole.SUPPORT}))


async def kept(world: World, title: str, text: str, language: str | None = None) -> None:
    """A canned answer, made by the staff."""
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)

    def work(connection: Connection) -> None:
        actor = identity.actor_of(connection, world.people[STAFF].id)
        assert actor is not None
        canned.add(connection, actor, title, text, language)

    await world.database.write(work)


async def test_a_canned_answer_is_written_changed_and_deleted_in_the_chat(world: World) -> None:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    async with world.chat(STAFF) as staff:
        await staff.says("/richieste", "Nessuna richiesta", button="Risposte pronte")
        await staff.press("Risposte pronte")
        await staff.sees("Non ce n’è ancora nessuna", button="Aggiungi")
        await staff.press("Aggiungi")
        await staff.sees("Come si chiama")
        await staff.says("Riavvio", "Che cosa dice?")
        await staff.says("Spenga & <riaccenda>", "In che lingua", button="Inglese")
        await staff.press("Inglese")
        await staff.sees("Salvo questa", "Spenga & <riaccenda>", button="✏️ Testo")
        await staff.press("✅ Salva")
        await staff.sees("Riavvio (EN)", "Spenga & <riaccenda>", button="Modifica")
        await staff.press("Modifica")
        await staff.sees("Salvo questa", button="✏️ Lingua")
        await staff.press("✏️ Lingua")
        await staff.sees("In che lingua", button="Qualunque lingua")
        await staff.press("Qualunque lingua")
        await staff.sees("Salvo questa", "Qualunque lingua")
        await staff.press("✅ Salva")
        shown = await staff.sees("Riavvio", "Spenga")
        assert "(EN)" not in shown.text
        await staff.press("Elimina")
        await staff.sees("Elimino la risposta pronta «Riavvio»?", button="No, tieni")
        await staff.press("Sì, elimina")
        await staff.sees("eliminata", "Non ce n’è ancora nessuna")


@on_sqlite
async def test_a_canned_answer_fills_the_text_and_is_read_again_before_it_is_sent(
    world: World, declared: Chat
) -> None:
    await opened(world)  # before there is anybody whom a notice would reach
    await kept(world, "Riavvio", "Spenga e riaccenda")
    await kept(world, "Reboot", "Switch it off and on", "en")
    async with world.chat(STAFF) as staff:
        await staff.says("/richieste 1", "Richiesta n. 1", button="Rispondi")
        await staff.press("Rispondi")
        await staff.sees("Che cosa rispondi", button="Reboot (EN)")
        await staff.press("Riavvio")
        await staff.sees("Questo lo leggerà", "Spenga e riaccenda", button="Invia al richiedente")
        await staff.press("Invia al richiedente")
        await staff.saw("Risposta inviata")
        await declared.sees("l’assistenza risponde", "Spenga e riaccenda")
        await staff.says("/richieste 1", "Richiesta n. 1", button="Nota interna")
        await staff.press("Nota interna")
        asked = await staff.sees("annoti", button="Annulla")
        assert not any("Riavvio" in label for label in asked.labels)


@on_sqlite
async def test_a_canned_answer_that_was_deleted_meanwhile_asks_again(world: World) -> None:
    await opened(world)  # before there is anybody whom a notice would reach
    await kept(world, "Riavvio", "Spenga e riaccenda")
    async with world.chat(STAFF) as staff:
        await staff.says("/richieste 1", "Richiesta n. 1", button="Rispondi")
        await staff.press("Rispondi")
        await staff.sees("Che cosa rispondi", button="Riavvio")

        def remove(connection: Connection) -> None:
            actor = identity.actor_of(connection, world.people[STAFF].id)
            assert actor is not None
            canned.remove(connection, actor, 1)

        await world.database.write(remove)
        await staff.press("Riavvio")
        shown = await staff.sees("non c’è più", "Che cosa rispondi", button="Annulla")
        assert not any("Riavvio" in label for label in shown.labels)
        await staff.says("Scrivo io", "Questo lo leggerà", "Scrivo io")


async def test_there_are_as_many_canned_answers_as_fit_under_a_question(
    database: Database, operator: Actor
) -> None:
    def fill(connection: Connection) -> None:
        for number in range(canned.MOST):
            canned.add(connection, operator, f"t{number}", "x", None)

    await database.write(fill)
    with pytest.raises(TooManyCanned):
        await database.write(partial(canned.add, actor=operator, title="x", text="x", language=None))
    left = await database.write(partial(canned.remove, actor=operator, canned_id=1))
    assert len(left) == canned.MOST - 1
    for act in (
        partial(canned.answer, actor=operator, canned_id=1),
        partial(canned.change, actor=operator, canned_id=1, title="x", text="x", language=None),
    ):
        with pytest.raises(CannedGone):
            await database.write(act)


def words_of(content: bytes) -> int:
    """How many pieces of text a document draws."""
    drawn = b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            drawn += zlib.decompress(stream)
        except zlib.error:
            continue
    return len(re.findall(rb"T[jJ]", drawn))


@on_sqlite
async def test_a_transcript_is_delivered_as_a_document_and_recorded(world: World, declared: Chat) -> None:
    await opened(world, text="La spia lampeggia 🫠 " + "parola " * 250)
    await as_staff(world, "note", 1, "parolasegreta " * 140)
    await as_staff(world, "answer", 1, "Spenga e riaccenda")
    async with world.chat(STAFF) as staff:
        await staff.says("/richieste 1", "Richiesta n. 1", button="Trascrizione")
        await staff.press("Trascrizione")
        shown, theirs = await staff.document("Tutto quello che puoi leggere della richiesta n. 1")
    assert shown.raw["document"]["file_name"] == "richiesta-1.pdf"
    await declared.says("/richieste 1", "Richiesta n. 1", button="Trascrizione")
    await declared.press("Trascrizione")
    _, ours = await declared.document("Tutto quello che puoi leggere della richiesta n. 1")
    assert theirs.startswith(b"%PDF")
    assert ours.startswith(b"%PDF")
    assert 0 < words_of(ours) < words_of(theirs)  # the note is not in it
    entries = await world.audit(AuditAction.TICKETS_EXPORTED)
    assert [entry.detail for entry in entries] == [{"ticket": 1}, {"ticket": 1}]


@on_sqlite
@pytest.mark.parametrize("language", ["it", "en"])
async def test_a_transcript_holds_all_that_its_reader_may_see_and_nothing_else(
    world: World, language: str
) -> None:
    await opened(world, COLLEAGUE, text="<b>La spia</b> & il cavo")
    for number in range(12):  # more than a card shows
        await as_staff(world, "note", 1, f"nota-{number}")
        await as_staff(world, "answer", 1, f"risposta-{number}")

    def read(connection: Connection, person: int) -> str:
        actor = identity.actor_of(connection, world.people[person].id)
        assert actor is not None
        found = tickets.get(connection, actor, 1)
        return str(transcript_of(texts(language), found, START))

    staffs = await world.database.long_read(partial(read, person=STAFF))
    ours = await world.database.long_read(partial(read, person=0))
    for content in (staffs, ours):
        assert "<b>La spia</b> & il cavo" in content
        assert all(f"risposta-{number}" in content for number in range(12))
    assert all(f"nota-{number}" in staffs for number in range(12))
    assert ("NOTA INTERNA" if language == "it" else "INTERNAL NOTE") in staffs
    assert "nota-" not in ours
    assert "INTERNA" not in ours
