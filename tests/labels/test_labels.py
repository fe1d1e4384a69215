"""Photos of labels: what is read stands where it would be typed, and nothing is used that nobody has seen."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from backend.core.child import ChildRefused, run_in_child
from backend.devices.codes import SID_PATTERN
from backend.identity.permissions import StaffRole
from bot.labels.feature import LIMITS, READ
from sandbox.faults import Fault, FaultKind
from sandbox.labels import Printed, Symbol, Trouble, label, photographed
from tests.acceptance.walks import (
    MOME,
    MOME_IN_USE,
    MOME_NID,
    NOBODYS,
    OTHER_MOME,
    OTHER_MOME_NID,
    OURS,
    PLAIN,
    THEIR_MOME,
    begin,
)
from tests.support import Chat, World, on_sqlite
from tests.tickets import corpus
from tests.tickets.test_files import opened

ASKS_DEVICE = "Scrivi il SID o il NID"


def photo(*printed: str | Printed, trouble: Trouble = Trouble.NOTHING) -> bytes:
    """A photo of a label with these."""
    drawn = label([each if isinstance(each, Printed) else Printed(each) for each in printed])
    return photographed(drawn, trouble, seed=7)


def huge() -> bytes:
    """A picture of more pixels than are looked at, in a small file."""
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    return out.getvalue()


def in_format(kind: str) -> bytes:
    """A picture in a format of its own."""
    out = io.BytesIO()
    Image.new("L", (300, 200), 128).save(out, kind)
    return out.getvalue()


async def send(chat: Chat, *printed: str | Printed, caption: str = "") -> None:
    await chat.phone.send_file(photo(*printed), name="etichetta.jpg", kind="photo", caption=caption)


async def has_read(chat: Chat, *printed: str | Printed) -> None:
    """Send a photo, and wait until what is on it is shown."""
    await send(chat, *printed)
    codes = [each.text if isinstance(each, Printed) else each for each in printed]
    await chat.sees("È giusto?", codes[0].partition(";")[0].removeprefix("SID:"))


async def to_the_device(chat: Chat) -> None:
    await begin(chat, PLAIN)
    await chat.press("MOME")
    await chat.sees(ASKS_DEVICE, "foto dell’etichetta")


async def test_a_photo_of_the_label_answers_the_question_for_a_device(world: World, declared: Chat) -> None:
    await to_the_device(declared)
    await send(declared, MOME, MOME_NID)
    await declared.sees("ho letto", f"SID {MOME}", f"NID {MOME_NID}", "È giusto?", button="Sì, è giusto")
    await declared.press("Sì, è giusto")
    await declared.sees("Quale configurazione?", button="Standard")
    await declared.press("Standard")
    await declared.sees("Riepilogo", MOME, MOME_NID, button="✏️ Dispositivo")
    await declared.press("✏️ Dispositivo")
    await declared.sees(ASKS_DEVICE)
    await has_read(declared, Printed(f"SID:{OTHER_MOME};NID:{OTHER_MOME_NID}", Symbol.QR))
    await declared.press("Sì, è giusto")
    await declared.sees("Riepilogo", OTHER_MOME, OTHER_MOME_NID, button="Conferma")
    await declared.press("Conferma")
    await declared.saw("Associazione creata", OTHER_MOME)
    await world.settled()
    assert await world.dialogue() is None


@on_sqlite
async def test_what_was_read_may_be_wrong_and_what_cannot_be_read_is_said(
    world: World, declared: Chat
) -> None:
    await to_the_device(declared)
    await declared.phone.send_file(corpus.jpeg(size=(640, 480)), name="a.jpg", kind="photo")
    await declared.sees("non leggo nessun codice", "più da vicino", ASKS_DEVICE, button="Annulla")
    await has_read(declared, MOME)
    await declared.press("No, lo scrivo")
    await declared.sees("scrivi il codice", ASKS_DEVICE)
    await send(declared, MOME)
    await declared.sees("È giusto?", MOME)
    await declared.says(OTHER_MOME, "Quale configurazione?")  # who types is right
    await declared.press("Indietro")
    await has_read(declared, MOME_IN_USE)
    await declared.press("Sì, è giusto")
    await declared.sees("già associato", ASKS_DEVICE)
    await has_read(declared, MOME)
    await declared.press("Annulla")
    await declared.sees("Torniamo a dove eravamo", ASKS_DEVICE)
    await declared.phone.switch_faults(Fault(FaultKind.FILE_GONE, of="getFile"))
    await send(declared, MOME)
    await declared.sees("Non sono riuscito a guardare la foto", ASKS_DEVICE)


@on_sqlite
async def test_of_a_format_that_is_not_read_the_advice_is_another(world: World, declared: Chat) -> None:
    await to_the_device(declared)
    for name, content in (
        ("a.gif", in_format("GIF")),
        ("a.bmp", in_format("BMP")),
        ("a.tiff", in_format("TIFF")),
        ("a.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)),
    ):
        await declared.phone.send_file(content, name=name)
        await declared.saw("Questo formato non lo leggo", "dalla fotocamera", ASKS_DEVICE)
        await declared.says("boh", "⚠️", ASKS_DEVICE)
    await declared.phone.send_file(b"no picture at all", name="a.jpg")
    await declared.sees("non leggo nessun codice", ASKS_DEVICE)


@on_sqlite
async def test_of_several_codes_the_person_chooses(world: World, declared: Chat) -> None:
    await to_the_device(declared)
    await send(declared, MOME, OTHER_MOME)
    await declared.sees("2 codici", "Qual è quello giusto?", button=f"SID {OTHER_MOME}")
    await declared.says("boh", "⚠️", "Qual è quello giusto?")
    await send(declared, MOME, MOME_NID, OTHER_MOME_NID)  # a better photo takes the place of the other
    await declared.sees("2 codici", button=f"NID {OTHER_MOME_NID}")
    await declared.press(f"SID {MOME} · NID {MOME_NID}")
    await declared.sees("Quale configurazione?")


@on_sqlite
async def test_a_foreign_code_beside_is_told_apart(world: World, declared: Chat) -> None:
    await to_the_device(declared)
    await send(declared, MOME, "LOTTO 2026-118")
    await declared.sees(f"SID {MOME}", "È giusto?")
    await send(declared, MOME, "123456789012")  # has the form of a NID, and is none of this device
    await declared.sees("2 codici", button="NID 123456789012")
    await declared.press(f"SID {MOME}")
    await declared.sees("Quale configurazione?")


@on_sqlite
async def test_a_photo_with_a_code_shows_the_device_at_any_moment(world: World, declared: Chat) -> None:
    await send(declared, MOME, MOME_NID)
    await declared.saw("ho letto", MOME, MOME_NID)
    await declared.sees("MOME della tua azienda", MOME, "Non è associato")
    await declared.phone.send_file(photo(MOME_IN_USE), name="a.jpg")  # as a document
    await declared.sees("MOME della tua azienda", "È associato al POD", button="Vedi")
    await send(declared, NOBODYS)
    await declared.sees("non corrisponde a nessun dispositivo")
    await send(declared, THEIR_MOME)
    await declared.saw("ho letto", THEIR_MOME)
    await world.settled()
    await declared.sees("non corrisponde a nessun dispositivo", button="Cerca un POD")
    await declared.press("Cerca un POD")
    await declared.sees("Scrivi o incolla il POD")
    await send(declared, MOME)
    await declared.saw("MOME della tua azienda")
    await declared.sees("Scrivi o incolla il POD")
    await world.settled()
    row = await world.dialogue()
    assert row is not None
    assert row.flow == "look_up"


@on_sqlite
async def test_a_request_may_begin_with_a_photo_of_a_label(world: World, declared: Chat) -> None:
    await send(declared, MOME)
    await declared.sees("MOME della tua azienda")
    await declared.press("Richiesta con questa foto")
    await declared.sees("Vuoi aprire una richiesta con questa foto?", button="Nuova richiesta")
    await declared.press("Nuova richiesta")
    await declared.sees("Ricevuto: 1 foto", "Con quale dispositivo")


@on_sqlite
async def test_of_an_idle_photo_several_codes_are_offered(world: World, declared: Chat) -> None:
    await send(declared, MOME, OTHER_MOME)
    await declared.sees("Qual è quello giusto?", button=f"SID {OTHER_MOME}")
    await declared.press(f"SID {OTHER_MOME}")
    await declared.sees("MOME della tua azienda", OTHER_MOME, "Cerca il POD a cui vuoi associarlo")
    await world.settled()
    assert await world.dialogue() is None
    await send(declared, MOME, OTHER_MOME)
    await declared.sees("Qual è quello giusto?")
    await declared.press("✏️ Nessuno, lo scrivo")
    await declared.sees("scrivi il codice", button="Inizio")


@on_sqlite
async def test_a_photo_without_a_code_begins_a_request_and_a_better_one_shows_the_device(
    world: World, declared: Chat
) -> None:
    await declared.phone.send_file(corpus.jpeg(size=(640, 480)), name="a.jpg", kind="photo")
    await declared.saw("non leggo né un SID né un NID", "più da vicino")
    await declared.sees("Vuoi aprire una richiesta con questa foto?", button="Nuova richiesta")
    await declared.phone.send_file(corpus.jpeg("red", size=(640, 480)), name="b.jpg", kind="photo")
    await declared.sees("con queste 2 foto?", button="Nuova richiesta")
    await send(declared, MOME)
    await declared.saw("ho letto", MOME)
    await declared.sees("MOME della tua azienda", MOME, "Cerca il POD a cui vuoi associarlo")
    await world.settled()
    assert await world.dialogue() is None


@on_sqlite
async def test_a_photo_that_nobody_asked_for_is_asked_about_no_longer_once_something_else_begins(
    world: World, declared: Chat
) -> None:
    async def idle() -> None:
        await declared.phone.send_file(corpus.jpeg(size=(640, 480)), name="a.jpg", kind="photo")
        await declared.sees("Vuoi aprire una richiesta con questa foto?", button="Nuova richiesta")

    await idle()
    await declared.says("/inventato", "Non conosco questo comando")
    await declared.sees("Vuoi aprire una richiesta con questa foto?", button="Nuova richiesta")
    await declared.says("/start", "Lavori per", button="Associazioni")  # an action
    await world.settled()
    assert await world.dialogue() is None
    await idle()
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await idle()
    await declared.says("/report", "Imposta almeno un filtro", button="POD")
    await idle()
    await declared.press("POD", on=await declared.saw("Imposta almeno un filtro"))  # another dialogue
    await declared.saw("Quale POD cerchi?")
    await declared.says(PLAIN, f"POD: {PLAIN}")
    await world.settled()
    assert await world.dialogue() is None
    await idle()
    await declared.press("Nuova richiesta")
    await declared.sees("Ricevuto: 1 foto", button="MOME")
    await declared.says("/stato", "Versione")
    await declared.sees("Con quale dispositivo", button="MOME")  # somebody has begun this


@on_sqlite
async def test_a_photo_at_the_summary_gets_no_advice_that_leads_out_of_it(
    world: World, declared: Chat
) -> None:
    await to_the_device(declared)
    await declared.says(OTHER_MOME, "Quale configurazione?")
    await declared.press("Standard")
    await declared.sees("Riepilogo")
    before = (await declared.screen()).messages[-1].message_id
    await send(declared, MOME)
    await declared.saw("MOME della tua azienda", MOME)
    await declared.sees("Riepilogo", OTHER_MOME)
    await declared.phone.send_file(corpus.jpeg(size=(640, 480)), name="a.jpg", kind="photo")
    await declared.saw("non leggo né un SID né un NID")
    await declared.sees("Riepilogo", OTHER_MOME)
    await world.settled()
    below = [each.text for each in (await declared.screen()).messages if each.message_id > before]
    assert not any("Cerca il POD" in text or "più da vicino" in text for text in below)


@on_sqlite
async def test_where_codes_are_asked_for_in_a_request_a_photo_is_read_or_attached(
    world: World, declared: Chat
) -> None:
    await declared.says("/assistenza", button="MOME")
    for each in ("MOME", "Sezione Tecnica", "Problematiche Hardware", "Un altro problema", "Scrivi"):
        await declared.press(each)
    await declared.says("Non si accende più", "Di quale fornitura", "foto dell’etichetta")
    await declared.phone.send_file(corpus.jpeg(size=(640, 480)), name="a.jpg", kind="photo")
    await declared.saw("la allego e basta")
    await declared.sees("Ricevuto: 1 foto", "Di quale fornitura")
    await send(declared, MOME, caption="le spie sono spente")
    await declared.sees("Allegati in tutto: 2", "Di quale fornitura")
    await has_read(declared, OTHER_MOME)
    await declared.press("Allega solo la foto")
    await declared.sees("Allegati in tutto: 3", "Di quale fornitura")
    await has_read(declared, MOME)
    await declared.press("Sì, è giusto")
    await declared.press("Continua")
    await declared.sees("Invio questa richiesta?", MOME, MOME_NID, "3 foto")


@on_sqlite
async def test_searches_and_files_take_photos(world: World, declared: Chat) -> None:
    await world.database.write(lambda connection: opened(connection, world))
    await declared.says("/richieste", button="Report")
    await declared.press("Report")
    await declared.press("SID")
    await declared.sees("Quale SID cerchi?")
    await send(declared, MOME_NID)
    await declared.sees(f"Nella foto leggo solo il NID {MOME_NID}, e qui serve il SID.", "Quale SID cerchi?")
    await has_read(declared, MOME, MOME_NID)
    await declared.press("Sì, è giusto")
    await declared.sees(f"SID: {MOME}")
    await world.give_staff_role(StaffRole.SUPPORT, world.people[1].id)
    async with world.chat(1) as staff:
        await staff.says("/richieste", button="Cerca")
        await staff.press("Cerca")
        await staff.sees("Che cosa cerco")
        await has_read(staff, MOME)
        await staff.press("Sì, è giusto")
        await staff.sees(MOME)
        await staff.says("/filescp", button="Altra associazione")
        await staff.press("Altra associazione")
        await staff.sees("Per quale associazione?")
        await has_read(staff, MOME_IN_USE)
        await staff.press("Sì, è giusto")
        await staff.sees(MOME_IN_USE, OURS[-4:], button="Annulla")


@on_sqlite
async def test_who_may_see_no_devices_is_asked_for_the_purpose_of_a_photo(
    world: World, declared: Chat
) -> None:
    async with world.chat(6) as waiting:
        await send(waiting, MOME)
        shown = await waiting.sees("")
        assert MOME not in shown.text


@on_sqlite
async def test_an_album_is_read_as_one(world: World, declared: Chat) -> None:
    files = [("a.jpg", photo(MOME)), ("b.jpg", photo(MOME_NID))]
    await declared.phone.send_album(files, kind="photo")
    await declared.saw("ho letto", MOME, MOME_NID)
    await declared.sees("MOME della tua azienda")
    await declared.phone.send_album([("a.jpg", corpus.jpeg()), ("b.jpg", corpus.jpeg("red"))], kind="photo")
    await declared.sees("con queste 2 foto?")


@pytest.mark.parametrize("content", [corpus.bomb(), huge(), b"", corpus.PDF, corpus.jpeg()[:200], corpus.SVG])
async def test_a_hostile_picture_is_refused_by_the_child(content: bytes) -> None:
    with pytest.raises(ChildRefused, match="picture"):
        await run_in_child(READ, content, LIMITS, pattern=SID_PATTERN, seconds=1.0)
