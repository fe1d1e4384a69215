"""Loading a register from a CSV file on the command line: progress, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from backend.core.csvfile import ImportFailed, ImportReport
from backend.core.db.database import Database
from bot.core.cli import console, errors, fail, with_database
from bot.core.settings import Settings

CsvFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV file, of any size.")
]
Tell = Callable[[int, int], None]


def import_file(
    file: Path, what: str, load: Callable[[Database, Settings, Tell], Awaitable[ImportReport]]
) -> None:
    """Load a file, saying how far it is; ends the command where it cannot be read.

    `load(database, settings, tell)` is given `tell(bytes_read, lines)`.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[lines]:,} lines"),
        TimeRemainingColumn(),
    )

    size = file.stat().st_size

    async def run(database: Database, settings: Settings) -> ImportReport:
        with Progress(*columns, console=errors) as progress:
            task = progress.add_task(file.name, total=size, lines=0)
            return await load(
                database, settings, lambda read, lines: progress.update(task, completed=read, lines=lines)
            )

    try:
        report = with_database(run)
    except ImportFailed as error:
        fail(f"{file.name}: {error.reason}. Nothing was changed.")
    console.print(f"{report.loaded:,} {what} loaded.")
    if report.bad:
        console.print(
            f"{report.bad:,} bad lines, each with its reason, in {report.bad_lines}",
            style="yellow",
            soft_wrap=True,
        )
