"""`a486 bridges`: the laptops that technicians have paired."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from backend.bridges import service
from backend.bridges.values import Bridge
from backend.core.db.database import Database
from backend.identity import service as identity
from bot.core.cli import console, fail, with_database
from bot.core.settings import Settings
from device_bridge.wire.pairing import grouped

cli = typer.Typer(help="The laptops of technicians.", no_args_is_help=True)


@cli.command("list")
def list_bridges() -> None:
    """List the laptops that are paired, those seen last first."""

    def read(connection: Connection) -> tuple[list[Bridge], dict[int, str]]:
        found = service.active(connection, datetime.now(UTC))
        return found, identity.names_of(connection, {bridge.person_id for bridge in found})

    async def work(database: Database, settings: Settings) -> tuple[list[Bridge], dict[int, str]]:
        return await database.long_read(read)

    found, names = with_database(work)
    table = Table("No.", "Technician", "Laptop", "Key", "Version", "Seen")
    for bridge in found:
        table.add_row(
            str(bridge.id),
            escape(names.get(bridge.person_id, "")),
            escape(bridge.host),
            grouped(bridge.fingerprint),
            escape(bridge.program),
            _seen(bridge),
        )
    console.print(table)


def _seen(bridge: Bridge) -> str:
    if bridge.connected:
        return "connected"
    return "never" if bridge.seen_at is None else f"{bridge.seen_at:%Y-%m-%d %H:%M}"


@cli.command("revoke")
def revoke(number: Annotated[int, typer.Argument(help="The laptop's number, from the list.")]) -> None:
    """Revoke a laptop: its connection is cut at once, and it forgets what it held when it next connects."""

    async def work(database: Database, settings: Settings) -> bool:
        return await database.write(
            lambda connection: service.revoke_as_operator(connection, number, datetime.now(UTC))
        )

    if not with_database(work):
        fail(f"there is no paired laptop {number}")
    console.print(f"laptop {number} is revoked", markup=False)
