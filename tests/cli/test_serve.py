"""`a486 serve` as a process: it starts, or gives the reason in one line, and it can be stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from backend.core.db.migrate import migrate
from backend.core.keys.store import KeyStore
from sandbox.server import LocalBotApi
from tests.log_watch import saw_all
from tests.scripted_api import TOKEN, Refuse, ScriptedApi

PATIENCE = 30.0


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, with these settings and no others."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("A486_")}
    environment |= {f"A486_{name.upper()}": value for name, value in settings.items()}
    root = str(Path(__file__).parents[2])
    environment["PYTHONPATH"] = root
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli import main; main()",
        "serve",
        cwd=folder,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def last_words(folder: Path, **settings: str) -> str:
    """The output of a process that does not start: one line without the token."""
    async with serving(folder, log_level="error", **settings) as process, asyncio.timeout(PATIENCE):
        _, said = await process.communicate()
    text = said.decode()
    saw_all(text)
    assert process.returncode == 1, text
    assert text.count("\n") == 1, text
    assert TOKEN.partition(":")[2] not in text
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with its keys."""
    KeyStore(tmp_path / "var" / "keys").init()
    return tmp_path


async def test_a_missing_token_is_named_by_its_variable(folder: Path) -> None:
    assert await last_words(folder) == "A486_BOT_TOKEN: is not set\n"


async def test_missing_keys_are_reported_with_the_command_that_makes_them(tmp_path: Path) -> None:
    said = await last_words(tmp_path, bot_token=TOKEN, bot_api="http://127.0.0.1:1")

    assert said.startswith("There are no keys in var/keys")
    assert said.endswith("make them with a486 keys init\n")


async def test_a_database_out_of_reach_is_named_without_its_password(folder: Path) -> None:
    url = "postgresql://someone:geheim@127.0.0.1:1/a486"
    said = await last_words(folder, bot_token=TOKEN, database_url=url)

    assert "A486_DATABASE_URL" in said
    assert "geheim" not in said


async def test_a_database_of_a_later_version_is_not_touched(folder: Path) -> None:
    path = folder / "var" / "a486.db"
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    assert "9999" in await last_words(folder, bot_token=TOKEN)


async def test_a_refused_token_is_named_by_its_variable(folder: Path) -> None:
    async with ScriptedApi() as api:
        api.will("getMe", Refuse(401, "Unauthorized"))
        said = await last_words(folder, bot_token=TOKEN, bot_api=api.url)

    assert said == f"A486_BOT_TOKEN: the Bot API at {api.url} refuses this token\n"


async def test_a_refused_webhook_is_named_by_its_variable(folder: Path) -> None:
    address = {"webhook_url": "https://a486.invalid/telegram", "webhook_secret": "s"}
    async with ScriptedApi() as api:
        api.will("setWebhook", Refuse(400, "Bad Request: bad webhook: Failed to resolve host"))
        said = await last_words(folder, bot_token=TOKEN, bot_api=api.url, **address)

    assert said == (
        "A486_WEBHOOK_URL: Telegram refuses it: Bad webhook: failed to resolve host"
        " (https://a486.invalid/telegram)\n"
    )


async def test_a_bot_api_that_does_not_answer_is_named(folder: Path) -> None:
    said = await last_words(folder, bot_token=TOKEN, bot_api="http://127.0.0.1:1")

    assert "A486_BOT_API" in said


async def test_a_port_in_use_is_named(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with ScriptedApi() as api:
            said = await last_words(folder, bot_token=TOKEN, bot_api=api.url, listen_port=str(port))

    assert said.startswith(f"127.0.0.1:{port} cannot be served")
    assert "A486_LISTEN_PORT" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_starts_and_stops_in_good_order(folder: Path, number: int) -> None:
    async with LocalBotApi() as api:
        bot = api.add_bot("A486", "a486_bot")
        settings = {"bot_token": bot.token, "bot_api": api.base_url, "listen_port": "0", "log_format": "json"}
        async with serving(folder, **settings) as process, asyncio.timeout(PATIENCE):
            await bot.updates.listening.wait()
            process.send_signal(number)
            _, said = await process.communicate()
    saw_all(said.decode())

    assert process.returncode == 0
    assert '"bot.stopped"' in said.decode()
    assert '"level": "error"' not in said.decode()
    assert bot.token.partition(":")[2] not in said.decode()
