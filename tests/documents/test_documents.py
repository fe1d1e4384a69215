"""Useful documents: browsed, found, downloaded, published, withdrawn."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from backend.core.audit.values import AuditAction
from backend.core.blobs.models import telegram_uploads
from backend.documents.models import documents
from backend.identity.models import memberships
from conversations.documents.tree import Tree, tree
from sandbox.client import Shown
from sandbox.faults import Fault
from tests.documents.files import EXE, archive, pdf
from tests.documents.walks import DATASHEETS, TITLE, publish, shelve, to_datasheets
from tests.support import Chat, World, on_sqlite


async def published(chat: Chat, shown: Shown) -> Shown:
    """Confirm, and see the card."""
    await chat.press("Pubblica", on=shown)
    return await chat.saw("Pubblicato")


async def test_the_staff_publishes_a_document_and_a_user_downloads_it(
    world: World, chat: Chat, staff: Chat
) -> None:
    await to_datasheets(staff)
    await staff.press("Carica un documento")
    content = pdf("uno")
    await published(staff, await publish(staff, content, "ds mome è.pdf", title=TITLE))
    await staff.saw("Pubblicato", TITLE, "Versione 1.0 del 01/05/2026", "ds mome è.pdf")

    shown = await to_datasheets(chat)
    assert "🏠 Inizio" in shown.labels
    assert "‹ Documentazione tecnica" in shown.labels
    assert not any("Carica" in label for label in shown.labels)
    await chat.press(f"📄 {TITLE}")
    card = await chat.sees(TITLE, "Versione 1.0 del 01/05/2026", f"{len(content)} byte", button="Scarica")
    assert not any("Ritira" in label for label in card.labels)
    await chat.press("Scarica")
    sent, data = await chat.document(TITLE, "versione 1.0")
    assert data == content
    assert "‹ Datasheet" in sent.labels
    assert sent.raw["document"]["file_name"] == "ds mome è.pdf"
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


@on_sqlite
async def test_the_way_back_leads_up_folder_by_folder(world: World, chat: Chat) -> None:
    await shelve(world)
    await to_datasheets(chat)
    await chat.press(f"📄 {TITLE}")
    await chat.press("‹ Datasheet")
    await chat.press("‹ Documentazione tecnica")
    await chat.sees("MOME › Documentazione tecnica", button="Datasheet (1)")
    await chat.press("‹ MOME")
    await chat.press("‹ Documenti utili")
    shown = await chat.sees("Scegli una cartella", button="🗂 MOME (1)")
    assert [label for label in shown.labels if label.startswith("🗂")] == [
        "🗂 DOC",
        "🗂 Smart Info",
        "🗂 MOME (1)",
    ]
    assert len((await chat.screen()).from_bot) == 1  # one card, all the way


async def test_a_full_folder_is_turned_page_by_page(world: World, chat: Chat) -> None:
    for number in range(10, 0, -1):
        await shelve(world, f"Scheda {number:02d}")
    shown = await to_datasheets(chat)
    assert [label for label in shown.labels if "Scheda" in label] == [
        f"📄 Scheda {number:02d}" for number in range(1, 9)
    ]
    await chat.press("Seguenti")
    shown = await chat.sees("Datasheet", button="Scheda 10")
    assert "📄 Scheda 08" not in shown.labels
    await chat.press("Dall’inizio")
    await chat.sees("Datasheet", button="Scheda 01")


async def test_words_find_titles_files_and_folders(world: World, chat: Chat) -> None:
    await shelve(world, "Scheda È 100%", name="ds_mome.pdf")
    await shelve(world, "Firmware", "smart_info.tools.firmware", name="fw_smart.zip")
    for words, title in {
        "scheda è": "Scheda È 100%",
        "100%": "Scheda È 100%",
        "DS_MOME": "Scheda È 100%",
        "mome datasheet": "Scheda È 100%",
        "strumenti fw_": "Firmware",
        "tools": "Firmware",
    }.items():
        found = await chat.says(f"/documenti {words}", "un documento", title)
        assert found.text.count("Versione 1.0") == 1
    await chat.says("/documenti 100_", "nessun documento")
    await chat.press("Altra ricerca")
    await chat.sees("Che cosa cerchi?")
    await chat.says("x" * 101, "⚠️", "Che cosa cerchi?")
    await chat.says("firmware", "un documento")
    await chat.press("📄 Firmware")
    await chat.sees("Smart Info › Tool e strumenti software › Firmware", button="‹ Risultati")
    await chat.press("‹ Risultati")
    await chat.sees("firmware", "un documento")


@on_sqlite
async def test_found_documents_come_in_pages_that_are_their_finders_alone(
    world: World, chat: Chat, rival: Chat
) -> None:
    for number in range(10):
        await shelve(world, f"Scheda {number}")
    await chat.says("/documenti scheda", "10 documenti", button="Scheda 7")
    await chat.press("Seguenti")
    shown = await chat.sees("10 documenti", button="Scheda 9")
    menu = await rival.says("/start", "Paste a POD")
    world.forge("1.e.docs_found.1_", person=2, message_id=menu.message_id)
    await world.settled()
    await rival.saw("too old")
    assert "📄 Scheda 7" not in shown.labels


@on_sqlite
async def test_a_file_is_uploaded_to_telegram_once_and_again_where_telegram_has_lost_it(
    world: World, chat: Chat, rival: Chat
) -> None:
    await shelve(world)

    async def uploads() -> int:
        return await world.database.long_read(
            lambda c: c.scalar(select(func.count()).select_from(telegram_uploads)) or 0
        )

    async def known() -> str | None:
        return await world.database.long_read(lambda c: c.scalar(select(telegram_uploads.c.file_id)))

    await to_datasheets(chat)
    await chat.press(f"📄 {TITLE}")
    await chat.press("Scarica")
    sent, data = await chat.document(TITLE)
    await world.settled()
    assert await uploads() == 1
    first = await known()
    await rival.says(f"/documents {TITLE}", "one document")
    await rival.press(f"📄 {TITLE}")
    await rival.press("Download")
    _, same = await rival.document(TITLE)
    assert (same, await known(), len(world.events("post.file_id_stale"))) == (data, first, 0)

    await chat.phone.switch_faults(Fault.parse("file-gone:sendDocument"))
    await chat.press("Scarica")
    await world.settled()
    await chat.phone.switch_faults()
    _, again = await chat.document(TITLE, after=sent.message_id)
    assert again == data
    assert len(world.events("post.file_id_stale")) == 1
    assert await uploads() == 1
    assert await known() != first


@on_sqlite
async def test_a_new_version_stands_above_the_older_ones(world: World, chat: Chat, staff: Chat) -> None:
    await shelve(world, content=pdf("uno"))
    await to_datasheets(staff)
    await staff.press(f"📄 {TITLE}")
    await staff.press("Nuova versione")
    await staff.sees("Nuova versione di", "Quella attuale è la 1.0", "Manda il file")
    asked = await publish(staff, pdf("due"), "Datasheet v2.0.pdf", version="V 1.0")
    await staff.press("Pubblica", on=asked)
    await staff.sees("La versione 1.0 c’è già", button="✏️ Versione")
    await staff.press("✏️ Versione")
    await staff.sees("Che versione è?", button="2.0")
    await staff.press("2.0")
    await published(staff, await staff.sees("Pubblico questa versione", button="Pubblica"))
    await staff.saw("Pubblicato", TITLE, "Versione 2.0")

    await to_datasheets(chat)
    await chat.press(f"📄 {TITLE}")
    await chat.sees("Versione 2.0", button="Versioni precedenti (1)")
    await chat.press("Versioni precedenti")
    older = await chat.sees("versioni precedenti", "Versione 1.0", button="📥 1.0")
    assert not any("🗑" in label for label in older.labels)
    await chat.press("📥 1.0")
    _, data = await chat.document("versione 1.0")
    assert data == pdf("uno")

    await staff.press("Versioni precedenti")
    await staff.press("🗑 1.0")
    await staff.sees("Ritiro la versione 1.0", button="Sì, ritira")
    await staff.press("Sì, ritira")
    card = await staff.sees("Versione ritirata", "Versione 2.0")
    assert not any("precedenti" in label for label in card.labels)
    await chat.press("📥 1.0")
    await chat.saw("non è più disponibile")


@on_sqlite
async def test_a_withdrawn_document_is_gone_for_users_and_can_be_put_back(
    world: World, chat: Chat, staff: Chat
) -> None:
    await shelve(world)
    await to_datasheets(chat)
    await chat.press(f"📄 {TITLE}")
    await chat.sees(TITLE, button="Scarica")
    await to_datasheets(staff)
    await staff.press(f"📄 {TITLE}")
    await staff.press("🗑 Ritira")
    await staff.press("No, lascia")
    await staff.press("🗑 Ritira")
    await staff.sees("Ritiro", TITLE, button="Sì, ritira")
    await staff.press("Sì, ritira")
    await staff.sees("Ritirato", button="Rimetti a disposizione")
    await staff.press("‹ Datasheet")
    await staff.sees("Datasheet", button=f"🚫 {TITLE}")

    await chat.press("Scarica")
    await chat.sees("non è più disponibile")
    await to_datasheets(chat)
    await chat.sees("non c’è ancora nessun documento")
    await chat.says(f"/documenti {TITLE}", "nessun documento")
    await staff.press(f"🚫 {TITLE}")
    await staff.press("Rimetti a disposizione")
    await staff.sees("Di nuovo a disposizione")
    await to_datasheets(chat)
    await chat.sees("Datasheet", button=f"📄 {TITLE}")
    kinds = (AuditAction.DOCUMENT_WITHDRAWN, AuditAction.DOCUMENT_RESTORED)
    assert [entry.action for entry in await world.audit(*kinds)] == list(kinds)


@on_sqlite
async def test_a_file_that_the_staff_sends_by_itself_is_asked_about(world: World, staff: Chat) -> None:
    await staff.phone.send_file(archive("setup.exe"), name="Driver Smart Info v3.1.zip")
    await staff.sees("In quale cartella va?", button="Smart Info")
    await staff.press("🗂 Smart Info")
    await staff.press("Dichiarazioni di conformità")
    await staff.sees("Questo file si può eseguire", "In quale cartella va?")
    await staff.press("Tool e strumenti")
    await staff.press("Driver USB")
    await staff.sees("Driver USB", "In quale cartella va?", button="64 bit")
    await staff.press("Cartella superiore")
    await staff.sees("Tool e strumenti software", button="Driver USB")
    await staff.press("Driver USB")
    await staff.press("64 bit")
    await staff.sees("Che titolo ha?", button="Driver Smart Info")
    await staff.press("Driver Smart Info")
    await staff.press("3.1")
    await staff.sees("Che data porta?")
    await staff.says("1/1/2999", "La data dev’essere passata")
    await staff.press("Oggi")
    await staff.sees(
        "Pubblico questo documento?", "Smart Info › Tool e strumenti software › Driver USB › 64 bit"
    )
    await staff.press("Pubblica")
    await staff.saw("Pubblicato", "Driver Smart Info", "Versione 3.1")


@on_sqlite
async def test_files_that_hide_something_are_refused_with_the_reason(world: World, staff: Chat) -> None:
    await staff.phone.send_file(EXE, name="contratto.pdf")
    await staff.sees("Il contenuto non è quello che il nome del file dice")
    await to_datasheets(staff)
    await staff.press("Carica un documento")
    for content, name, reason in (
        (EXE, "contratto.pdf", "Il contenuto non è quello"),
        (EXE, "setup.exe", "Questo file si può eseguire"),
        (b"<html>", "pagina.html", "file di questo tipo"),
        (pdf(inside="/S/JavaScript"), "contratto.pdf", "contiene script"),
    ):
        mine = await staff.phone.send_file(content, name=name)
        shown = await staff.sees(reason, "Manda il file", button="Annulla")
        assert shown.message_id > mine.message_id
    await staff.says("un testo", "Manda un file come documento")


@on_sqlite
async def test_a_title_stands_once_in_a_folder(world: World, staff: Chat) -> None:
    there = await shelve(world)
    await to_datasheets(staff)
    await staff.press("Carica un documento")
    asked = await publish(staff, pdf("due"), "due.pdf", title=" datasheet   mome")
    await staff.press("Pubblica", on=asked)
    await staff.sees("c’è già un documento con questo titolo", button="Scheda del documento")
    await staff.press("Scheda del documento")
    await staff.saw(TITLE, "Versione 1.0")
    assert there.title == TITLE


@on_sqlite
async def test_whoever_waits_to_be_enabled_reads_documents_and_a_stranger_does_not(
    world: World, chat: Chat
) -> None:
    await shelve(world)
    number = await world.database.write(
        lambda c: c.execute(update(memberships).values(enabled=False)).rowcount
    )
    assert number
    await chat.says("/start", "non è abilitata", button="Documenti utili")
    await to_datasheets(chat)
    await chat.press(f"📄 {TITLE}")
    await chat.press("Scarica")
    await chat.document(TITLE)
    async with world.chat(9) as stranger:
        await stranger.says("/documenti", "riservato ai System Integrator")


@on_sqlite
async def test_forged_buttons_change_nothing(world: World, chat: Chat) -> None:
    made = await shelve(world)
    shown = await chat.says("/documenti", "Scegli una cartella")
    for entry in (
        f"doc_gone.{made.id}",
        f"doc_drop.{made.id}",
        f"doc_back.{made.id}",
        f"doc_vgone.{made.version.id}",
        f"doc_next.{made.id}",
        f"doc_new.{DATASHEETS}",
        'doc_file.["x","y.pdf",1]',
    ):
        world.forge(f"1.e.{entry}", message_id=shown.message_id)
        await world.settled()
        await chat.saw("riservata al personale")
    for entry in (
        "docs.../../etc/passwd",
        "docs.mome.tech.datasheet~99999999999999999999999",
        "docs.mome.tech.datasheet~x",
        "docs.mome.altro",
        "doc.0",
        "doc.x_y",
        "doc.999999",
        "doc_get.-1",
        "doc_get.999999",
        "doc_old.",
        "docs_found.1",
        "docs_follow.mome.altro",
        "docs_unfollow.'; DROP TABLE documents",
    ):
        world.forge(f"1.e.{entry}", message_id=shown.message_id)
        await world.settled()
    states = await world.database.long_read(lambda c: list(c.scalars(select(documents.c.state))))
    assert states == ["standing"]
    assert await world.audit(AuditAction.DOCUMENT_WITHDRAWN, AuditAction.DOCUMENT_DELIVERED) == []
    await chat.says("/documenti", "Scegli una cartella")


def test_the_tree_is_the_manuals() -> None:
    assert [root.id for root in tree().roots] == ["doc", "smart_info", "mome"]
    assert tree().trail("smart_info.tech.driver.win10", "it") == (
        "Smart Info › Documentazione tecnica › Procedura di installazione del driver › Windows 10"
    )
    assert tree().takes_tools("smart_info.tools.usb.bit64")
    assert not tree().takes_tools("smart_info.tech.driver.linux")
    assert tree().labels("mome.via", "it") == ["MOME", "via"]


@pytest.mark.parametrize(
    "text",
    [
        "roots: []",
        "roots: [{id: a, label: {it: A}}]",
        "roots: [{id: A B, label: {it: A, en: A}}]",
        "roots: [{id: a, label: {it: A, en: A}}, {id: a, label: {it: B, en: B}}]",
        "roots: [{id: a, label: {it: Uno, en: One}}, {id: b, label: {it: ùno, en: Two}}]",
        "roots: [{id: a, label: {it: A, en: A}, altro: 1}]",
        f"roots: [{{id: {'a' * 21}, label: {{it: A, en: A}}}}]",
    ],
)
def test_a_tree_that_is_not_sound_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Tree(text)
