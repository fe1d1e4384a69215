"""Tickets in the staff group: a topic for each, in which the staff works together."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backend.core.outbox.models import posts
from backend.tickets import service as tickets
from backend.tickets.models import ticket_messages
from sandbox.client import Shown
from tests.staff_group.conftest import ADMINISTRATOR, MEMBER, OTHER, STAFF, Room, staff_group
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_tickets import POD, open_one, said_to

ASKED = f"Il POD {POD}: la massiva non parte"


async def kinds(world: World) -> list[tuple[str, str]]:
    """What was said in tickets: kind and text, oldest first."""
    rows = await world.database.long_read(
        lambda c: c.execute(
            select(ticket_messages.c.kind, ticket_messages.c.text).order_by(ticket_messages.c.id)
        ).all()
    )
    return [(kind, text) for kind, text in rows]


async def in_topic(room: Room, person: int = STAFF) -> Chat:
    """The topic of the first ticket on somebody's phone, as soon as it stands there."""
    await room.world.settled()
    return await room.open(person, room.topic("n. 1 ·"))


async def answer(topic: Chat, to: Shown, text: str) -> None:
    """Reply to a message of the topic, and send what the bot shows."""
    await topic.phone.type(text, reply_to=to.message_id)
    shown = await topic.sees("Questo lo leggerà", text, button="Invia al richiedente")
    await topic.press("Invia al richiedente", on=shown)


async def test_a_ticket_is_worked_at_in_its_topic(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared, ASKED)
    topic = await in_topic(room)
    assert room.group.topics[room.topic("n. 1")].name == "⏳ n. 1 · Impianti Demo · Configurazione massiva"
    await topic.saw("Richiesta n. 1", "nota interna", "⏳ Aperto")
    asked = await topic.sees(ASKED)

    await topic.press("Prendi in carico")
    await topic.saw("🛠 In Lavorazione")
    await declared.sees("se ne occupa")
    await topic.type("Secondo me il file è vecchio")  # a plain line
    await world.settled()
    await answer(topic, asked, "Puoi mandarci il file?")
    await topic.sees("Risposta inviata", "Puoi mandarci il file?")
    await declared.sees("l’assistenza risponde", "Puoi mandarci il file?")

    await declared.says("Eccolo, è quello di ieri", "Aggiunto alla richiesta n. 1")
    more = await topic.sees("Eccolo, è quello di ieri")
    other = await in_topic(room, OTHER)
    await other.phone.type("Ci penso io", reply_to=more.message_id)
    await other.sees("Non è stato inviato niente", "è in carico a", button="Passa a me")

    await topic.press("Chiudi")
    question = await topic.sees("Come si è risolta", "Rispondi a questo messaggio")
    await topic.phone.type("Ricaricato il file", reply_to=question.message_id)
    await topic.sees("Chiudo la richiesta n. 1")
    await topic.press("Invia e chiudi")
    await declared.sees("Richiesta n. 1 chiusa", "Ricaricato il file")
    await world.settled()
    closed = room.group.topics[room.topic("n. 1")]
    assert closed.closed
    assert closed.name.startswith("✅")

    await declared.press("Richiesta n. 1")
    await declared.press("Riapri")
    await topic.sees("ha riaperto la richiesta")
    await world.settled()
    assert not room.group.topics[room.topic("n. 1")].closed
    assert await kinds(world) == [
        ("request", ASKED),
        ("note", "Secondo me il file è vecchio"),
        ("answer", "Puoi mandarci il file?"),
        ("request", "Eccolo, è quello di ieri"),
        ("answer", "Ricaricato il file"),
    ]
    assert "Secondo me" not in await said_to(declared)


@on_sqlite
async def test_who_has_no_role_answers_nobody(room: Room, declared: Chat) -> None:
    await open_one(declared)
    member = await in_topic(room, MEMBER)
    asked = await member.sees("non si legge")
    await member.phone.type("Rispondo io?", reply_to=asked.message_id)
    await member.sees("non hai un ruolo nell’assistenza")
    await member.type("Allora guardo e basta")
    await member.press("Prendi in carico")
    await member.sees("riservata al personale")
    await member.saw("⏳ Aperto", "Richiesta n. 1")  # the card is as it was
    await room.world.settled()
    assert [kind for kind, _ in await kinds(room.world)] == ["request"]
    assert "Rispondo io" not in await said_to(declared)


@on_sqlite
async def test_an_anonymous_administrator_is_told_that_nothing_was_sent(room: Room, declared: Chat) -> None:
    await open_one(declared)
    topic = await in_topic(room, ADMINISTRATOR)
    asked = await topic.sees("non si legge")
    await topic.phone.type("Ciao", reply_to=asked.message_id, anonymous=True)
    await topic.sees("non so chi sei")
    await room.world.settled()
    assert [kind for kind, _ in await kinds(room.world)] == ["request"]


