"""Followers of a folder are told once of each new document and version."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy import Connection, func, select

from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.documents import follows, shelf
from backend.documents.models import document_follows, document_news
from backend.documents.shelf import OPERATOR
from backend.documents.values import NewVersion
from backend.identity.permissions import StaffRole
from backend.identity.values import Actor
from backend.notices.models import notices
from tests.documents.files import pdf
from tests.documents.walks import DATASHEETS, TITLE, publish, shelve, to_datasheets
from tests.support import Chat, World, on_sqlite


async def told(world: World) -> int:
    """How many notices of news there are."""
    query = select(func.count()).where(notices.c.kind == follows.NOTICE)
    return await world.database.long_read(lambda c: c.scalar(query) or 0)


async def test_followers_are_told_of_each_document_and_version_once(
    world: World, chat: Chat, rival: Chat, staff: Chat
) -> None:
    await chat.says("/documenti", button="MOME")
    await chat.press("🗂 MOME")
    await chat.press("Segui questa cartella")
    await chat.sees("Ti avviso di ogni documento", button="Non seguire più")
    await to_datasheets(staff)
    await staff.press("Segui questa cartella")
    await staff.sees("Ti avviso", button="Non seguire più")

    await staff.press("Carica un documento")
    asked = await publish(staff, pdf("uno"), "uno.pdf", title=TITLE)
    await staff.press("Pubblica", on=asked)
    await staff.saw("Pubblicato")
    news = await chat.saw("Nuovo documento", TITLE, "MOME › Documentazione tecnica › Datasheet")
    assert "🏠 Inizio" in news.labels
    await world.settled()
    assert await told(world) == 1  # who published it knows
    await chat.press(f"📄 {TITLE}", on=news)
    await chat.sees(TITLE, button="Scarica")
    assert news.labels == (await chat.message(news.message_id)).labels

    await staff.press("Nuova versione")
    asked = await publish(staff, pdf("due"), "due.pdf", version="2.0")
    await staff.press("Pubblica", on=asked)
    await chat.saw("Nuova versione", TITLE, "Versione 2.0")
    assert await told(world) == 2
    assert (
        await world.database.long_read(lambda c: c.scalar(select(func.count()).select_from(document_news)))
        == 0
    )
    assert not any("Useful documents" in message.text for message in (await rival.screen()).from_bot)

    await chat.says("/documenti", button="Cartelle seguite")
    await chat.press("Cartelle seguite")
    await chat.sees("Cartelle che segui", button="🔔 MOME")
    await chat.press("🔔 MOME")
    await chat.sees("🗂 MOME", button="Non seguire più")
    await chat.press("Non seguire più")
    await chat.sees("Non segui più", button="Segui questa cartella")
    await shelve(world, "Altro")
    await staff.saw("Nuovo documento", "Altro")  # which they have not published
    assert await told(world) == 3


async def test_who_was_erased_follows_nothing_and_what_they_published_stays(world: World, chat: Chat) -> None:
    await world.give_staff_role(StaffRole.SUPPORT)
    await to_datasheets(chat)
    await chat.press("Segui questa cartella")
    await chat.sees("Ti avviso", button="Carica un documento")
    await chat.press("Carica un documento")
    await chat.press("Pubblica", on=await publish(chat, pdf("uno"), "uno.pdf", title=TITLE))
    await chat.saw("Pubblicato")
    await chat.type("/privacy")
    await chat.press("Cancella i miei dati")
    await chat.press("Sì, cancella tutto")
    await chat.saw("I tuoi dati sono cancellati")
    follows_left = select(func.count()).select_from(document_follows)
    assert await world.database.long_read(lambda c: c.scalar(follows_left)) == 0
    (document,) = await world.database.long_read(shelf.everything)
    assert document.stands
    await shelve(world, "Altro")
    await world.settled()
    assert await told(world) == 0


@on_sqlite
async def test_news_of_what_was_withdrawn_meanwhile_are_not_told(world: World, chat: Chat) -> None:
    await to_datasheets(chat)
    await chat.press("Segui questa cartella")
    await chat.sees("Ti avviso")
    digest = await blobs.store(world.database, pdf(), "application/pdf")
    new = NewVersion("1", date(2026, 5, 1), digest, "x.pdf", len(pdf()), "application/pdf")
    at = datetime.now(UTC)

    def put_and_take(connection: Connection) -> None:
        made = shelf.add(connection, OPERATOR, DATASHEETS, "Per sbaglio", new, at)
        shelf.withdraw(connection, OPERATOR, made.id, at)

    await world.database.write(put_and_take)
    await shelve(world, "Quello giusto")
    await chat.saw("Nuovo documento", "Quello giusto")
    assert not any("Per sbaglio" in message.text for message in (await chat.screen()).from_bot)


async def test_many_followers_are_told_in_portions_and_many_versions_at_once(
    database: Database, us: Actor, them: Actor
) -> None:
    at = datetime.now(UTC)
    digest = await blobs.store(database, pdf(), "application/pdf")
    new = NewVersion("1", at.date(), digest, "x.pdf", 9, "application/pdf")
    await database.write(lambda c: follows.follow(c, us, "mome", at))
    await database.write(lambda c: follows.follow(c, us, "mome.tech", at))  # twice is once
    await database.write(lambda c: follows.follow(c, them, "smart_info", at))
    for number in range(follows.AT_ONCE + 2):
        add = partial(shelf.add, author=OPERATOR, folder=DATASHEETS, title=f"T {number}", new=new, at=at)
        await database.write(add)
    rounds = []
    while done := await database.write(lambda c: follows.tell(c, at)):
        rounds.append(done)
    assert rounds == [follows.AT_ONCE, 2]
    rows = await database.long_read(
        lambda c: c.execute(select(notices.c.person_id, notices.c.argument)).all()
    )
    assert {row.person_id for row in rows} == {us.person_id}
    assert sorted(version for row in rows for version in row.argument["versions"]) == list(
        range(1, follows.AT_ONCE + 3)
    )
    await database.write(lambda c: follows.unfollow(c, us, "mome"))
    assert await database.long_read(lambda c: follows.followed(c, us)) == ["mome.tech"]


async def test_more_followers_than_a_portion_are_all_told(database: Database, us: Actor, them: Actor) -> None:
    at = datetime.now(UTC)
    digest = await blobs.store(database, pdf(), "application/pdf")
    new = NewVersion("1", at.date(), digest, "x.pdf", 9, "application/pdf")
    for actor in (us, them):
        await database.write(partial(follows.follow, actor=actor, folder="mome", at=at))
    await database.write(lambda c: shelf.add(c, OPERATOR, DATASHEETS, "T", new, at))
    assert await database.write(lambda c: follows.tell(c, at, portion=1)) == 1
    await database.write(lambda c: shelf.add(c, OPERATOR, DATASHEETS, "U", new, at))  # meanwhile
    while await database.write(lambda c: follows.tell(c, at, portion=1)):
        pass
    rows = await database.long_read(
        lambda c: c.execute(select(notices.c.person_id, notices.c.argument)).all()
    )
    assert sorted((row.person_id, row.argument["versions"]) for row in rows) == sorted(
        (actor.person_id, [version]) for actor in (us, them) for version in (1, 2)
    )
    followers = await database.long_read(
        lambda c: c.scalar(select(func.count()).select_from(document_follows))
    )
    assert followers == 2
