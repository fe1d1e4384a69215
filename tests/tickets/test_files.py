"""Files in tickets: taken with words or without, shown to who may see the words, gone with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from backend.core.blobs import retention
from backend.core.blobs.models import blob_chunks, blobs
from backend.core.blobs.service import store
from backend.core.db.database import Database
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.tickets import advice
from backend.tickets import files as files_of_tickets
from backend.tickets import service as tickets
from backend.tickets.errors import FilesForgotten, TicketFull, TooManyFiles
from backend.tickets.models import ticket_files
from backend.tickets.values import FileKind, MessageKind, NewFile, Ticket
from conversations.core.prompts import Entry
from handlers import callback
from sandbox import showcase
from sandbox.client import Shown
from sandbox.faults import Fault, FaultKind
from tests.identity.prepared import TICKET
from tests.privacy.test_erasure import erase, forgotten
from tests.support import Chat, World, on_sqlite
from tests.tickets import corpus

POD = showcase.pod_number(1)
STAFF, OTHERS = 1, 2
PHOTO = NewFile(FileKind.PHOTO, "0" * 64, "", 1000, "image/jpeg")


@pytest.fixture
async def operator(world: World) -> AsyncIterator[Chat]:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    async with world.chat(STAFF) as chat:
        await chat.says("/start", button="📥 Richieste")
        yield chat


def opened(connection: Connection, world: World, files: Sequence[NewFile] = ()) -> Ticket:
    """A ticket of the first persona."""
    actor = identity.actor_of(connection, world.people[0].id)
    assert actor is not None
    assert world.clock is not None
    return tickets.open_ticket(connection, actor, replace(TICKET, files=tuple(files)), world.clock.now())


async def ticket(world: World) -> Ticket:
    """The first ticket, as the staff sees it."""

    def read(connection: Connection) -> Ticket:
        actor = identity.actor_of(connection, world.people[STAFF].id)
        assert actor is not None
        return tickets.get(connection, actor, 1)

    return await world.database.long_read(read)


async def to_the_description(chat: Chat) -> None:
    await chat.says("/assistenza", "Con quale dispositivo", button="MOME")
    for label in ("MOME", "Sezione Tecnica", "Problematiche Hardware", "Un altro problema", "Scrivi"):
        await chat.press(label)
    await chat.sees("Descrivi il problema")


async def received(chat: Chat, kind: str, after: int, number: int = 1) -> list[Shown]:
    """Wait for so many of the bot's files of this kind."""

    def found(shown: Sequence[Shown]) -> list[Shown] | None:
        files = [each for each in shown if each.kind == kind and each.message_id > after]
        return files if len(files) >= number else None

    return await chat.phone.wait_for(lambda screen: found(screen.from_bot), 15.0)


async def stored(database: Database) -> int:
    return await database.long_read(
        lambda connection: connection.scalar(select(func.count()).select_from(ticket_files)) or 0
    )


async def test_photos_documents_and_a_voice_message_go_with_a_request(
    world: World, declared: Chat, operator: Chat
) -> None:
    await to_the_description(declared)
    phone = declared.phone
    await phone.send_file(corpus.jpeg(), name="a.jpg", kind="photo", caption=f"Ecco le spie, il POD è {POD}")
    await declared.sees("Ricevuto: 1 foto.", "Manda altri file", button="Continua")
    album = [("b.jpg", corpus.jpeg("red")), ("c.jpg", corpus.jpeg("green"))]
    await phone.send_album(album, kind="photo", caption="e da vicino")
    await declared.sees("Ricevuto: 2 foto. Allegati in tutto: 3.")
    await phone.send_file(corpus.PDF, name="manuale.exe")
    await declared.sees("Ricevuto: 1 documento. Allegati in tutto: 4.")
    await phone.send_voice()
    await declared.sees("Ricevuto: 1 messaggio vocale. Allegati in tutto: 5.", button="Continua")
    await declared.press("Continua")
    await declared.sees(
        "Invio questa richiesta?", "e da vicino", POD, "3 foto, 1 documento, 1 messaggio vocale"
    )
    await declared.press("✅ Invia")
    await declared.saw("Richiesta inviata", "Allegati: 3 foto, 1 documento, 1 messaggio vocale")

    told = await operator.sees("Nuova richiesta n. 1", "Allegati: 3 foto", button="Allegati (5)")
    await operator.press("Allegati (5)")
    photos = await received(operator, "photo", told.message_id, 3)
    (document,) = await received(operator, "document", told.message_id)
    (voice,) = await received(operator, "voice", told.message_id)
    assert len({photo.raw["media_group_id"] for photo in photos}) == 1
    assert await operator.phone.download(document) == corpus.PDF
    assert document.raw["document"]["file_name"] == "manuale.pdf"
    assert await operator.phone.download(voice) == corpus.VOICE
    for photo in photos:
        content = await operator.phone.download(photo)
        assert content.startswith(b"\xff\xd8")
        assert corpus.PLACE.encode() not in content

    def kept(connection: Connection) -> list[bytes]:
        return [bytes(data) for data in connection.scalars(select(blob_chunks.c.data))]

    everything = b"".join(await world.database.long_read(kept))
    assert b"Catalog" not in everything, "files are encrypted"
    assert all(each.digest.endswith(".sealed") for each in (await ticket(world)).messages[0].files)


