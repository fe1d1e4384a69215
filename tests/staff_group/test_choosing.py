"""Choosing the staff group, and giving it up."""

from __future__ import annotations

from backend.core.audit.values import AuditAction
from backend.identity.permissions import StaffRole
from sandbox.client import UserClient
from tests.staff_group.conftest import ADMINISTRATOR, MEMBER, STAFF, Room
from tests.support import Chat, World, on_sqlite
from tests.tickets.test_tickets import open_one


@on_sqlite
async def test_a_group_without_topics_or_rights_is_refused_in_words(world: World) -> None:
    administrator = world.people[ADMINISTRATOR]
    plain = world.api.add_group("Squadra", world.bot, [administrator])
    forum = world.api.add_group("Forum", world.bot, [administrator], is_forum=True)
    world.api.world.set_bot_status(forum, "member", by=administrator)
    for group, said in ((plain, "non ha gli argomenti"), (forum, "non posso gestire gli argomenti")):
        async with UserClient(world.api.base_url, administrator.id).at(group.id) as phone:
            await Chat(phone).says("/gruppo", said)


@on_sqlite
async def test_nobody_else_chooses_the_group(world: World) -> None:
    member = world.people[MEMBER]
    group = world.api.add_group("Assistenza", world.bot, [member], is_forum=True)
    async with UserClient(world.api.base_url, member.id).at(group.id) as phone:
        await Chat(phone).says("/gruppo", "riservata al personale")
    assert await world.audit(AuditAction.STAFF_GROUP_CHOSEN) == []


async def test_the_group_is_given_up_after_a_question(room: Room, declared: Chat) -> None:
    world = room.world
    async with world.chat(ADMINISTRATOR) as administrator, world.chat(STAFF) as staff:
        await staff.says("/start", button="📥 Richieste")
        await administrator.says("/gruppo", "È attivo dal", button="Non usare più")
        await administrator.press("Non usare più il gruppo")
        await administrator.sees("Smetto di usare il gruppo?", button="No")
        await administrator.press("↩️ No")
        await administrator.sees("È attivo dal", button="Non usare più")
        await administrator.press("Non usare più il gruppo")
        await administrator.press("Sì, smetti")
        await administrator.sees("Non c’è più un gruppo", button="Inizio")
        await world.settled()
        await open_one(declared)
        await staff.sees("Nuova richiesta n. 1")
        await administrator.says("/gruppo", "Non c’è ancora")
    assert len(await world.audit(AuditAction.STAFF_GROUP_CHOSEN, AuditAction.STAFF_GROUP_LEFT)) == 2


@on_sqlite
async def test_staff_cancels_in_a_topic_without_being_taken_for_a_stranger(
    room: Room, declared: Chat
) -> None:
    """Commercial and support staff belong to no integrator."""
    world = room.world
    await world.give_staff_role(StaffRole.COMMERCIAL, world.people[MEMBER].id)
    await open_one(declared)
    await world.settled()
    topic = await room.open(MEMBER, room.topic("n. 1 ·"))
    await topic.press("Chiudi")
    await topic.sees("Come si è risolta", button="Annulla")
    await topic.press("Annulla")
    await topic.saw("Non ho inviato niente")
    assert not any("Registra la tua azienda" in m.text for m in (await topic.screen()).from_bot)
