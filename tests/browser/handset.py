"""The phone of one of the demo's people, on a page of its own, used as its owner would."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Download, Locator, Page, expect

from tests.browser.conftest import DESK

PATIENCE_MS = 15_000
_AMISS = """() => [
    ...[document.scrollingElement, ...document.querySelectorAll(".feed")]
        .filter((it) => it.scrollWidth > (it.matches(".feed") ? it.clientWidth : innerWidth))
        .map((it) => `wider than the screen: ${it.tagName}`),
    ...[...document.querySelectorAll(".key-label")]
        .filter((it) => it.scrollHeight > it.clientHeight + 1 || it.scrollWidth > it.clientWidth)
        .map((it) => `cut: ${it.textContent}`),
]"""


class Handset:
    """A persona's phone. What it `sees` is checked at the page's width, without scrolling sideways."""

    def __init__(self, page: Page, user_id: int) -> None:
        self.page = page
        self._phone = page.locator(f'.phone[data-user="{user_id}"]')
        self._field = self._phone.locator("textarea")
        self._start = self._phone.get_by_role("button", name="AVVIA")

    def bubble(self, *fragments: str) -> Locator:
        """The newest of the bot's messages that has all of these fragments."""
        found = self._phone.locator(".row.in")
        for fragment in fragments:
            found = found.filter(has_text=fragment)
        return found.last

    async def sees(self, *fragments: str, button: str = "") -> Locator:
        """Wait for a message of the bot, with this button; returns it."""
        shown = self.bubble(*fragments)
        await expect(shown).to_be_visible(timeout=PATIENCE_MS)
        if button:
            await expect(shown.get_by_role("button", name=button)).to_be_visible(timeout=PATIENCE_MS)
        await self.fits()
        return shown

    async def start(self) -> None:
        """Press what an untouched chat offers in place of the field."""
        await self._start.click()

    async def follows(self, payload: str) -> None:
        """Open a link to the bot with this payload, and press what it offers."""
        await self.page.goto(f"{self.page.url}&start={payload}")
        await self.start()

    async def says(self, text: str, *fragments: str, button: str = "") -> Locator:
        """Write a text and send it; wait for the answer."""
        await self._field.fill(text)
        await self._field.press("Enter")
        await expect(self._field).to_have_value("", timeout=PATIENCE_MS)
        return await self.sees(*fragments, button=button)

    async def press(self, label: str, *fragments: str, button: str = "", exact: bool = False) -> Locator:
        """Press the newest button with this label; wait for the answer."""
        keys = self._phone.locator(".key").get_by_text(label, exact=exact)
        await keys.last.click()
        return await self.sees(*fragments, button=button)

    async def shares_contact(self, number: str) -> None:
        """Press the bot's key for it, and say yes to what the phone asks."""
        keys = self._phone.get_by_role("group", name="Tastiera del bot")
        await keys.get_by_role("button", name="Condividi il mio numero").click()
        await self.page.get_by_label("Numero di telefono").fill(number)
        await self.page.get_by_role("button", name="Condividi", exact=True).click()

    async def reads_mail(self, subject: str) -> str:
        """Open the newest letter in the page's mailbox; returns its text."""
        await self.page.get_by_role("button", name="Posta").click()
        letter = self.page.get_by_role("dialog", name="Posta").locator(".letter", has_text=subject).first
        await letter.locator("summary").click()
        text = letter.locator(".letter-text")
        await expect(text).to_be_visible()
        read = await text.inner_text()
        await self.page.get_by_role("button", name="Chiudi").click()
        return read

    async def attaches(self, name: str, content: bytes) -> None:
        """Send a file as a document."""
        await self._phone.get_by_role("button", name="Allega").click()
        async with self.page.expect_file_chooser() as waiting:
            await self._phone.get_by_role("menuitem", name="Documento").click()
        chooser = await waiting.value
        await chooser.set_files({"name": name, "mimeType": "text/csv", "buffer": content})
        await self.page.get_by_role("dialog").get_by_role("button", name="Invia").click()

    async def downloads(self, name: str) -> Download:
        """Save the newest file whose name has this in it."""
        async with self.page.expect_download() as waiting:
            await self._phone.locator(".in .file", has_text=name).last.click()
        return await waiting.value

    async def fits(self) -> None:
        """Nothing is wider than the page or the chat, and no button's label is cut."""
        amiss = await self.page.evaluate(_AMISS)
        assert amiss == []


OpenPhone = Callable[[str], Awaitable[Handset]]
"""Opens the phone of the persona with this name."""


async def on_a_desktop(phone: Handset, *fragments: str) -> None:
    """The same is on the page where it is wide; it is left narrow again."""
    narrow = phone.page.viewport_size
    assert narrow is not None
    await phone.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    await phone.sees(*fragments)
    await phone.page.set_viewport_size(narrow)