@on_sqlite
async def test_photos_sent_one_after_the_other_are_all_taken(world: World, declared: Chat) -> None:
    await to_the_description(declared)
    for color in ("red", "green", "blue"):
        await declared.phone.send_file(corpus.jpeg(color), name="a.jpg", kind="photo")
    await declared.sees("Allegati in tutto: 3", "Descrivi il problema")


@on_sqlite
async def test_what_cannot_be_attached_is_refused_in_words(world: World, declared: Chat) -> None:
    await to_the_description(declared)
    phone = declared.phone
    await phone.send_file(corpus.EXE, name="foto.jpg")
    await declared.sees("foto.jpg: È un programma", "Descrivi il problema")
    await phone.send_file(corpus.HTML, name="fattura.pdf")
    await declared.sees("fattura.pdf: Pagine HTML")
    await phone.send_sticker()
    await declared.sees("Gli sticker non si possono allegare", "Descrivi il problema")
    await phone.send_file(bytes(21 * 1024 * 1024), name="grande.zip")
    await declared.sees("grande.zip: È troppo grande")
    await phone.send_album([("a.csv", b"a;b\n"), ("b.docx", corpus.archive("[Content_Types].xml"))])
    await declared.sees("Ricevuto: 1 documento.", "b.docx: Questo tipo di file")
    await phone.switch_faults(Fault(FaultKind.FILE_GONE, of="getFile"))
    await phone.send_file(corpus.jpeg(), name="a.jpg", kind="photo")
    await declared.sees("Telegram non ha più questo file", "Descrivi il problema")
    await phone.switch_faults()
    await phone.send_album([(f"{number}.txt", f"{number}".encode()) for number in range(10)])
    await declared.sees("Ricevuto: 9 documenti. Allegati in tutto: 10.", "9.txt: Al massimo 10 allegati")


@on_sqlite
async def test_the_staff_answers_with_files_and_nobody_else_gets_those_of_notes(
    world: World, declared: Chat, operator: Chat
) -> None:
    await world.database.write(lambda connection: opened(connection, world))
    await operator.sees("Nuova richiesta n. 1")
    for button, files, listed, send in (
        ("Nota interna", [("nota.pdf", corpus.PDF), ("n.txt", b"x")], "1. nota.pdf (1 kB)", "Salva la nota"),
        ("Rispondi", [("a.txt", b"prima"), ("b.txt", b"dopo")], "2. b.txt (1 kB)", "Invia al richiedente"),
    ):
        await operator.says("/richieste", "Da prendere in carico", button="n. 1")
        await operator.press("n. 1")
        await operator.sees("Richiesta n. 1", button=button)
        await operator.press(button)
        await operator.sees("richiesta n. 1")
        await operator.phone.send_album(files)
        await operator.sees("Se vuoi, scrivi un messaggio", button="Continua senza testo")
        await operator.press("Continua senza testo")
        shown = await operator.sees("(solo allegati)", listed, button=send)
        await operator.press(send, on=shown)
        await operator.saw("Allegati")
        await world.settled()

    told = await declared.sees("l’assistenza risponde", "Allegati: 2 documenti", button="Allegati (2)")
    await declared.press("Allegati (2)")
    texts = await received(declared, "document", told.message_id, 2)
    assert [await declared.phone.download(each) for each in texts] == [b"prima", b"dopo"]
    await declared.press("Richiesta n. 1")
    card = await declared.saw("Richiesta n. 1 ·", "Allegati: 2 documenti", "In Lavorazione")
    assert "nota" not in card.text

    note = next(each for each in (await ticket(world)).messages if each.kind is MessageKind.NOTE)
    data = callback.encode(Entry("", "ticket_files", f"1_{note.id}"), 1, 0)
    world.forge(data, message_id=card.message_id)
    await declared.saw("Non ci sono allegati da mostrare")
    async with world.chat(OTHERS) as other:
        shown = await other.says("/start", button="Help")
        for argument in ("1", f"1_{note.id}", "1_", "x_y_z"):
            data = callback.encode(Entry("", "ticket_files", argument), 1, 0)
            world.forge(data, person=OTHERS, message_id=shown.message_id)
            await other.sees("This request does not exist")
            await world.settled()
        assert not [each for each in (await other.screen()).from_bot if each.kind != "text"]
    card = await operator.sees("Risposta inviata", button="Allegati (4)")
    await operator.press("Allegati (4)")
    assert len(await received(operator, "document", card.message_id, 4)) == 4


