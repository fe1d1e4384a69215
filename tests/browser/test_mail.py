"""The mailbox on the page: what is sent by SMTP is seen at once, and stays text."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from backend.core.mail.address import Sender
from backend.core.mail.smtp import SmtpMailer, SmtpSecurity, SmtpServer
from backend.core.mail.values import Mail
from sandbox.mailbox import HOST, Mailbox
from tests.browser.conftest import DESK, PHONE, OpenPage, Stage
from tests.browser.test_page import ATTACK, LONG_WORD, width_is_kept

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def mailer(stage: Stage) -> AsyncIterator[SmtpMailer]:
    """Sends to the mailbox that the page shows."""
    async with Mailbox() as mailbox:
        stage.api.show_mail(mailbox)
        server = SmtpServer(HOST, mailbox.port, SmtpSecurity.NONE)
        yield SmtpMailer(server, Sender("a486@example.it", "Servizio A486"))


async def opened(page: Page, subject: str) -> str:
    """Open a letter; returns its text."""
    letter = page.locator(".letter", has_text=subject)
    await letter.locator("summary").click()
    await expect(letter.locator(".letter-text")).to_be_visible()
    await expect(letter.locator(".letter-from")).to_have_text("Da: Servizio A486 <a486@example.it>")
    await expect(letter).not_to_have_class("letter unread")
    return await letter.locator(".letter-text").inner_text()


async def test_a_mail_is_seen_beside_the_phones_as_it_comes(open_page: OpenPage, mailer: SmtpMailer) -> None:
    page = await open_page(size=DESK)
    await expect(page.get_by_text("Ancora nessuna e-mail")).to_be_visible()
    await mailer.send(Mail("mario@example.it", "Prima", "Ciao,\n\nè pronta."), message_id="1")
    await expect(page.locator(".letter-subject")).to_have_text(["Prima"])
    await mailer.send(Mail("anna@example.it", "Seconda", "Due."), message_id="2")
    await expect(page.locator(".letter-subject")).to_have_text(["Seconda", "Prima"])
    await expect(page.locator(".letter-to")).to_have_text(["A: anna@example.it", "A: mario@example.it"])
    assert await opened(page, "Prima") == "Ciao,\n\nè pronta."

    await page.reload()
    await expect(page.locator(".letter-subject")).to_have_text(["Seconda", "Prima"])
    await expect(page.locator(".letter.unread")).to_have_count(0)


async def test_a_mail_is_announced_on_a_narrow_screen_and_read_in_a_sheet(
    open_page: OpenPage, mailer: SmtpMailer
) -> None:
    page = await open_page(size=PHONE)
    await mailer.send(Mail("mario@example.it", f"Pronta {LONG_WORD[:150]}", LONG_WORD), message_id="1")
    await expect(page.locator(".toast")).to_contain_text("Nuova e-mail: Pronta")
    await page.get_by_role("button", name="Posta: 1 da leggere").click()
    await expect(page.get_by_role("dialog", name="Posta")).to_be_visible()
    assert await opened(page, "Pronta") == LONG_WORD
    assert await width_is_kept(page)
    assert not await page.locator(".sheet-body").evaluate("body => body.scrollWidth > body.clientWidth")

    await mailer.send(Mail("mario@example.it", "Un’altra", "Due."), message_id="2")
    await expect(page.locator(".letter-subject")).to_have_text(["Un’altra", f"Pronta {LONG_WORD[:150]}"])
    await expect(page.locator(".letter-text").last).to_be_visible()
    await page.get_by_role("button", name="Chiudi").click()
    await expect(page.get_by_role("button", name="Posta: 1 da leggere")).to_be_visible()


async def test_markup_in_a_mail_stays_text(open_page: OpenPage, mailer: SmtpMailer) -> None:
    page = await open_page(size=DESK)
    await mailer.send(Mail("mario@example.it", ATTACK, ATTACK), message_id="1")
    assert await opened(page, "onerror") == ATTACK
    assert await page.locator("img, script:not([src])").count() == 0
    assert await page.evaluate("window.hacked") is None


async def test_without_a_mailbox_the_page_has_no_post(open_page: OpenPage) -> None:
    page = await open_page(size=DESK)
    await expect(page.get_by_role("heading", name="Prova questi POD")).to_be_visible()
    await expect(page.get_by_role("heading", name="Posta")).to_have_count(0)
    page = await open_page(size=PHONE)
    await expect(page.get_by_role("button", name="Prova questi POD")).to_be_visible()
    await expect(page.get_by_role("button", name="Posta")).to_have_count(0)
