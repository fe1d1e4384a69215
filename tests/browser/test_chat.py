"""A chat on the page: texts, presses, files and their display."""

from __future__ import annotations

import asyncio
import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage, Stage
from tests.browser.scripted_bot import DOCUMENT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def send(page: Page, text: str) -> None:
    """Write and send; start an untouched chat first, as on Telegram."""
    field = page.get_by_label("Messaggio", exact=True)
    start = page.get_by_role("button", name="AVVIA")
    await expect(field.or_(start).filter(visible=True)).to_have_count(1)
    if await start.is_visible():
        await start.click()
        await expect(page.locator(".in .bubble", has_text="Hai scritto: /start")).to_be_visible()
    await field.fill(text)
    await field.press("Enter")


def png(width: int, height: int) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xcc\x22\x22" * width) * height
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


async def test_a_text_is_sent_and_answered(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "ciao")
    await expect(page.locator(".out .bubble", has_text="ciao")).to_be_visible()
    await expect(page.locator(".in .bubble", has_text="Hai scritto: ciao")).to_be_visible()
    await expect(page.get_by_label("Messaggio", exact=True)).to_have_value("")


async def test_a_press_spins_until_answered_and_edits_the_card_in_place(
    open_page: OpenPage, stage: Stage
) -> None:
    page = await open_page()
    await send(page, "scheda")
    card = page.locator(".row", has_text="Scheda del POD")
    place = await card.get_attribute("data-id")
    await card.get_by_role("button", name="Aspetta").click()
    await expect(card.get_by_role("button", name="Aspetta")).to_have_attribute("aria-busy", "true")

    await card.get_by_role("button", name="Dettagli").click()
    edited = page.locator(f'.row[data-id="{place}"]')
    await expect(edited.locator(".bubble")).to_contain_text("Dettagli del POD")
    await expect(edited.locator(".edited")).to_have_text("modificato")
    await expect(edited.locator(".key")).to_have_text(["Indietro"])
    await expect(page.locator(".toast")).to_have_text("Fatto")
    await expect(page.locator(".pending")).to_have_count(0)
    assert stage.bot.presses == ["wait", "details"]


async def test_a_copy_button_copies_and_says_so(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "scheda")
    await page.get_by_role("button", name="Copia POD").click()
    await expect(page.locator(".toast")).to_have_text("Copiato")
    assert await page.evaluate("navigator.clipboard.readText()") == "IT001E12345678"
    await expect(page.get_by_role("link", name="Sito")).to_have_attribute("rel", "noopener noreferrer")


async def test_a_document_is_downloaded_with_its_bytes(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "documento")
    async with page.expect_download() as waiting:
        await page.locator(".file", has_text="prova scp.bin").click()
    download = await waiting.value
    assert download.suggested_filename == "prova scp.bin"
    path = await download.path()
    assert await asyncio.to_thread(path.read_bytes) == DOCUMENT


async def test_a_document_is_attached(open_page: OpenPage, tmp_path: Path) -> None:
    page = await open_page()
    await send(page, "ciao")
    upload = tmp_path / "bolletta.pdf"
    upload.write_bytes(b"%PDF-1.7 prova")
    await page.get_by_role("button", name="Allega").click()
    async with page.expect_file_chooser() as waiting:
        await page.get_by_role("menuitem", name="Documento").click()
    await (await waiting.value).set_files(upload)
    await page.get_by_placeholder("Aggiungi una didascalia…").fill("la bolletta")
    await page.get_by_role("dialog").get_by_role("button", name="Invia").click()
    sent = page.locator(".out .bubble.kind-document")
    await expect(sent).to_contain_text("bolletta.pdf")
    await expect(sent).to_contain_text("la bolletta")
    await expect(page.locator(".in .bubble", has_text="un documento")).to_be_visible()


