"""Useful documents: browsed, found, downloaded, followed."""

from __future__ import annotations

from backend.core.audit.values import AuditAction
from tests.documents.files import pdf
from tests.documents.walks import TITLE, publish, to_datasheets
from tests.support import Chat, World


async def test_the_staff_publishes_a_document_and_a_user_downloads_it(
    world: World, chat: Chat, staff: Chat
) -> None:
    await to_datasheets(staff)
    await staff.press("Carica un documento")
    content = pdf("uno")
    await staff.press("Pubblica", on=await publish(staff, content, "ds_mome.pdf", title=TITLE))
    await staff.saw("Pubblicato", TITLE, "Versione 1.0 del 01/05/2026", "ds_mome.pdf")

    shown = await to_datasheets(chat)
    assert "🏠 Inizio" in shown.labels
    assert "‹ Documentazione tecnica" in shown.labels
    assert not any("Carica" in label for label in shown.labels)
    await chat.press(f"📄 {TITLE}")
    card = await chat.sees(TITLE, "Versione 1.0 del 01/05/2026", "1 KB", button="Scarica")
    assert not any("Ritira" in label for label in card.labels)
    await chat.press("Scarica")
    sent, data = await chat.document(TITLE, "versione 1.0")
    assert data == content
    assert "‹ Datasheet" in sent.labels
    assert (await chat.message(card.message_id)).labels == card.labels  # it stays, to be used again
    (given,) = await world.audit(AuditAction.DOCUMENT_DELIVERED)
    assert given.person_name == "Configuratore"
    assert given.detail["title"] == TITLE
    assert given.detail["way"] == "chat"
    (added,) = await world.audit(AuditAction.DOCUMENT_ADDED)
    assert added.person_name == "Assistenza"
    await staff.press("‹ Datasheet")
    await staff.press(f"📄 {TITLE}")
    await staff.sees("Scaricato una volta")
