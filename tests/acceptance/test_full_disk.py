"""A full disk: nothing is acknowledged, people are told, and afterwards everything goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, text

from backend.core.db.errors import DatabaseUnavailable
from tests.acceptance.walks import MOME, PLAIN, associate
from tests.support import Chat, World, free_port

TOLD = "In questo momento non riesco a registrare"


@pytest.fixture
def database_kind() -> str:
    """SQLite only: a PostgreSQL server has its own disk and its own manual."""
    return "sqlite"


async def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"not seen: {what}"
        await asyncio.sleep(0.01)


async def health(world: World) -> tuple[int, Any]:
    assert world.app is not None
    url = f"http://127.0.0.1:{world.app.http.port}/health"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.json()


@asynccontextmanager
async def full_disk(world: World) -> AsyncIterator[None]:
    """Keep the database from growing, with no page to spare."""

    def fill(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE IF NOT EXISTS filler (x BLOB)"))
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    def more(connection: Connection) -> None:
        connection.execute(text("INSERT INTO filler VALUES (zeroblob(3000))"))

    def lift(connection: Connection) -> None:
        connection.execute(text("PRAGMA max_page_count = 1073741823"))

    await world.database.write(fill)
    try:
        with suppress(DatabaseUnavailable):
            while True:
                await world.database.write(more)
        yield
    finally:
        await world.database.write(lift)


async def until_told(chat: Chat, text: str) -> None:
    """Write until there is no room left: a row or two may still fit into a page in use."""
    for _ in range(40):
        answer = await chat.says(text)
        if TOLD in answer.text:
            return
    raise AssertionError("the disk never filled up")


async def whole(world: World) -> Any:
    """The integrity of the file according to SQLite, and the number of inbox rows left."""

    def look(connection: Connection) -> Any:
        return (
            connection.scalar(text("PRAGMA integrity_check")),
            connection.scalar(text("SELECT count(*) FROM inbox WHERE state <> 'ended'")),
        )

    return await world.database.long_read(look)


async def everything_answered(world: World, chat: Chat, before: int) -> None:
    """Check that the user was told once, and then got an answer to every command, besides those `before`."""
    await chat.sees("Che cosa posso fare")
    await world.settled()

    screen = await chat.screen()
    told = [shown for shown in screen.from_bot if TOLD in shown.text]
    asked = [shown for shown in screen.messages if shown.text.split(" ")[0] in ("/stato", "/aiuto")]
    assert len(told) == 1
    assert len(screen.from_bot) - before - len(told) == len(asked)
    assert await whole(world) == ("ok", 0)


async def test_a_full_disk_is_reported_once_and_everything_is_answered_afterwards(
    world: World, declared: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.allowed_errors |= {"database.unavailable"}
    answered = len((await declared.screen()).from_bot)
    async with full_disk(world):
        await until_told(declared, "/stato")
        status, said = await health(world)
        assert status == 503
        assert "full" in said["database"]
        for _ in range(3):
            await declared.type("/aiuto " + "?" * 4000)  # fits nowhere
        assert len(world.bot.updates) >= 3
    await everything_answered(world, declared, answered)
    monkeypatch.setattr("backend.core.db.database.TROUBLE_SECONDS", 0.0)
    assert (await health(world))[0] == 200
    assert len(world.events("database.unavailable")) == 1
    await associate(declared, PLAIN, device="MOME", codes=MOME)


async def test_the_webhook_does_not_acknowledge_updates_that_could_not_be_stored(
    world: World, chat: Chat
) -> None:
    world.allowed_errors |= {"database.unavailable"}
    await world.stop()
    port = free_port()
    hook = {"listen_port": port, "webhook_url": f"http://127.0.0.1:{port}", "webhook_secret": SecretStr("s")}
    world.settings = world.settings.model_copy(update=hook)
    await world.start()
    await chat.says("/start", "Incolla un POD")
    async with full_disk(world):
        await until_told(chat, "/aiuto")
        await chat.type("?" * 4096)  # fits nowhere
        webhook = world.bot.webhook
        assert webhook is not None
        await until(lambda: "503" in webhook.info().get("last_error_message", ""), "a refused delivery")
        assert len(world.bot.updates) >= 1
    await until(lambda: len(world.bot.updates) == 0, "everything delivered")
    await world.settled()

    screen = await chat.screen()
    asked = [shown for shown in screen.messages if shown.text == "/aiuto"]
    assert len([shown for shown in screen.from_bot if "Che cosa posso fare" in shown.text]) == len(asked)
    assert await whole(world) == ("ok", 0)
