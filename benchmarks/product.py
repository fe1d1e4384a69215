"""The product as a process to be measured, with Telegram's limits off."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.keys.store import KeyStore
from backend.declarations import service as declarations
from backend.identity import service as identity
from backend.identity.permissions import Role
from backend.supplies.importer import import_register
from benchmarks.api import FIRST_USER
from bot import app as application
from bot.app import Ports
from bot.core import logs
from bot.core.settings import Settings, load
from sandbox import showcase

TOKEN = SecretStr("7000000001:LOCAL-bench")
UNLIMITED = {
    "person_look_ups_hour": 0,
    "person_look_ups_day": 0,
    "integrator_look_ups_hour": 0,
    "integrator_look_ups_day": 0,
}
"""No limit to look-ups: a few people here make thousands."""


def settings_for(
    folder: Path, database_url: str, api: str = "http://127.0.0.1:1", **others: object
) -> Settings:
    """The settings of the measured process."""
    return load(
        bot_token=TOKEN,
        bot_api=api,
        data=folder,
        database_url=database_url,
        listen_port=0,
        **UNLIMITED,
        **others,
    )


def let_in(connection: Connection, people: Iterable[int], role: Role = Role.CONFIGURATOR) -> list[int]:
    """An integrator, and its members (Telegram user numbers), who have accepted the declaration. Returns the
    members' ids.
    """
    at = datetime.now(UTC)
    identity.add_integrator(connection, code=showcase.OURS, business_name="Impianti Demo", at=at)
    members = []
    for user in people:
        member = identity.add_member(
            connection,
            telegram_user_id=user,
            display_name="Persona",
            integrator_code=showcase.OURS,
            role=role,
            enabled=True,
            at=at,
        )
        declarations.accept(connection, member, "1", at)
        members.append(member.person_id)
    return members


async def prepare(folder: Path, database_url: str, users: int) -> None:
    """A register of 1,000 supplies and `users` people who have accepted the declaration."""
    settings = settings_for(folder, database_url)
    KeyStore(settings.keys).init()
    await migrate(settings.database)
    supplies_file, _ = showcase.write_files(folder)

    async with Database(settings.database) as database:
        await import_register(supplies_file, database=database, register_path=settings.register_file)
        await database.write(partial(let_in, people=range(FIRST_USER, FIRST_USER + users)))


async def run(folder: Path, database_url: str, api: str) -> None:
    """Run until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with application.running(settings_for(folder, database_url, api), Ports(limits=False)):
        print("ready", flush=True)  # noqa: T201 - read by who started it
        await stop.wait()


if __name__ == "__main__":
    logs.configure("json", "warning")
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
