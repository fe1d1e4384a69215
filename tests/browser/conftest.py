"""A local Bot API with a scripted bot, and the page in the system's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.browser.scripted_bot import ScriptedBot, echo

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 20_000

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@dataclass(slots=True)
class Stage:
    """The world of one test: two personas and a bot that answers them."""

    api: LocalBotApi
    account: Bot
    bot: ScriptedBot
    luca: User
    anna: User

    @property
    def url(self) -> str:
        return self.api.base_url


# Opens the page: `open_page(path, size=…, scheme=…, hostile=…)`.
OpenPage = Callable[..., Awaitable[Page]]


# One browser for all tests, hence one event loop for all of them: see each module's `pytestmark`.
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("The browser tests need Chromium: install the package “chromium” or Google Chrome.")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with LocalBotApi(limits=False) as api:
        account = api.add_bot("Servizio di prova", "prova_bot")
        luca = api.add_user(
            "Luca", "Ferrari", language_code="it", phone="+393331234567", note="Configuratore"
        )
        anna = api.add_user("Anna", language_code="en", note="Support staff")
        api.notes = [{"title": "POD", "rows": [{"code": "IT001E12345678", "text": "attivo"}]}]
        async with ScriptedBot(api.base_url, account.token, echo) as bot:
            yield Stage(api, account, bot, luca, anna)


@asynccontextmanager
async def opening(browser: Browser, url: str, first: str) -> AsyncIterator[OpenPage]:
    """Opens pages of the server at `url`, at `first` by default. A fault of a page fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    async def opened(
        path: str = "", *, size: dict[str, int] | None = None, scheme: str = "light", hostile: bool = False
    ) -> Page:
        shape = size or PHONE
        context = await browser.new_context(
            viewport={"width": shape["width"], "height": shape["height"]},
            color_scheme="dark" if scheme == "dark" else "light",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        page = await context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if not hostile:
            # A hostile text is expected to be refused by the policy too; nothing else may touch it.
            page.on(
                "console",
                lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
            )
        await page.goto(f"{url}/{path or first}")
        await page.wait_for_selector(".phone")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert not faults, f"the page reported: {faults}"


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, stage: Stage) -> AsyncIterator[OpenPage]:
    async with opening(browser, stage.url, f"?as={stage.luca.id}") as opened:
        yield opened
