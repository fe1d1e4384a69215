"""Common parts of the commands: settings, the open database, error messages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import typer
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy.engine import make_url
from telegram.error import InvalidToken, TelegramError

from backend.core.db.database import Database
from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.migrate import migrate
from backend.core.keys.errors import KeysError, KeysMissing
from bot.core.logs import scrub
from bot.core.profile import WebhookRefused
from bot.core.settings import Settings, SettingsError, load

T = TypeVar("T")

console = Console()
errors = Console(stderr=True)
UNUSED_TOKEN = SecretStr("unused")


def fail(message: str) -> NoReturn:
    """Say what is wrong in one line and end with status 1."""
    errors.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def load_settings() -> Settings:
    """The settings; ends the command where one is wrong."""
    try:
        return load()
    except SettingsError as error:
        fail(str(error))


def store_settings() -> Settings:
    """The settings for a command that does not speak to Telegram, and so needs no token."""
    try:
        return load(bot_token=UNUSED_TOKEN)
    except SettingsError as error:
        fail(str(error))


def with_database(work: Callable[[Database, Settings], Awaitable[T]], *, must_exist: bool = False) -> T:
    """Open the database of the settings, brought up to date, and run `work`.

    Where it `must_exist`, a file that is not there ends the command: an empty new one would answer instead.
    """
    settings = store_settings()
    file = make_url(settings.database).database if settings.database.startswith("sqlite") else None
    if must_exist and file is not None and not Path(file).exists():
        fail(f"There is no database at {file} (A486_DATA, A486_DATABASE_URL)")

    async def run() -> T:
        await migrate(settings.database)
        async with Database(settings.database) as database:
            return await work(database, settings)

    try:
        return asyncio.run(run())
    except DatabaseUnavailable as error:
        fail(why_not(error, settings))


def why_not(error: Exception, settings: Settings) -> str:
    """Why the product cannot start or a command cannot run, and what to do, in one line without a token."""
    match error:
        case KeysMissing():
            return f"There are no keys in {settings.keys} ({error}): make them with a486 keys init"
        case KeysError():
            return f"The keys in {settings.keys} cannot be used: {error}"
        case DatabaseUnavailable():
            return f"The database cannot be used (A486_DATABASE_URL): {_first_line(error.__cause__ or error)}"
        case InvalidToken():
            return f"A486_BOT_TOKEN: the Bot API at {settings.bot_api} refuses this token"
        case WebhookRefused():
            return f"A486_WEBHOOK_URL: Telegram refuses it: {_first_line(error)}"
        case TelegramError():
            return f"The Bot API at {settings.bot_api} (A486_BOT_API) gave no answer: {_first_line(error)}"
        case _:
            where = f"{settings.listen_host}:{settings.listen_port}"
            return f"{where} cannot be served (A486_LISTEN_HOST, A486_LISTEN_PORT): {_first_line(error)}"


def _first_line(error: BaseException) -> str:
    return scrub(str(error)).partition("\n")[0]
