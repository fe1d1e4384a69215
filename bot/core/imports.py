"""Loading a register from a CSV file on the command line: progress, and what came of it."""

from __future__ import annotations

import html
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from backend.core.db.database import Database
from backend.tabular.csvfile import ImportReport
from backend.tabular.reasons import FileRefused, Reason, Words
from bot.core.cli import console, errors, fail, with_database
from bot.core.settings import Settings
from conversations.core.texts import texts

STDIN = Path("-")


class Language(StrEnum):
    """The language of the reasons in the list of bad lines."""

    IT = "it"
    EN = "en"


def _readable(file: Path) -> Path:
    if file != STDIN and not (file.is_file() and os.access(file, os.R_OK)):
        raise typer.BadParameter(f"{file} is not a readable file")
    return file


CsvFile = Annotated[
    Path,
    typer.Argument(
        callback=_readable, help="The CSV file, of any size, also compressed by gzip; - reads standard input."
    ),
]
ReasonLanguage = Annotated[Language, typer.Option("--language", help="The language of the reasons.")]
Tell = Callable[[int, int], None]
Load = Callable[[Path, Database, Settings, Tell, Words], Awaitable[ImportReport]]


def import_file(file: Path, what: tuple[str, str], language: Language, load: Load) -> None:
    """Load a file, showing the progress; ends the command if it cannot be read. `what` is the name of one
    and of several.

    `load(path, database, settings, tell, words)` is given `tell(bytes_read, lines)`.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[lines]:,} lines"),
        TimeRemainingColumn(),
    )

    def words(reason: Reason, **values: object) -> str:
        return html.unescape(str(texts(language)(f"import.reason.{reason}", **values)))

    with _on_disk(file) as path:
        size = path.stat().st_size

        async def run(database: Database, settings: Settings) -> ImportReport:
            with Progress(*columns, console=errors) as progress:
                task = progress.add_task(file.name, total=size, lines=0)

                def tell(read: int, lines: int) -> None:
                    progress.update(task, completed=read, lines=lines)

                return await load(path, database, settings, tell, words)

        try:
            report = with_database(run)
        except FileRefused as error:
            reason = texts(language)(f"import.file.{error.reason}", **error.values)
            fail(f"{file.name}: {html.unescape(str(reason))} Nothing was changed.")
    console.print(f"{counted(report.loaded, *what)} loaded.")
    if report.bad:
        bad = counted(report.bad, "bad line", "bad lines")
        console.print(f"{bad}, with reasons, in {report.bad_lines}", style="yellow", soft_wrap=True)
    if report.orphans:
        console.print(
            f"{counted(report.orphans, 'production POD', 'production PODs')} loaded without the exchange POD,"
            f" which is not in the file: {report.without_exchange}",
            style="yellow",
            soft_wrap=True,
        )


def counted(number: int, one: str, several: str) -> str:
    """A number with what it counts: `1 supply`, `1,000 supplies`."""
    return f"{number:,} {one if number == 1 else several}"


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """The file; standard input is copied into the current folder first, because the encoding is known only
    at its end.
    """
    if file != STDIN:
        yield file
        return
    copied = Path("stdin.csv")
    if copied.exists():
        fail(f"{copied} is in the way: standard input is copied to a file of this name")
    try:
        with copied.open("wb") as target:
            shutil.copyfileobj(sys.stdin.buffer, target, 1024 * 1024)
        yield copied
    finally:
        copied.unlink(missing_ok=True)
