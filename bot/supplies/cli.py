"""`a486 supplies import`."""

from __future__ import annotations

from pathlib import Path

import typer

from backend.core.clock import SystemClock
from backend.core.db.database import Database
from backend.supplies.importer import import_register
from backend.tabular.csvfile import ImportReport
from backend.tabular.reasons import Words
from backend.watches import service as watches
from bot.core.imports import CsvFile, Language, ReasonLanguage, Tell, import_file
from bot.core.settings import Settings

cli = typer.Typer(help="The register of supplies.", no_args_is_help=True)


@cli.callback()
def supplies() -> None:
    """The register of supplies."""


@cli.command("import")
def import_supplies(file: CsvFile, language: ReasonLanguage = Language.EN) -> None:
    """Load the register of supplies; it takes the place of the one in use when it is whole."""
    import_file(file, ("supply", "supplies"), language, load_register)


async def load_register(
    path: Path, database: Database, settings: Settings, tell: Tell, words: Words
) -> ImportReport:
    """Load a register, and have everything that is watched looked up in it. Raises FileRefused."""
    report = await import_register(
        path, database=database, register_path=settings.register_file, progress=tell, words=words
    )
    at = SystemClock().now()
    await database.write(lambda connection: watches.register_changed(connection, at))
    return report
