"""Notices to people who did not ask, and posts in other chats and topics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from backend.core.outbox.models import posts
from backend.identity import service as identity
from backend.identity.permissions import StaffRole
from backend.notices import service as notices
from backend.notices.models import notices as table
from backend.notices.values import NoticeState
from bot.core.scheduler import Scheduler
from bot.notices.feature import notices_feature
from conversations.core.catalogue import Catalogue
from conversations.core.feature import Feature
from conversations.product import FEATURES
from sandbox.client import UserClient
from sandbox.state import Chat as Group
from tests.acceptance import probe
from tests.support import Chat, World, on_sqlite

KEPT = timedelta(days=90)


@pytest.fixture
def features() -> Sequence[Feature]:
    return (*FEATURES, probe.FEATURE)


@pytest.fixture(autouse=True)
async def table_of_notes(world: World) -> None:
    await world.database.write(lambda connection: probe.notes.create(connection))


async def checks_made(world: World) -> None:
    """Run the due checks now: the scheduler itself would do so within half a minute."""
    assert world.clock is not None
    feature = notices_feature(world.bot.id, Catalogue((*FEATURES, probe.FEATURE)).notices, KEPT)
    await Scheduler(world.database, world.clock, feature.due_checks).look()
    await world.settled()
    await Scheduler(world.database, world.clock, feature.due_checks).look()


async def states(world: World) -> dict[str, str]:
    """The state of each notice by its key."""
    rows = await world.database.long_read(
        lambda connection: connection.execute(select(table.c.dedupe_key, table.c.state)).all()
    )
    return {row.dedupe_key: row.state for row in rows}


async def test_a_notice_arrives_by_itself_and_its_feature_learns_that_it_was_shown(
    chat: Chat, world: World
) -> None:
    asked = await chat.says("/avvisa pioggia", "Te lo dirò")
    told = await chat.saw("Novità: pioggia")
    assert told.message_id > asked.message_id
    await world.noted("pioggia delivered", probe.notes_of)
    assert await states(world) == {"pioggia": NoticeState.DELIVERED}
    await chat.press("Ancora", on=told)
    await chat.sees("Detto: pioggia")

    await chat.says("/avvisa pioggia", "Lo sai già")
    await checks_made(world)
    assert await probe.notes_of(world.database) == {"pioggia delivered": 1, "said": 1}


async def test_a_notice_waits_for_its_time_and_uses_the_language_chosen_by_then(
    chat: Chat, world: World
) -> None:
    await chat.says("/avvisa domani 60", "Te lo dirò")
    await checks_made(world)
    assert await states(world) == {"domani": NoticeState.WAITING}

    await chat.says("/lingua", "In quale lingua")
    await chat.press("English")
    await chat.sees("English")
    world.later(timedelta(minutes=61))
    await checks_made(world)
    await chat.saw("News: domani")
    assert await probe.notes_of(world.database) == {"domani delivered": 1}


@on_sqlite
async def test_an_obsolete_or_unwordable_notice_delays_no_other(chat: Chat, world: World) -> None:
    world.allowed_errors.add("notice.failed")
    for what in ("vecchia", "rotta", "nuova"):
        await chat.says(f"/avvisa {what}", "Te lo dirò")
    await chat.saw("Novità: nuova")
    await world.noted("nuova delivered", probe.notes_of)
    assert await states(world) == {
        "vecchia": NoticeState.LAPSED,
        "rotta": NoticeState.LAPSED,
        "nuova": NoticeState.DELIVERED,
    }


async def test_a_user_who_comes_back_after_a_block_gets_the_notices_that_still_matter(
    chat: Chat, world: World
) -> None:
    await chat.says("/avvisa sole 5", "Te lo dirò")
    await chat.says("/avvisa vento 5", "Te lo dirò")
    await world.settled()
    await chat.phone.block()
    await world.settled()
    world.later(timedelta(minutes=6))
    await checks_made(world)
    await world.noted("vento undelivered", probe.notes_of)
    assert await states(world) == {"sole": NoticeState.UNDELIVERED, "vento": NoticeState.UNDELIVERED}

    def ages(connection: Connection) -> None:  # this notice no longer matters when it is worded again
        connection.execute(
            update(table).where(table.c.dedupe_key == "vento").values(argument={"what": "vecchia"})
        )

    await world.database.write(ages)
    await chat.phone.block(False)
    await chat.saw("Novità: sole")
    await world.noted("sole delivered", probe.notes_of)
    await checks_made(world)
    assert await states(world) == {"sole": NoticeState.DELIVERED, "vento": NoticeState.LAPSED}
    assert sum("Novità" in message.text for message in (await chat.screen()).from_bot) == 1


async def test_many_notices_are_dispatched_in_small_batches(chat: Chat, world: World) -> None:
    await chat.says("/start", "Incolla un POD")
    many = 3 * notices.PORTION + 1
    person = await world.database.long_read(lambda c: identity.person_id_of(c, world.people[0].id))
    assert person is not None
    portions = list[int]()
    later = datetime.now(UTC) + timedelta(days=365)

    def fill(connection: Connection) -> None:
        for number in range(many):
            notices.add(
                connection, person, "probe_news", {"what": f"n{number}"}, dedupe_key=f"n{number}", at=later
            )

    await world.database.write(fill)
    feature = notices_feature(world.bot.id, Catalogue((*FEATURES, probe.FEATURE)).notices, KEPT)
    dispatch = next(check for check in feature.due_checks if check.name == "notices")
    while done := await world.database.write(lambda connection: dispatch.look(connection, later)):
        portions.append(done)
    assert portions == [notices.PORTION] * 3 + [1]
    await world.settled()
    assert sum("Novità" in message.text for message in (await chat.screen()).from_bot) == many


async def test_notices_that_ended_long_ago_are_forgotten(chat: Chat, world: World) -> None:
    await chat.says("/avvisa pioggia", "Te lo dirò")
    await world.noted("pioggia delivered", probe.notes_of)
    world.later(KEPT + timedelta(days=1))
    await checks_made(world)
    assert await states(world) == {}


@on_sqlite
async def test_the_staff_are_told_of_dead_letters(chat: Chat, world: World) -> None:
    assert world.clock is not None
    at = world.clock.now()
    await world.database.write(
        lambda connection: identity.add_staff(
            connection,
            telegram_user_id=world.people[1].id,
            display_name="Chi amministra",
            role=StaffRole.ADMINISTRATOR,
            at=at,
        )
    )
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered"}
    async with world.chat(1) as administrator:
        await administrator.says("/start", "Incolla un POD")
    await chat.type("/stanza niente")  # the probe assumes that there are two words
    await chat.sees("Qualcosa è andato storto")
    async with world.chat(1) as administrator:
        told = await administrator.saw("sospesa")
        await administrator.press("Stato", on=told)
        await administrator.sees("Da riprendere: 1")
    for _ in range(2):
        await chat.type("/stanza niente")
        await world.settled()
    assert len(await states(world)) == 2  # the second notice is for the next hour
    world.later(timedelta(hours=1))
    await checks_made(world)
    async with world.chat(1) as administrator:
        await administrator.saw("3 richieste non sono riuscite")


@on_sqlite
async def test_a_user_who_writes_for_the_first_time_gets_the_waiting_notices(
    chat: Chat, world: World
) -> None:
    world.allowed_errors |= {"turn.failed", "turn.dead_lettered"}
    phone = await UserClient.create(world.api.base_url, "Chi amministra", language_code="it")
    async with Chat(phone) as administrator:
        await world.database.write(
            lambda connection: identity.add_staff(
                connection,
                telegram_user_id=phone.user_id,
                display_name="Chi amministra",
                role=StaffRole.ADMINISTRATOR,
                at=datetime.now(UTC),
            )
        )
        await chat.type("/stanza niente")
        await chat.sees("Qualcosa è andato storto")
        await world.settled()
        await checks_made(world)
        assert list((await states(world)).values()) == ["undelivered"]

        await administrator.type("/start")
        await administrator.saw("personale del servizio")
        await administrator.saw("sospesa")


def forum(world: World) -> Group:
    return world.api.add_group("Squadra", world.bot, [world.people[0]], is_forum=True)


async def test_a_topic_is_opened_and_its_posts_follow_in_order(chat: Chat, world: World) -> None:
    group = forum(world)
    await chat.says(f"/stanza {group.id} blu", "La stanza si apre", button="Chiudi")
    await world.settled()
    (topic,) = [each for each in group.topics.values() if each.name == "Stanza blu"]
    async with Chat(chat.phone.at(group.id, topic.thread_id)) as inside:
        await inside.saw("blu: uno")
        await inside.sees("blu: due")
        await chat.press("Chiudi")
        await inside.sees("Addio")
        await world.settled()
        assert (topic.name, topic.closed) == ("Chiusa", True)


@on_sqlite
async def test_a_deleted_topic_is_opened_again_for_its_posts(chat: Chat, world: World) -> None:
    group = forum(world)
    await chat.says(f"/stanza {group.id} blu", "La stanza si apre", button="Chiudi")
    await world.settled()
    (topic,) = [each for each in group.topics.values() if each.name == "Stanza blu"]
    async with chat.phone.at(group.id) as there:
        await there.delete_topic(topic.thread_id)
    await chat.press("Chiudi")
    await world.settled()
    (again,) = [each for each in group.topics.values() if each.name == "Chiusa"]
    assert again.thread_id != topic.thread_id
    assert again.closed
    async with Chat(chat.phone.at(group.id, again.thread_id)) as inside:
        await inside.sees("Addio")


@on_sqlite
async def test_posts_to_a_topic_that_cannot_be_opened_are_sent_nowhere(chat: Chat, world: World) -> None:
    group = world.api.add_group("Squadra", world.bot, [world.people[0]])  # no forum
    world.allowed_errors.add("post.dead")
    await chat.says(f"/stanza {group.id} blu", "La stanza si apre")
    await world.settled()
    async with Chat(chat.phone.at(group.id)) as there:
        assert not [message for message in (await there.screen()).from_bot if "blu" in message.text]
    errors = await world.database.long_read(
        lambda connection: connection.scalars(
            select(posts.c.error).where(posts.c.chat_id == group.id).order_by(posts.c.id)
        ).all()
    )
    assert "not a forum" in (errors[0] or "")
    assert list(errors[1:]) == ["its topic could not be opened"] * 2
