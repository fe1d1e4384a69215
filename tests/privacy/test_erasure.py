"""Somebody who has done everything erases themselves in the chat: nothing in the database leads to them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, LargeBinary, select

from backend.bulk.models import bulk_requests, bulk_rows
from backend.core.audit.values import AuditAction
from backend.core.audit.verify import verify
from backend.core.db.database import Database
from backend.core.db.metadata import metadata
from backend.core.keys.store import KeyStore
from backend.core.mail.mailer import MemoryMailer
from backend.core.outbox import mentions
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination
from backend.identity import service as identity
from backend.identity.models import persons
from backend.identity.permissions import Role
from backend.notices import service as notices
from conversations.core.prompts import Entry, Html, Prompt, to_json
from sandbox import showcase
from sandbox.client import UserClient
from tests.acceptance.walks import PLAIN, associate
from tests.bulk.sheets import good, plain_pods, send
from tests.fixtures.worlds import declare
from tests.registrations.walks import CODE, EMAIL, MOBILE, begin, fill, load_contract
from tests.registrations.walks import verify as prove
from tests.support import LOOK_AGAIN_SECONDS, PATIENCE, Chat, Switchboard, World, on_sqlite

NAME, SURNAME = "Ermenegilda", "D’Alambicchi"
TYPED = "quello che ho scritto soltanto io"
OFFICE = "Via del Ghirigoro 7, Milano"
COMMERCIAL = 5
REFERENT = 3


@pytest.fixture
async def me(world: World) -> AsyncIterator[Chat]:
    phone = await UserClient.create(world.api.base_url, f"{NAME} {SURNAME}", language_code="it")
    async with Chat(phone) as chat:
        yield chat


def traces(connection: Connection, words: dict[str, str]) -> list[tuple[str, str]]:
    """Every table and column that holds one of these (regular expressions), with what it is."""
    found = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            for value in connection.scalars(select(column)):
                text = (
                    bytes(value).decode("latin-1")
                    if isinstance(column.type, LargeBinary) and value is not None
                    else json.dumps(value, ensure_ascii=False, default=str)
                )
                found += [
                    (f"{table.name}.{column.name}", what)
                    for what, word in words.items()
                    if re.search(word, text, re.IGNORECASE)
                ]
    return found


def words_of(number: int) -> dict[str, str]:
    return {
        "name": NAME,
        "surname": "Alambicchi",
        "e-mail": re.escape(EMAIL),
        "phone": MOBILE.removeprefix("+39"),
        "Codice Fiscale": CODE,
        "office": "Ghirigoro",
        "typed": TYPED,
        "number": rf"(?<!\d){number}(?!\d)",
    }


async def until(world: World, condition: Callable[[Connection], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await world.database.long_read(condition):  # noqa: ASYNC110 - a row sets no event
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def forgotten(world: World, number: int) -> None:
    """Wait until the last message is forgotten too."""
    await until(
        world, lambda c: c.scalar(select(posts.c.id).where(posts.c.chat_id == number).limit(1)) is None
    )
    await world.settled()


async def erase(chat: Chat) -> None:
    await chat.type("/privacy")  # an open question may come below the answer
    await chat.press("Cancella i miei dati")
    await chat.saw("Cancello i tuoi dati?", "Resta")
    await chat.press("Sì, cancella tutto")
    shown = await chat.sees("I tuoi dati sono cancellati")
    assert not shown.buttons


async def test_nothing_leads_to_somebody_who_has_done_everything(
    me: Chat, world: World, colleague: Chat, central: Switchboard, mailer: MemoryMailer
) -> None:
    number = me.phone.user_id
    words = words_of(number)
    async with world.chat(COMMERCIAL) as commercial:
        await commercial.says("/start", "personale del servizio")
        await begin(me)
        await fill(me, nome=NAME, cognome=SURNAME, Sede=OFFICE, Partita=showcase.OURS)
        await me.says(await prove(me, mailer), "Registrazione inviata")
        await commercial.sees(NAME, button="Apri")
        await commercial.press("Apri")
        await commercial.sees(CODE, EMAIL, SURNAME, button="Abilita come configuratore")
        await commercial.press("Abilita come configuratore")
    await me.sees("Utenza abilitata")
    await load_contract(world)  # which names the person too
    await declare(me)
    await associate(me)
    await me.says(TYPED, "Qui non trovo")
    await send(me, good(1, 60), "1 riga da creare")
    await me.press("Carica la riga buona")
    await me.saw("Richiesta n. 1 elaborata", "1 creata")
    await colleague.says("/massiva", "Configurazione massiva", button="n. 1")
    await colleague.press("n. 1")
    await colleague.saw("Richiesta n. 1", SURNAME)
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered"}
    central.broken = True
    await me.type(f"{PLAIN} {TYPED}")
    await me.saw("Qualcosa è andato storto")
    central.broken = False
    assert world.clock is not None
    at = world.clock.now()
    person_id = await world.database.long_read(lambda c: identity.person_id_of(c, number))
    assert person_id is not None
    await world.database.write(
        lambda c: notices.add(
            c, person_id, "later", {"what": TYPED}, dedupe_key="x", at=at, not_before=at + timedelta(days=1)
        )
    )
    await me.says("/profilo", SURNAME, EMAIL, button="Ore di silenzio")
    await me.press("Ore di silenzio")
    await me.press("22:00–7:00")
    await me.sees("22:00–7:00")
    await me.press("Altre ore")
    await me.sees("Da che ora")  # a dialogue that stays open
    await me.type("/privacy")
    await me.press("I miei dati")
    _, content = await me.document("Tutto quello che so di te")
    handed = json.loads(content)
    assert {CODE, EMAIL} <= set(map(str, handed["persons.id"][0].values()))
    assert TYPED in json.dumps(handed["inbox.lane"])
    assert "hash" not in handed["email_codes.telegram_user_id"][0]
    before = await world.database.long_read(lambda c: traces(c, words))
    assert {what for _, what in before} == set(words)
    assert {"contract_people.email", "registrations.office", "notices.argument"} <= {w for w, _ in before}
    subject = handed["persons.id"][0]["subject"]

    await erase(me)
    await forgotten(world, number)

    assert await world.database.long_read(lambda c: traces(c, words)) == []
    kept = await world.audit()
    assert {AuditAction.ASSOCIATION_CREATED, AuditAction.BULK_LOADED} <= {
        entry.action for entry in kept if (entry.person_subject, entry.person_name) == (subject, None)
    }
    trusted = KeyStore(world.settings.keys).trusted()
    report = await world.database.long_read(lambda c: verify(c, trusted))
    assert report.holds
    assert report.sealed
    await colleague.says("/massiva", "Configurazione massiva", button="n. 1")  # what was done stays
    await me.says("/start", "riservato ai System Integrator")


@on_sqlite
async def test_somebody_who_only_wrote_or_began_a_registration_leaves_nothing(me: Chat, world: World) -> None:
    number = me.phone.user_id
    await me.says(TYPED, "Qui non trovo")
    await begin(me)
    await me.says(NAME, "cognome")
    await me.type("/privacy")
    await me.press("I miei dati")
    _, content = await me.document("Tutto quello che so di te")
    assert [row["first_name"] for row in json.loads(content)["registrations.telegram_user_id"]] == [NAME]

    await erase(me)
    await forgotten(world, number)

    assert await world.database.long_read(lambda c: traces(c, words_of(number))) == []
    await me.says("/registrati", "Tieni pronti")


@on_sqlite
async def test_a_registration_that_waits_is_gone_for_those_who_would_have_decided(
    me: Chat, world: World, mailer: MemoryMailer
) -> None:
    number = me.phone.user_id
    async with world.chat(COMMERCIAL) as commercial:
        await commercial.says("/start", "personale del servizio")
        await begin(me)
        await fill(me, nome=NAME, cognome=SURNAME, Sede=OFFICE)
        await me.says(await prove(me, mailer), "Registrazione inviata")
        await commercial.sees(NAME, button="Apri")
        await commercial.press("Apri")
        shown = await commercial.sees(CODE, button="Abilita come configuratore")
        await erase(me)
        await forgotten(world, number)
        assert await world.database.long_read(lambda c: traces(c, words_of(number))) == []
        await commercial.press("Abilita come configuratore", on=shown)
        await commercial.sees("Questa registrazione non c’è più")


async def test_what_others_need_of_an_erased_persons_request_comes_to_its_end(
    declared: Chat, world: World, colleague: Chat, central: Switchboard
) -> None:
    await send(declared, good(2, 60), "2 righe da creare")
    gate = central.hold(*plain_pods(2))
    await declared.press("Carica le 2 righe buone")
    await declared.saw("Richiesta n. 1")
    await until(world, lambda c: c.scalar(select(bulk_requests.c.state)) == "processing")
    await erase(declared)
    gate.set()
    await until(world, lambda c: c.scalar(select(bulk_requests.c.state)) == "done")
    outcomes = await world.database.long_read(lambda c: list(c.scalars(select(bulk_rows.c.outcome))))
    assert outcomes == ["not-permitted"] * 2
    await forgotten(world, world.people[0].id)
    name = await world.database.long_read(
        lambda c: c.scalar(select(persons.c.display_name).where(persons.c.telegram_user_id < 0))
    )
    assert name == ""
    await colleague.says("/massiva", "Configurazione massiva", button="n. 1")
    await colleague.press("n. 1")
    await colleague.press("Riprova 2 righe", on=await colleague.saw("2 da riprovare"))
    await colleague.saw("Richiesta n. 1", "2 create")


@on_sqlite
async def test_the_last_referent_of_others_is_told_whom_to_tell_first(world: World) -> None:
    async with world.chat(REFERENT) as referent:
        await referent.says("/privacy", "I tuoi dati")
        await referent.press("Cancella i miei dati")
        await referent.sees("sei l’ultimo referente di Impianti Demo", "nominare un altro referente")
        await world.database.write(
            lambda c: identity.add_member(
                c,
                telegram_user_id=world.people[1].id,
                display_name="Collega",
                integrator_code=showcase.OURS,
                role=Role.REFERENT,
                enabled=True,
                at=datetime.now(UTC),
            )
        )
        await erase(referent)


@on_sqlite
async def test_asking_for_an_erasure_can_be_taken_back(declared: Chat, world: World) -> None:
    await declared.says("/privacy", "I tuoi dati")
    await declared.press("Cancella i miei dati")
    await declared.sees("Cancello i tuoi dati?", button="No, lascia")
    await declared.press("No, lascia")
    await declared.sees("I tuoi dati", button="I miei dati")
    assert await world.audit(AuditAction.PERSON_ERASED) == []
    await declared.says("/start", "Lavori per Impianti Demo")


async def test_words_are_taken_out_whole_and_no_button_loses_its_argument(database: Database) -> None:
    texts = ["Di Rosa Fiore, 123456", "Rosalba Fiore", "Maria Fiore"]
    at = datetime(2025, 3, 10, tzinfo=UTC)

    def enqueue(connection: Connection, text: str) -> int:
        content = to_json(Prompt(Html(text), ((Entry("Rosa", "association", "123456"),),)))
        return outbox.enqueue(connection, Destination.of(1, 7), content, correlation="x", at=at)

    ids = [await database.write(partial(enqueue, text=text)) for text in texts]
    words = {"Rosa", "Rosa Fiore", "123456"}
    assert await database.long_read(partial(mentions.mentioning, words=words)) == ids
    assert await database.long_read(partial(mentions.mentioning, words=words, after=ids[1])) == ids[2:]
    assert await database.long_read(partial(mentions.mentioning, words=set())) == []
    await database.write(partial(mentions.redact, post_ids=ids, words=words))
    found = await database.long_read(lambda c: list(c.scalars(select(posts.c.content).order_by(posts.c.id))))
    assert [content["text"] for content in found] == ["Di …, …", "Rosalba Fiore", "Maria Fiore"]
    assert [content["rows"] for content in found] == [[[["entry", "…", "association", "123456"]]]] * 3
