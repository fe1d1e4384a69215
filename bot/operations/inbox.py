"""`a486 inbox`: list and retry dead-lettered updates."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.inbox import service as inbox
from backend.core.inbox.values import FailedRow, Retried
from bot.core.cli import console, fail, with_database
from bot.core.settings import Settings

cli = typer.Typer(help="Updates that failed three times.", no_args_is_help=True)


@cli.command("failed")
def failed() -> None:
    """List what was dead-lettered after three failed attempts."""

    async def work(database: Database, settings: Settings) -> list[FailedRow]:
        return await database.long_read(lambda connection: list(inbox.failed(connection)))

    table = Table("Reference", "Received", "Lane", "Kind", "Another try", "Error")
    for row in with_database(work, must_exist=True):
        received = row.received_at.astimezone(ROME).strftime("%d/%m/%Y %H:%M:%S")
        again = "possible" if row.has_content else "too late"
        table.add_row(row.reference, received, row.lane, row.kind.value, again, escape(row.error))
    console.print(table)


@cli.command("retry")
def retry(reference: Annotated[str, typer.Argument(help="The reference that the user was told.")]) -> None:
    """Put a dead-lettered row back into its lane."""

    async def work(database: Database, settings: Settings) -> Retried:
        return await database.write(lambda connection: inbox.retry(connection, reference.strip().upper()))

    match with_database(work, must_exist=True):
        case Retried.UNKNOWN:
            fail(f"there is no dead letter {reference}")
        case Retried.FORGOTTEN:
            fail(f"the dead letter {reference} is too old: its content was deleted (A486_DEAD_LETTER_DAYS)")
        case Retried.BACK:
            console.print(f"{reference} is back in its lane.")
