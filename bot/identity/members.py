"""`a486 members`: who may use the bot, and for which integrator."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from backend.core.db.database import Database
from backend.identity import personal_data
from backend.identity import service as identity
from backend.identity.errors import IntegratorCodeInvalid, MemberUnknown
from backend.identity.permissions import Role
from backend.identity.values import Integrator, Listed
from backend.privacy import service as privacy
from backend.product import KEPT
from bot.core.cli import console, fail, with_database
from bot.core.settings import Settings

cli = typer.Typer(help="Integrators and the people who act for them.", no_args_is_help=True)


@cli.command("add-integrator")
def add_integrator(
    code: Annotated[str, typer.Argument(help="The partita IVA, 11 digits.")],
    name: Annotated[str, typer.Argument(help="The business name.")],
) -> None:
    """Add a System Integrator, or change its name."""

    async def work(database: Database, settings: Settings) -> Integrator:
        return await database.write(
            lambda connection: identity.add_integrator(
                connection, code=code, business_name=name, at=datetime.now(UTC)
            )
        )

    try:
        added = with_database(work)
    except IntegratorCodeInvalid:
        fail(f"{code} is not a partita IVA")
    console.print(f"{added.business_name} ({added.code})", markup=False)


@cli.command("add")
def add(
    telegram_id: Annotated[
        int, typer.Argument(help="The Telegram user number; the bot shows it to strangers.")
    ],
    name: Annotated[str, typer.Argument(help="The person's name, as it stands on associations.")],
    integrator: Annotated[str, typer.Argument(help="The integrator's partita IVA.")],
    role: Annotated[Role, typer.Option(help="What they may do for the integrator.")] = Role.CONFIGURATOR,
    enabled: Annotated[bool, typer.Option(help="Whether the service is open to them.")] = True,
) -> None:
    """Let a person act for an integrator; run it again to change the name, the role or the enabling."""

    async def work(database: Database, settings: Settings) -> None:
        await database.write(
            lambda connection: identity.add_member(
                connection,
                telegram_user_id=telegram_id,
                display_name=name,
                integrator_code=integrator,
                role=role,
                enabled=enabled,
                at=datetime.now(UTC),
            )
        )

    try:
        with_database(work)
    except MemberUnknown:
        fail(f"there is no integrator {integrator}: add it first with a486 members add-integrator")
    console.print(f"{name}: {role.value}, {'enabled' if enabled else 'not enabled'}", markup=False)


@cli.command("list")
def list_members() -> None:
    """List everybody."""

    async def work(database: Database, settings: Settings) -> list[Listed]:
        return await database.long_read(identity.list_members)

    table = Table("Telegram", "Name", "Integrator", "Role", "Enabled")
    for each in with_database(work):
        member = each.actor.acting_for
        table.add_row(
            str(each.telegram_user_id),
            escape(each.actor.name),
            escape(f"{member.integrator_name} ({member.integrator_code})"),
            member.role.value if member.role is not None else "?",
            "yes" if member.enabled else "no",
        )
    console.print(table)


@cli.command("export")
def export(telegram_id: Annotated[int, typer.Argument(help="The person's Telegram user number.")]) -> None:
    """Write all that is kept about a person as JSON."""

    async def work(database: Database, settings: Settings) -> dict[str, list[dict[str, Any]]]:
        return await database.long_read(
            lambda connection: personal_data.export(connection, KEPT, telegram_id)
        )

    try:
        found = with_database(work)
    except MemberUnknown:
        fail(f"nobody is known as {telegram_id}")
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


@cli.command("erase")
def erase(
    telegram_id: Annotated[int, typer.Argument(help="The person's Telegram user number.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person. What they did stays on record, without them; this cannot be undone."""
    if not yes:
        typer.confirm(f"Erase {telegram_id} for good?", abort=True)

    async def work(database: Database, settings: Settings) -> None:
        found = await database.long_read(
            lambda connection: privacy.find_mentions(connection, KEPT, telegram_id)
        )
        await database.write(
            lambda connection: privacy.erase(connection, KEPT, telegram_id, found, datetime.now(UTC))
        )

    try:
        with_database(work)
    except MemberUnknown:
        fail(f"nobody is known as {telegram_id}")
    console.print(f"{telegram_id} is erased", markup=False)