@on_sqlite
async def test_replies_are_recognised_after_a_restart_and_long_after(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    topic = await in_topic(room)
    asked = await topic.sees("non si legge")
    await world.stop()
    await world.start()
    world.later(timedelta(days=200))
    await world.settled()
    await answer(topic, asked, "Ci siamo quasi")
    await declared.sees("l’assistenza risponde", "Ci siamo quasi")


async def test_a_deleted_topic_is_opened_again_with_what_waited(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    await in_topic(room)
    old = room.topic("n. 1")
    administrator = await room.open(ADMINISTRATOR)
    await administrator.phone.delete_topic(old)
    await declared.says("C’è nessuno?", "Aggiunto alla richiesta n. 1")
    await world.settled()
    assert room.topic("n. 1") != old
    again = await in_topic(room)
    said = await again.sees("C’è nessuno?")
    await answer(again, said, "Ci siamo")
    await declared.sees("Ci siamo")


async def test_the_group_is_lost_and_private_notices_take_over(
    room: Room, declared: Chat, world: World
) -> None:
    async with world.chat(STAFF) as staff:
        await staff.says("/start", button="📥 Richieste")
        await open_one(declared)
        await world.settled()
        world.api.world.set_bot_status(room.group, "kicked", by=world.people[STAFF])
        await declared.says("Ancora io", "Aggiunto alla richiesta n. 1")
        await staff.saw("Nel gruppo dell’assistenza non riesco più a scrivere")
        await staff.sees("scrive:", "Ancora io", button="Richiesta n. 1")
        await open_one(declared)
        await staff.sees("Nuova richiesta n. 2")


@on_sqlite
async def test_edits_are_mirrored_and_a_word_can_be_taken_back(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    topic = await in_topic(room)
    mine = await declared.type("Il numero è 12")
    await declared.sees("Aggiunto alla richiesta n. 1", button="Togli")
    shown = await topic.sees("Il numero è 12")
    await declared.phone.edit(mine.message_id, "Il numero è 21")
    await declared.sees("Ho corretto il messaggio")
    await topic.saw("Il numero è 21", "modificato", on=shown)
    await declared.press("Togli il messaggio")
    await declared.saw("Tolto dalla richiesta n. 1")
    await topic.saw("Messaggio tolto", on=shown)

    noted = await topic.type("Nota: cliente nuovo")
    await world.settled()
    await topic.phone.edit(noted.message_id, "Nota: cliente vecchio")
    await world.settled()
    assert await kinds(world) == [
        ("request", (await kinds(world))[0][1]),
        ("note", "Nota: cliente vecchio"),
    ]


async def test_a_group_that_is_chosen_learns_what_stands_open(world: World, declared: Chat) -> None:
    await open_one(declared)
    await declared.says("E aggiungo questo", "Aggiunto")
    async with staff_group(world) as room:
        topic = await in_topic(room)
        await topic.saw("non si legge")
        await topic.sees("E aggiungo questo")


async def test_a_flood_is_told_to_wait_and_nothing_of_it_is_lost(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    for number in range(tickets.MOST_WORDS - 1):
        await declared.type(f"Messaggio {number} per voi")
    await world.settled()
    await declared.says("Uno di troppo", "Questo non è partito")
    world.later(timedelta(hours=1, minutes=1))
    await declared.says("Eccolo di nuovo", "Aggiunto alla richiesta n. 1")
    await world.settled()
    texts = [text for _, text in await kinds(world)]
    assert len(texts) == tickets.MOST_WORDS + 1
    topic = await in_topic(room)
    shown = "\n".join(message.text for message in (await topic.screen()).from_bot)
    assert [text for text in texts if shown.count(text) != 1] == []
    assert "Uno di troppo" not in texts


async def test_the_words_of_an_erased_person_leave_the_topic(room: Room, declared: Chat) -> None:
    await open_one(declared)
    await declared.says("Il mio numero di telefono è segreto", "Aggiunto")
    topic = await in_topic(room)
    shown = await topic.sees("numero di telefono")
    await declared.says("/privacy", button="Cancella i miei dati")
    await declared.press("Cancella i miei dati")
    await declared.press("Sì, cancella tutto")
    await topic.saw("Messaggio tolto", on=shown)
    await room.world.settled()
    kept = await room.world.database.long_read(lambda c: list(c.scalars(select(posts.c.content))))
    assert not any("numero di telefono" in str(content) for content in kept)
