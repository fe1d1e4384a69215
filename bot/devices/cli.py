"""`a486 devices import`."""

from __future__ import annotations

from pathlib import Path

import typer

from backend.core.db.database import Database
from backend.devices.importer import import_devices
from backend.tabular.csvfile import ImportReport
from backend.tabular.reasons import Words
from bot.core.imports import CsvFile, Language, ReasonLanguage, Tell, import_file
from bot.core.settings import Settings

cli = typer.Typer(help="The register of devices.", no_args_is_help=True)


@cli.callback()
def devices() -> None:
    """The register of devices."""


@cli.command("import")
def import_device_register(file: CsvFile, language: ReasonLanguage = Language.EN) -> None:
    """Load devices; those that are known are brought up to date."""

    async def load(
        path: Path, database: Database, settings: Settings, tell: Tell, words: Words
    ) -> ImportReport:
        return await import_devices(
            path, database=database, sid_pattern=settings.sid_pattern, progress=tell, words=words
        )

    import_file(file, ("device", "devices"), language, load)