async def test_photos_are_shown_alone_and_as_an_album(open_page: OpenPage, stage: Stage) -> None:
    page = await open_page()
    await send(page, "ciao")
    chat = stage.luca.id
    await stage.bot.call("sendPhoto", chat_id=chat, photo=("a.png", png(60, 40)), caption="Etichetta")
    picture = page.locator(".bubble", has_text="Etichetta").locator("img")
    await expect(picture).to_have_js_property("naturalWidth", 60)

    parts = {"a": ("a.png", png(20, 20)), "b": ("b.png", png(20, 20))}
    media = [{"type": "photo", "media": f"attach://{name}"} for name in parts]
    await stage.bot.call("sendMediaGroup", chat_id=chat, media=media, **parts)
    await expect(page.locator(".bubble.album img")).to_have_count(2)

    await picture.click()
    await expect(page.locator(".viewer img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".viewer")).to_have_count(0)


async def test_the_header_says_when_the_bot_is_typing(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "scrivi")
    await expect(page.locator(".chat-status")).to_contain_text("sta scrivendo")
    await send(page, "ciao")
    await expect(page.locator(".chat-status")).to_have_text("bot")


async def test_a_reply_keyboard_shares_the_contact_after_asking(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "numero")
    keys = page.get_by_role("group", name="Tastiera del bot")
    await expect(page.get_by_placeholder("Scegli un tasto")).to_be_visible()

    await keys.get_by_role("button", name="Condividi numero").click()
    await page.get_by_role("button", name="Annulla").click()
    await expect(keys).to_be_visible()

    await keys.get_by_role("button", name="Condividi numero").click()
    await page.get_by_role("button", name="Condividi", exact=True).click()
    await expect(page.locator(".out .contact")).to_contain_text("Luca Ferrari")
    await expect(page.locator(".in .bubble", has_text="Grazie, +393331234567")).to_be_visible()
    await expect(keys).to_be_hidden()
    await expect(page.get_by_placeholder("Messaggio")).to_be_visible()


async def test_the_command_menu_filters_and_sends(open_page: OpenPage, stage: Stage) -> None:
    commands = [
        {"command": "cerca", "description": "Cerca un POD"},
        {"command": "annulla", "description": "Interrompi"},
    ]
    await stage.bot.call("setMyCommands", commands=commands)
    page = await open_page()
    await send(page, "ciao")
    await page.get_by_role("button", name="Menu", exact=True).click()
    listed = page.get_by_role("listbox", name="Comandi del bot").get_by_role("option")
    await expect(listed).to_have_count(2)

    await page.get_by_label("Messaggio", exact=True).fill("/an")
    await expect(listed).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".in .bubble", has_text="Hai scritto: /annulla")).to_be_visible()


async def test_own_messages_are_edited_quoted_and_deleted(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "primo")
    field = page.get_by_label("Messaggio", exact=True)
    mine = page.locator(".out .bubble", has_text="primo")
    await expect(page.locator(".in .bubble", has_text="Hai scritto: primo")).to_be_visible()

    await mine.click(button="right")
    await page.get_by_role("menuitem", name="Modifica").click()
    await expect(field).to_have_value("primo")
    await field.fill("corretto")
    await field.press("Enter")
    changed = page.locator(".out .bubble", has_text="corretto")
    await expect(changed.locator(".edited")).to_be_visible()

    await page.locator(".in .bubble").last.click(button="right")
    await page.get_by_role("menuitem", name="Rispondi").click()
    await field.fill("rispondo")
    await field.press("Enter")
    await expect(page.locator(".out .bubble", has_text="rispondo").locator(".quote")).to_contain_text("primo")

    await changed.click(button="right")
    await page.get_by_role("menuitem", name="Elimina").click()
    await expect(changed).to_have_count(0)


async def test_a_reader_of_old_messages_keeps_the_position_and_sees_a_count(
    open_page: OpenPage, stage: Stage
) -> None:
    page = await open_page()
    await send(page, "ciao")
    for number in range(30):
        await stage.bot.say(stage.luca.id, f"riga {number}")
    await expect(page.locator(".bubble", has_text="riga 29")).to_be_in_viewport()

    await page.locator(".feed").evaluate("feed => { feed.scrollTop = 0; }")
    jump = page.locator(".jump")
    await expect(jump).to_be_visible()
    await stage.bot.say(stage.luca.id, "nuovo")
    await expect(jump).to_have_attribute("aria-label", re.compile("^1 messaggio nuovo"))
    await expect(page.locator(".bubble", has_text="nuovo")).not_to_be_in_viewport()
    await jump.click()
    await expect(page.locator(".bubble", has_text="nuovo")).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_the_bot_is_blocked_and_unblocked(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "ciao")
    await page.get_by_role("button", name="Opzioni della chat").click()
    await page.get_by_role("menuitem", name="Blocca il bot").click()
    await page.get_by_role("button", name="SBLOCCA BOT").click()
    await expect(page.get_by_label("Messaggio", exact=True)).to_be_visible()
