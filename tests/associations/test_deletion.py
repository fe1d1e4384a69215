"""Deleting an association: the question, its effects, and the old cards afterwards."""

from __future__ import annotations

from backend.core.audit.values import AuditAction
from tests.acceptance.walks import MOME, PLAIN, associate, data_of
from tests.support import Chat, World, on_sqlite


async def test_the_question_names_pod_and_device_and_the_deletion_frees_both(
    world: World, declared: Chat
) -> None:
    card, _, _ = await associate(declared)
    await declared.press("Elimina", on=card)
    await declared.saw("Elimino l’associazione", f"POD {PLAIN}", f"MOME {MOME}")
    await declared.press("Sì, elimina")
    await declared.saw("Associazione eliminata", PLAIN, MOME)

    await declared.says(MOME, "Non è associato a nessuna fornitura")
    await declared.says(PLAIN, "Fornitura ammissibile", button="Associa un dispositivo")
    await associate(declared)
    await world.settled()
    (deleted,) = await world.audit(AuditAction.ASSOCIATION_DELETED, pod=PLAIN)
    assert deleted.person_name == "Configuratore"


@on_sqlite
async def test_a_deletion_that_is_not_confirmed_deletes_nothing(world: World, declared: Chat) -> None:
    card, _, _ = await associate(declared)
    await declared.press("Elimina", on=card)
    await declared.saw("Elimino l’associazione")
    await declared.press("Annulla")
    await declared.saw("Associazione n.", MOME, on=card)  # back on the card that led here
    await declared.says(PLAIN, "Fornitura già associata")
    await world.settled()
    assert await world.audit(AuditAction.ASSOCIATION_DELETED) == []


async def test_buttons_of_a_deleted_associations_card_say_that_it_is_gone(
    world: World, declared: Chat
) -> None:
    card, file, _ = await associate(declared)
    old = {name: data_of(card, name) for name in ("File SCP", "Modifica", "Elimina")}
    await declared.press("Elimina", on=card)
    await declared.press("Sì, elimina")
    await declared.saw("Associazione eliminata")

    for data in old.values():
        await declared.says("/start", "Incolla un POD")
        await declared.phone.press(data=data, message_id=card.message_id, stale=True)
        await world.settled()
        await declared.saw("Associazione n.", "Eliminata il", "da Configuratore", on=card)
        await declared.phone.press("🔗 Vedi l’associazione", message_id=file.message_id)
        await declared.sees("Associazione n.", "Eliminata il", "da Configuratore")
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_DELETED)) == 1
    assert len(await world.audit(AuditAction.SCP_DELIVERED)) == 1


@on_sqlite
async def test_a_deletion_confirmed_by_two_colleagues_happens_once(
    world: World, declared: Chat, colleague: Chat
) -> None:
    card, _, _ = await associate(declared)
    await declared.press("Elimina", on=card)
    question = await declared.saw("Elimino l’associazione")
    await colleague.says(PLAIN, "Fornitura già associata")
    await colleague.press("Elimina")
    await colleague.press("Sì, elimina")
    await colleague.sees("Associazione eliminata")

    await declared.press("Sì, elimina", on=question)
    await declared.saw("Eliminata il", "da Collega")
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_DELETED)) == 1
    assert await world.dialogue() is None
