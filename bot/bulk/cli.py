"""`a486 bulk`: the dry run of a file, for whoever prepares files on this machine."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from backend.bulk import lines, processing
from backend.bulk.values import CheckedRow, RowState
from backend.core.db.database import Database
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.tabular.reasons import FileRefused
from backend.tabular.table import read_table
from bot.core.central import central_system
from bot.core.cli import console, fail, with_database
from bot.core.imports import Language
from bot.core.settings import Settings
from conversations.bulk.wording import MARKS, counts, outcome
from conversations.core.texts import texts

cli = typer.Typer(help="Bulk requests.", no_args_is_help=True)


@cli.callback()
def bulk() -> None:
    """Bulk requests."""


@cli.command("check")
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file or a workbook.")],
    member: Annotated[int, typer.Option(help="The member to check it for: a Telegram user number.")],
    sheet: Annotated[int | None, typer.Option(help="The sheet of a workbook; the first is 1.", min=1)] = None,
    language: Annotated[Language, typer.Option(help="The language of the outcomes.")] = Language.EN,
) -> None:
    """Say what would come of each line. Nothing is created or recorded.

    Ends with status 1 where a line is to be corrected.
    """
    say = texts(language)

    async def work(database: Database, settings: Settings) -> Sequence[CheckedRow]:
        table = await read_table(
            await asyncio.to_thread(file.read_bytes), None if sheet is None else sheet - 1
        )
        if not table.lines and table.sheets:
            fail(f"{file.name} has several sheets, choose one with --sheet: {', '.join(table.sheets)}")
        _, found = lines.read_lines(table, settings.sid_pattern)
        async with central_system(database, settings) as central:
            answers = await processing.ask_for(central, found)

        def judge(connection: Connection) -> Sequence[CheckedRow]:
            actor = identity.actor_of(connection, member)
            if actor is None:
                fail(f"nobody here has the Telegram user number {member}")
            return processing.check(connection, actor, found, answers)

        return await database.long_read(judge)

    try:
        rows = with_database(work, must_exist=True)
    except FileRefused as refused:
        reason = say(f"import.file.{refused.reason}", **refused.values)
        fail(f"{file.name}: {html.unescape(str(reason))}")
    except NotPermitted:
        fail(f"the member {member} may not load bulk requests")
    shown = Table("Line", "", "POD", "Outcome")
    found: dict[RowState, int] = {}
    for row in rows:
        state = row.verdict.state
        found[state] = found.get(state, 0) + 1
        said = html.unescape(outcome(say, row.verdict.key, row.verdict.values))
        shown.add_row(str(row.line), MARKS[state], row.read.pod if row.read else "–", escape(said))
    console.print(shown)
    console.print(escape(html.unescape(counts(say, found))))
    if found.get(RowState.WRONG):
        raise typer.Exit(1)