@on_sqlite
async def test_a_picture_alone_begins_a_request(world: World, declared: Chat) -> None:
    await declared.phone.send_file(corpus.jpeg(), name="a.jpg", kind="photo")
    await declared.sees("Vuoi aprire una richiesta con questa foto?", button="Nuova richiesta")
    await declared.phone.send_file(corpus.jpeg("red"), name="b.jpg", kind="photo")
    await declared.sees("con queste 2 foto?", button="Nuova richiesta")
    assert await pictures(world) == 0, "an idle photo is not fetched"
    await declared.press("Nuova richiesta")
    await declared.sees("Ricevuto: 2 foto", "Con quale dispositivo", button="MOME")
    for label in ("MOME", "Sezione Tecnica", "Problematiche di Configurazione"):
        await declared.press(label)
    await declared.sees("Problematiche di Configurazione", button="Configurazione massiva")
    await declared.press("Indietro")
    for label in ("Problematiche di Configurazione", "Configurazione massiva"):
        await declared.press(label)
    await declared.sees("Hai risolto?", button="No, scrivi")
    await declared.press("No, scrivi")
    await declared.sees("Allegati in tutto: 2", "Descrivi il problema")
    await declared.says("Ecco che cosa vedo io", "Di quale fornitura", button="Nessun codice")
    await declared.press("Nessun codice")
    await declared.press("Continua")
    await declared.sees("Invio questa richiesta?", "2 foto")
    await declared.press("✅ Invia")
    await declared.saw("Richiesta inviata", "Allegati: 2 foto")
    assert await world.database.long_read(advice.worth) == {"mome.technical.setup.bulk": (0, 1)}


async def pictures(world: World) -> int:
    """How many pictures there are in the blob store."""
    query = select(func.count()).select_from(blobs).where(blobs.c.media_type == "image/jpeg")
    return await world.database.long_read(lambda connection: connection.scalar(query)) or 0


@on_sqlite
async def test_a_picture_with_words_is_added_to_an_open_request(
    world: World, declared: Chat, operator: Chat
) -> None:
    await world.database.write(lambda connection: opened(connection, world))
    await declared.phone.send_file(corpus.jpeg(), name="a.jpg", kind="photo", caption="il contatore oggi")
    await declared.sees("Vuoi aprire una richiesta", button="➕")
    await declared.press("➕")
    await declared.sees("Lo aggiungo alla richiesta n. 1?", "il contatore oggi", "1. foto", button="Invia")
    await declared.press("✅ Invia")
    await declared.saw("Aggiunto.", "Allegati: 1 foto")
    told = await operator.sees("scrive:", "il contatore oggi", button="Allegati (1)")
    await operator.press("Allegati (1)")
    assert await received(operator, "photo", told.message_id)


@on_sqlite
async def test_files_can_be_taken_away_before_they_are_sent(world: World, declared: Chat) -> None:
    await to_the_description(declared)
    await declared.says(f"Non va il POD {POD}", "Vuoi allegare qualcosa?")
    await declared.phone.send_file(corpus.PDF, name="a.pdf")
    await declared.sees("Ricevuto: ", button="Togli gli allegati")
    await declared.press("Togli gli allegati")
    await declared.sees("Vuoi allegare qualcosa?", button="Continua senza")
    await declared.says("nessuno", "Manda un file, oppure premi un pulsante")
    await declared.press("Continua senza")
    await declared.sees("Invio questa richiesta?", "nessuno")
    await declared.phone.send_file(corpus.PDF, name="b.pdf")
    await declared.sees("Invio questa richiesta?", "Ricevuto: 1 documento.")


