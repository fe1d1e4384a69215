"""What a hostile look at the staff group found, so that it stays mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, cast, select, update

from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination
from backend.identity import service as identity
from backend.identity.models import persons
from backend.staff_group import service as staff_group_service
from backend.staff_group.models import staff_topics
from backend.tickets import service as tickets
from conversations.core.prompts import Entry
from handlers.callback import encode
from sandbox.client import Screen, Shown
from sandbox.faults import Fault, FaultKind
from tests.privacy.test_erasure import erase
from tests.staff_group.conftest import ADMINISTRATOR, MEMBER, OTHER, STAFF, Room, staff_group
from tests.staff_group.test_tickets_in_topics import in_topic, kinds
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_tickets import POD, open_one


def clock(world: World) -> datetime:
    assert world.clock is not None
    return world.clock.now()


def actor_of(connection: Connection, world: World, person: int) -> Any:
    actor = identity.actor_of(connection, world.people[person].id)
    assert actor is not None
    return actor


@on_sqlite
async def test_a_forged_press_takes_neither_topic_nor_card(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    topic = await in_topic(room, STAFF)
    card = next(m for m in (await topic.screen()).from_bot if m.labels)
    opened = await world.database.long_read(lambda c: c.scalar(select(staff_topics.c.topic_id)))
    assert opened is not None
    for post_id in (opened, opened + 1, opened + 2):
        for action in ("x", "home", "ticket_take"):
            data = encode(Entry("", action), post_id, 0)
            world.api.world.press(room.group.messages[card.message_id], world.people[MEMBER], data)
    await world.settled()
    await topic.type("nota dopo")
    await declared.says("ci siete?", "Aggiunto")
    await topic.sees("ci siete?")
    await world.settled()
    assert ("note", "nota dopo") in await kinds(world)
    texts = [m.text for m in (await topic.screen()).from_bot]
    assert any("non si legge" in text for text in texts)
    assert any("⏳ Aperto" in text for text in texts)
    assert [t.name for t in room.group.topics.values() if "n. 1" in t.name]


@on_sqlite
async def test_a_group_that_is_chosen_again_keeps_its_topics(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    topic = await in_topic(room)
    chosen = next(m for m in (await room.general.screen()).from_bot if "arrivano qui" in m.text)
    data = encode(Entry("", "staff_group_use"), 1, 0)
    world.api.world.press(room.group.messages[chosen.message_id], world.people[ADMINISTRATOR], data)
    await world.settled()
    await topic.type("nota di prima")
    await declared.says("E allora?", "Aggiunto")
    await topic.sees("E allora?")
    assert len([t for t in room.group.topics.values() if "n. 1" in t.name]) == 1
    assert ("note", "nota di prima") in await kinds(world)


@on_sqlite
async def test_a_topic_that_was_opened_again_has_its_card(room: Room, declared: Chat) -> None:
    await open_one(declared)
    await in_topic(room)
    administrator = await room.open(ADMINISTRATOR)
    await administrator.phone.delete_topic(room.topic("n. 1"))
    await declared.says("C’è nessuno?", "Aggiunto alla richiesta n. 1")
    await room.world.settled()
    again = await in_topic(room)
    await again.saw("C’è nessuno?")
    await again.press("Prendi in carico")
    await again.saw("🛠 In Lavorazione")


@on_sqlite
async def test_words_that_are_too_long_are_refused_and_never_cut(room: Room, declared: Chat) -> None:
    await open_one(declared)
    topic = await in_topic(room)
    long = "parola " * 400
    await declared.says(long, "troppo lungo", "2.000")
    await topic.says(long, "troppo lungo")
    note = await topic.type("Sembra il cavo")
    await room.world.settled()
    await topic.phone.edit(note.message_id, long)
    await room.world.settled()
    said = [each.text for each in (await topic.screen()).from_bot if "troppo lungo" in each.text]
    assert len(said) == 2
    assert [text for _, text in await kinds(room.world)][1:] == ["Sembra il cavo"]


@on_sqlite
async def test_what_an_anonymous_administrator_notes_is_answered(room: Room, declared: Chat) -> None:
    await open_one(declared)
    topic = await in_topic(room, ADMINISTRATOR)
    await topic.phone.type("nota importante", anonymous=True)
    await topic.sees("non so chi sei")


@on_sqlite
async def test_paths_and_replies_to_the_card_are_notes_that_say_so(room: Room, declared: Chat) -> None:
    await open_one(declared)
    topic = await in_topic(room)
    asked = await topic.sees("non si legge")
    await topic.type("/dev/ttyUSB0 è la porta giusta")
    card = next(m for m in (await topic.screen()).from_bot if m.labels)
    await topic.phone.type("Spegni e riaccendi", reply_to=card.message_id)
    await topic.sees("Salvato come nota interna")
    await topic.phone.type("/dev/ttyUSB1 è l’altra", reply_to=asked.message_id)
    await topic.sees("Questo lo leggerà", "/dev/ttyUSB1")
    notes = [text for kind, text in await kinds(room.world) if kind == "note"]
    assert notes == ["/dev/ttyUSB0 è la porta giusta", "Spegni e riaccendi"]


@on_sqlite
async def test_what_waits_when_the_group_is_left_is_told_once(world: World, declared: Chat) -> None:
    async with staff_group(world) as room, world.chat(STAFF) as staff:
        await staff.says("/start", button="Richieste")
        await open_one(declared)
        topic = await in_topic(room)
        broken = Fault(FaultKind.UNREACHED, "sendMessage", chat=room.group.id)
        await declared.phone.switch_faults(broken)
        await declared.says("Sono ancora qui", "Aggiunto")
        await world.database.write(
            lambda c: staff_group_service.leave(c, actor_of(c, world, ADMINISTRATOR), clock(world))
        )
        await staff.sees("scrive:", "Sono ancora qui")
        await declared.phone.switch_faults()
        await world.settled()
        assert not any("Sono ancora qui" in m.text for m in (await topic.screen()).from_bot)


@on_sqlite
async def test_another_group_shows_what_the_one_before_had_not(world: World, declared: Chat) -> None:
    async with staff_group(world):
        await open_one(declared)
        await world.settled()

        def say(connection: Connection) -> None:
            for number in range(3):
                person = actor_of(connection, world, 0)
                tickets.add_word(connection, person, 1, f"parola {number}", clock(world))
            other = world.api.add_group("Altra", world.bot, [world.people[ADMINISTRATOR]], is_forum=True)
            administrator = actor_of(connection, world, ADMINISTRATOR)
            staff_group_service.choose(connection, administrator, world.bot.id, other.id, clock(world))

        await world.database.write(say)
        await world.settled()
        shown = await world.database.long_read(
            lambda c: [str(each) for each in c.scalars(select(posts.c.content))]
        )
        for number in range(3):
            assert sum(f"parola {number}" in each for each in shown) == 1


@on_sqlite
async def test_an_answer_to_a_suspended_requester_is_seen_not_to_arrive(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    topic = await in_topic(room)
    person = await world.database.long_read(lambda c: actor_of(c, world, 0).person_id)
    suspended = update(persons).where(persons.c.id == person).values(suspended_at=clock(world))
    await world.database.write(lambda c: c.execute(suspended))
    await world.database.write(
        lambda c: tickets.answer(c, actor_of(c, world, STAFF), 1, "La risposta", clock(world))
    )
    await topic.sees("La risposta", "Non consegnato")


@on_sqlite
async def test_an_erased_requesters_words_are_kept_nowhere(room: Room, declared: Chat) -> None:
    await open_one(declared, f"Il segreto è Zanzibar, POD {POD} non si legge")
    topic = await in_topic(room)
    shown = await topic.sees("Zanzibar")
    await erase(declared)
    await topic.saw("tolto", on=shown)
    await room.world.settled()
    left = await room.world.database.long_read(
        lambda c: c.scalars(
            select(posts.c.id).where(cast(posts.c.content, String).contains("Zanzibar"))
        ).all()
    )
    assert left == []


@on_sqlite
async def test_a_reply_to_a_colleagues_note_is_a_note(room: Room, declared: Chat) -> None:
    world = room.world
    await open_one(declared)
    topic = await in_topic(room)
    await world.database.write(
        lambda c: tickets.note(c, actor_of(c, world, OTHER), 1, "Già visto ieri", clock(world))
    )
    noted = await topic.sees("Nota interna di", "Già visto ieri")
    await topic.phone.type("Anch’io", reply_to=noted.message_id)
    await topic.sees("Salvato come nota interna")
    assert (await kinds(world))[-1] == ("note", "Anch’io")


@on_sqlite
async def test_no_message_takes_the_place_of_a_topic(room: Room, declared: Chat) -> None:
    await open_one(declared)
    await in_topic(room)
    here = Destination.of(room.world.bot.id, room.group.id)

    def try_it(connection: Connection) -> list[bool]:
        opened = connection.scalar(select(staff_topics.c.topic_id)) or 0
        return [
            outbox.update_post(connection, here, opened, {"text": "x"}, correlation="test"),
            outbox.refresh(connection, here, opened),
            outbox.rebind(connection, opened, here, 10**6) is not None,
        ]

    assert await room.world.database.write(try_it) == [False, False, False]


@on_sqlite
async def test_each_copy_of_a_question_can_be_answered(room: Room, declared: Chat) -> None:
    await open_one(declared)
    topic = await in_topic(room)
    await topic.press("Prendi in carico")
    await room.world.settled()
    await topic.phone.switch_faults(Fault(FaultKind.LOST, "sendMessage", times=1))
    await topic.press("Chiudi")

    def copies(screen: Screen) -> list[Shown] | None:
        found = [each for each in screen.from_bot if "Come si è risolta" in each.text]
        return found if len(found) > 1 else None

    first, _ = await topic.phone.wait_for(copies)
    await room.world.settled()
    await topic.phone.type("Era il cavo", reply_to=first.message_id)
    await topic.sees("Chiudo la richiesta n. 1", "Era il cavo", button="Invia e chiudi")
    assert [kind for kind, _ in await kinds(room.world)] == ["request"]
