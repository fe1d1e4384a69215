"""`a486 staff`: who has a role in the service itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from backend.core.db.database import Database
from backend.identity import service as identity
from backend.identity.errors import MemberUnknown
from backend.identity.permissions import StaffRole
from backend.identity.values import Listed
from bot.core.cli import console, fail, with_database
from bot.core.settings import Settings

cli = typer.Typer(help="The staff of the service.", no_args_is_help=True)

TelegramId = Annotated[int, typer.Argument(help="The Telegram user number; the bot shows it to strangers.")]
OfStaff = Annotated[StaffRole, typer.Argument(help="The role.")]


@cli.command("add")
def add(
    telegram_id: TelegramId,
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: OfStaff,
) -> None:
    """Give a person a role."""

    async def work(database: Database, settings: Settings) -> None:
        await database.write(
            lambda connection: identity.add_staff(
                connection,
                telegram_user_id=telegram_id,
                display_name=name,
                role=role,
                at=datetime.now(UTC),
            )
        )

    with_database(work)
    console.print(f"{name}: {role.value}", markup=False)


@cli.command("remove")
def remove(telegram_id: TelegramId, role: OfStaff) -> None:
    """Take a role from a person."""

    async def work(database: Database, settings: Settings) -> None:
        await database.write(
            lambda connection: identity.remove_staff(
                connection, telegram_user_id=telegram_id, role=role, at=datetime.now(UTC)
            )
        )

    try:
        with_database(work)
    except MemberUnknown:
        fail(f"{telegram_id} is no {role.value}")
    console.print(f"{telegram_id}: no longer {role.value}", markup=False)


@cli.command("list")
def list_staff() -> None:
    """List everybody."""

    async def work(database: Database, settings: Settings) -> list[Listed]:
        return await database.long_read(identity.list_staff)

    table = Table("Telegram", "Name", "Roles")
    for each in with_database(work):
        roles = ", ".join(sorted(role.value for role in each.actor.staff_roles))
        table.add_row(str(each.telegram_user_id), escape(each.actor.name), roles)
    console.print(table)