async def test_a_message_has_ten_files_and_a_ticket_fifty_megabytes(world: World) -> None:
    with pytest.raises(TooManyFiles):
        await world.database.write(lambda connection: opened(connection, world, [PHOTO] * 11))
    half = replace(PHOTO, size=26 * files_of_tickets.MEGABYTE)
    with pytest.raises(TicketFull):
        await world.database.write(lambda connection: opened(connection, world, [half, half]))
    with pytest.raises(FilesForgotten):
        await world.database.write(lambda connection: opened(connection, world, [PHOTO]))


@on_sqlite
async def test_a_full_ticket_takes_the_words_without_the_files(world: World, declared: Chat) -> None:
    digest = await store(world.database, b"x", "text/plain")
    full = NewFile(FileKind.DOCUMENT, digest, "a.txt", 50 * files_of_tickets.MEGABYTE, "text/plain")
    await world.database.write(lambda connection: opened(connection, world, [full]))
    await declared.says("/assistenza", button="Le mie richieste")
    await declared.press("Le mie richieste")
    await declared.press("n. 1")
    await declared.press("Aggiungi un messaggio")
    await declared.sees("Che cosa vuoi aggiungere")
    await declared.phone.send_file(b"altro", name="b.txt", caption="ecco il registro")
    await declared.sees("Lo aggiungo", "ecco il registro", "1. b.txt", button="✅ Invia")
    await declared.press("✅ Invia")
    await declared.sees("arrivano al massimo a 50 MB", "ecco il registro", button="Togli gli allegati")
    await declared.press("Togli gli allegati")
    await declared.phone.wait_for(lambda screen: "b.txt" not in screen.from_bot[-1].text, 15.0)
    await declared.press("✅ Invia")
    await declared.saw("Aggiunto.", "ecco il registro")


async def sent_with(chat: Chat, text: str, color: str) -> None:
    """Open a request with a photo."""
    await to_the_description(chat)
    caption = f"{text} {POD}"
    await chat.phone.send_file(corpus.jpeg(color), name="a.jpg", kind="photo", caption=caption)
    await chat.sees("Ricevuto: ", button="Continua")
    await chat.press("Continua")
    await chat.sees("Invio questa richiesta?", button="✅ Invia")
    await chat.press("✅ Invia")
    await chat.saw("Richiesta inviata")


async def blobs_left(world: World, days: int = 3) -> int:
    """How many pictures are left after so many days of upkeep."""
    assert world.clock is not None
    for _ in range(days):
        world.later(timedelta(days=1, minutes=1))
        at = world.clock.now()
        while await world.database.write(lambda connection: retention.forget_unused(connection, at)):  # noqa: B023
            pass
    return await pictures(world)


async def test_who_erases_themselves_takes_their_files_along(
    world: World, declared: Chat, operator: Chat
) -> None:
    await sent_with(declared, "Il dispositivo è spento", "orange")
    told = await operator.sees("Nuova richiesta n. 1", button="Allegati (1)")
    await operator.press("Allegati (1)")
    await received(operator, "photo", told.message_id)
    await world.settled()
    assert await stored(world.database) == 1
    await erase(declared)
    await forgotten(world, declared.phone.user_id)
    assert await stored(world.database) == 0
    assert await blobs_left(world) == 0
    await operator.press("Allegati (1)", on=told)
    await operator.saw("Non ci sono allegati da mostrare")


@on_sqlite
async def test_files_go_with_an_old_ticket(world: World, declared: Chat) -> None:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    await sent_with(declared, "Il dispositivo è spento", "olive")
    assert world.clock is not None
    at = world.clock.now()

    def close(connection: Connection) -> None:
        staff = identity.actor_of(connection, world.people[STAFF].id)
        assert staff is not None
        tickets.close(connection, staff, 1, "fatto", at)

    await world.database.write(close)
    later, kept = at + timedelta(days=51), timedelta(days=50)
    assert await world.database.write(lambda c: tickets.forget_old(c, later, kept)) == 1
    assert await stored(world.database) == 0
    assert await blobs_left(world) == 0
