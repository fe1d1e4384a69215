"""SCP files that the distributor gives: awaited by who asked, attached by the staff, handed over."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from backend.core.audit.values import AuditAction
from backend.core.blobs.models import blob_chunks
from backend.core.keys.store import KeyStore
from backend.identity import people
from backend.identity import service as identity
from backend.scp import attaching
from backend.scp.models import scp_files, scp_waits
from backend.scp.values import ScpState
from device_bridge.wire.envelope import Envelope, open_envelope
from sandbox import showcase
from sandbox.client import Shown
from tests.acceptance.walks import MOME, OURS, PLAIN, data_of, to_summary
from tests.bulk.sheets import good, plain_pods, send
from tests.fixtures.worlds import declare
from tests.notices.test_notices import checks_made
from tests.programming.benches import GATEWAY, blank, laptop, paired, running
from tests.support import Chat, World, on_sqlite

CONTENT = b"\x01distributor's own bytes" * 20
STAFF, OTHER_STAFF, TECHNICIAN = 6, 8, 4
PODS = [PLAIN, *plain_pods(3)]


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    return {"scp_source": "uploaded", **GATEWAY}


@asynccontextmanager
async def member_of_staff(world: World, person: int = STAFF) -> AsyncIterator[Chat]:
    async with world.chat(person) as chat:
        await chat.says("/start", button="File SCP da caricare")
        yield chat


@pytest.fixture
async def staff(world: World) -> AsyncIterator[Chat]:
    async with member_of_staff(world) as chat:
        yield chat


async def associate(chat: Chat) -> None:
    """Associate a supply; its file is awaited."""
    await chat.press("Conferma", on=await to_summary(chat))
    await chat.saw("Associazione creata")
    await chat.sees("File SCP in attesa del distributore", PLAIN, "Ti avviso")


async def receive(chat: Chat, content: bytes = CONTENT, *, press: str = "") -> Shown:
    """Send a file for the association that is pressed, or is asked about; returns the last question."""
    if press:
        await chat.press(press)
    await chat.sees("Manda il file del distributore")
    await chat.phone.send_file(content, name="consegna.bin")
    return await chat.sees("Carico questo file?", "consegna.bin", button="Carica")


async def attach(chat: Chat, content: bytes = CONTENT, *, press: str = "") -> None:
    await chat.press("✅ Carica", on=await receive(chat, content, press=press))
    await chat.saw("File SCP caricato per il POD")


def opened(world: World, data: bytes) -> Envelope:
    assert world.clock is not None
    return open_envelope(data, KeyStore(world.settings.keys).signing().trusted, world.clock.now())


async def states(world: World) -> list[ScpState]:
    """The states of all files, in order."""
    rows = await world.database.long_read(
        lambda c: c.scalars(select(scp_files.c.state).order_by(scp_files.c.id)).all()
    )
    return [ScpState(state) for state in rows]


async def test_a_file_is_awaited_attached_and_handed_over(world: World, declared: Chat, staff: Chat) -> None:
    await associate(declared)
    assert await states(world) == [ScpState.AWAITED]
    await staff.sees("Un file SCP è da caricare", button="File SCP da caricare")
    await declared.says(PLAIN, "già associata", button="File SCP")
    await declared.press("File SCP")
    await declared.sees("in attesa del distributore")  # asked again, nothing else is asked for

    await staff.press("File SCP da caricare")
    listed = await staff.sees("dal più vecchio", button=MOME)
    assert PLAIN not in str(listed.labels)
    shown = await receive(staff, press=MOME)
    assert hashlib.sha256(CONTENT).hexdigest()[:16] in shown.text
    assert f"{len(CONTENT)} byte" in shown.text
    assert "Impianti Demo" in shown.text
    assert MOME in shown.text
    assert PLAIN not in shown.text
    assert await states(world) == [ScpState.AWAITED]  # nothing before the confirmation
    await staff.press("✅ Carica", on=shown)
    await staff.saw("File SCP caricato")

    told = await declared.sees("Il file SCP è pronto", PLAIN, button="File SCP")
    await declared.press("File SCP", on=told)
    _, data = await declared.document("File SCP", PLAIN)
    envelope = opened(world, data)
    assert (envelope.content, envelope.sid, envelope.sequence) == (CONTENT, MOME, 1)
    assert envelope.pods == (PLAIN,)
    await staff.says("/filescp", "Nessun file SCP da caricare")
    await world.settled()
    (entry,) = await world.audit(AuditAction.SCP_ATTACHED)
    assert entry.detail["sha256"] == hashlib.sha256(CONTENT).hexdigest()[:16]
    assert len(await world.audit(AuditAction.SCP_DELIVERED)) == 1
    stored = await world.database.long_read(lambda c: b"".join(c.scalars(select(blob_chunks.c.data))))
    assert CONTENT not in stored
    assert await world.database.long_read(lambda c: c.execute(select(scp_waits)).all()) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x00" * 40, "è vuoto"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "è un’immagine"),
        (b"%PDF-1.7 and more", "è un PDF"),
        (b"PK\x03\x04" + bytes(40), "è un archivio"),
        (b"\n<!DOCTYPE html><p>", "è una pagina web"),
        (b"\xd2\x84\x58 a486-scp-envelope-1", "l’ha preparato questo bot"),
        (b"x" * (attaching.MOST_BYTES + 1), "supera i 256 KB"),
    ],
    ids=["empty", "image", "pdf", "zip", "html", "ours", "too big"],
)
@on_sqlite
async def test_what_is_no_scp_file_is_not_taken(
    world: World, declared: Chat, staff: Chat, content: bytes, why: str
) -> None:
    await associate(declared)
    await staff.says("/filescp", button=MOME)
    await staff.press(MOME)
    await staff.sees("Manda il file del distributore")
    await staff.phone.send_file(content, name="x.bin")
    await staff.sees("⚠️", why, "Manda il file del distributore")
    await attach(staff)
    assert await states(world) == [ScpState.READY]


@on_sqlite
async def test_a_file_that_nobody_asked_for_is_attached_and_replaced(
    world: World, colleague: Chat, staff: Chat
) -> None:
    """By its POD; whoever made the association is told, and the newer file counts."""
    await staff.says("/filescp", "Nessun file SCP da caricare")
    await staff.press("Altra associazione")
    await staff.sees("Per quale associazione")
    await staff.says(PLAIN, "Non trovo un’associazione attiva")
    await staff.type(OURS)
    await attach(staff)
    await colleague.sees("Il file SCP è pronto", OURS)
    await colleague.press("File SCP")
    _, first = await colleague.document("File SCP", OURS)

    await staff.says("/filescp", "Nessun file SCP da caricare")
    await staff.press("Altra associazione")
    await staff.type(showcase.sid("MOME", 1))
    await staff.sees("Manda il file del distributore", "C’è già un file pronto")
    await attach(staff, CONTENT + b"2")
    told = await colleague.sees("Il file SCP è stato sostituito", OURS)
    await colleague.press("File SCP", on=told)
    _, second = await colleague.document("File SCP", OURS, after=told.message_id)
    assert [opened(world, each).sequence for each in (first, second)] == [1, 2]
    assert opened(world, second).content == CONTENT + b"2"
    (entry,) = await world.audit(AuditAction.SCP_REPLACED)
    assert entry.detail["replaces"] == 1


async def test_of_two_who_attach_at_once_one_does(world: World, declared: Chat, staff: Chat) -> None:
    await associate(declared)
    async with member_of_staff(world, OTHER_STAFF) as other:
        for each in (staff, other):
            await each.says("/filescp", button=MOME)
        mine = await receive(staff, CONTENT, press=MOME)
        theirs = await receive(other, CONTENT[::-1], press=MOME)
        await asyncio.gather(staff.press("✅ Carica", on=mine), other.press("✅ Carica", on=theirs))
        await world.settled()
        said = ["\n".join(shown.text for shown in (await each.screen()).from_bot) for each in (staff, other)]
    assert sorted("File SCP caricato" in each for each in said) == [False, True]
    assert sorted("è cambiato" in each for each in said) == [False, True]
    assert await states(world) == [ScpState.READY]
    assert len(await world.audit(AuditAction.SCP_ATTACHED)) == 1
    assert (await declared.screen()).from_bot[-1].text.count("è pronto") == 1


@on_sqlite
async def test_deleting_the_association_withdraws_the_wait(world: World, declared: Chat, staff: Chat) -> None:
    await associate(declared)
    listed = await staff.says("/filescp", button=MOME)
    shown = await receive(staff, press=MOME)
    await declared.says(PLAIN, button="Elimina")
    await declared.press("Elimina")
    await declared.press("Sì, elimina")
    await declared.saw("Associazione eliminata")
    await staff.press("✅ Carica", on=shown)
    await staff.sees("non c’è più", button="Inizio")
    await staff.says("/filescp", "Nessun file SCP da caricare")
    world.forge(data_of(listed, MOME), person=STAFF, message_id=listed.message_id)
    await staff.saw("non c’è più", on=listed)
    assert world.clock is not None
    at = world.clock.now()
    assert await world.database.write(lambda c: attaching.withdraw(c, at)) == 1
    assert await world.database.write(lambda c: attaching.withdraw(c, at)) == 0
    assert await states(world) == [ScpState.WITHDRAWN]
    assert await world.audit(AuditAction.SCP_ATTACHED) == []


@on_sqlite
async def test_a_question_about_an_association_that_is_gone_says_so(
    world: World, declared: Chat, staff: Chat
) -> None:
    await associate(declared)
    await staff.says("/filescp", button=MOME)
    await staff.press(MOME)
    await staff.sees("Manda il file del distributore")
    await declared.says(PLAIN, button="Elimina")
    await declared.press("Elimina")
    await declared.press("Sì, elimina")
    await declared.saw("Associazione eliminata")
    await staff.says("ecco", "non c’è più", button="Annulla")
    await staff.phone.send_file(CONTENT, name="consegna.bin")
    await staff.sees("non c’è più", button="Inizio")
    assert await world.dialogue(STAFF) is None


@on_sqlite
async def test_who_may_no_longer_have_the_file_is_not_told(world: World, declared: Chat, staff: Chat) -> None:
    """Who looks after the integrator is told in their place."""
    await associate(declared)
    async with world.chat(3) as referent:
        await declare(referent)

        def suspend(connection: Connection) -> None:
            number = identity.person_id_of(connection, world.people[0].id)
            administrator = identity.actor_of(connection, world.people[OTHER_STAFF].id)
            assert number is not None
            assert administrator is not None
            assert world.clock is not None
            people.suspend(connection, administrator, number, True, world.clock.now())

        await world.database.write(suspend)
        await staff.says("/filescp", button=MOME)
        await attach(staff, press=MOME)
        await referent.sees("Il file SCP è pronto", PLAIN)
    await world.settled()
    assert not any("Il file SCP è pronto" in shown.text for shown in (await declared.screen()).from_bot)


async def test_a_bulk_archive_holds_what_is_ready_and_lists_what_is_awaited(
    world: World, declared: Chat, staff: Chat
) -> None:
    await send(declared, good(2), "2 righe da creare", button="Carica")
    await declared.press("Carica le 2 righe buone")
    card = await declared.saw("Richiesta n. 1 elaborata", "2 create")
    await world.settled()
    assert await states(world) == [ScpState.AWAITED] * 2
    first, second = plain_pods(2)
    await staff.press("File SCP da caricare")
    await staff.sees("dal più vecchio")
    await attach(staff, press=showcase.sid("MOME", 10))
    card = await declared.saw("Richiesta n. 1", "☑️ Elaborata", "2 create")
    await declared.press("File SCP", on=card)
    shown, content = await declared.document("richiesta n. 1", "Un file è in attesa del distributore")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = list(csv.reader(io.StringIO(archive.read("elenco.csv").decode("utf-8-sig")), delimiter=";"))
        assert len(archive.namelist()) == 2
    assert {row[0]: row[4] for row in listed[1:]} == {first: "pronto", second: "in attesa del distributore"}
    assert not any("sono pronti" in each.text for each in (await declared.screen()).from_bot)

    await staff.says("/filescp", button=showcase.sid("MOME", 11))
    await attach(staff, press=showcase.sid("MOME", 11))
    await declared.sees("I file SCP della richiesta n. 1 sono pronti", button="File SCP")
    await declared.press("File SCP")
    _, content = await declared.document("richiesta n. 1", after=shown.message_id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 3


@on_sqlite
async def test_a_programming_job_says_that_its_file_is_awaited_and_goes_on(
    world: World, declared: Chat, staff: Chat, tmp_path: Path
) -> None:
    async with world.chat(TECHNICIAN) as technician:
        await technician.says("/start", button="I miei lavori")
        await technician.press("I miei lavori")
        await technician.press("Accetto")
        await technician.sees("Non hai lavori aperti")
        await declared.says(OURS, "già associata", button="Programma")
        await declared.press("Programma")
        await declared.press("Tecnico")
        for question in ("Dove si trova", "Qualcosa da sapere"):
            await declared.sees(question)
            await declared.press("Salta")
        await declared.saw("Lavoro n. 1", "Il file SCP è in attesa del distributore")
        home = laptop(tmp_path)
        await paired(world, technician, home)
        async with running(world, home, blank()):
            await technician.says("/lavori", button=OURS[-8:])
            await technician.press(OURS[-8:])
            card = await technician.sees("in attesa del distributore", button="Collega il dispositivo")
            await technician.press("Collega il dispositivo")
            shown = await technician.sees("È il dispositivo giusto", "in attesa del distributore")
            assert not any("▶️" in label for label in shown.labels)
            await staff.says("/filescp", button=showcase.sid("MOME", 1))
            await attach(staff, press=showcase.sid("MOME", 1))
            await technician.sees("Il file SCP è pronto", OURS)
            await world.settled()
            assert "in attesa" not in (await technician.message(card.message_id)).text
            await technician.press("Collega il dispositivo", on=card)
            await technician.sees("È il dispositivo giusto", button="Programma")
            await technician.press("Programma")
            await technician.saw("Lavoro n. 1", "Passo")


@on_sqlite
async def test_the_staff_is_told_once_an_hour(world: World, declared: Chat, staff: Chat) -> None:
    assert world.clock is not None
    await send(declared, good(3), "3 righe da creare", button="Carica")
    await declared.press("Carica le 3 righe buone")
    await declared.saw("Richiesta n. 1 elaborata", "3 create")
    await world.settled()
    told = [shown for shown in (await staff.screen()).from_bot if "📥" in shown.text]
    assert len(told) == 1
    world.later(timedelta(hours=1))
    await checks_made(world)
    await staff.sees("3 file SCP sono da caricare")
    world.later(timedelta(hours=1))
    await checks_made(world)
    told = [shown for shown in (await staff.screen()).from_bot if "📥" in shown.text]
    assert len(told) == 2


@on_sqlite
async def test_others_see_neither_the_list_nor_the_dialogue(world: World, declared: Chat) -> None:
    await declared.says("/filescp", "riservata al personale")
    shown = await declared.says("/start", "Incolla un POD")
    assert not any("da caricare" in label for label in shown.labels)
    world.forge("1.e.scp_attach.1", message_id=shown.message_id)
    await world.settled()
    assert not any(
        "Manda il file del distributore" in each.text for each in (await declared.screen()).from_bot
    )
    assert await world.dialogue() is None


class TestGenerated:
    """Where content is generated, the menu does not speak of files to attach."""

    @pytest.fixture
    def bot_settings(self) -> Mapping[str, object]:
        return {}

    @on_sqlite
    async def test_the_menu_names_no_files_to_attach(self, world: World) -> None:
        async with world.chat(STAFF) as chat:
            shown = await chat.says("/start", button="Richieste")
            assert not any("da caricare" in label for label in shown.labels)
