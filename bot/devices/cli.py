"""`a486 devices import`."""

from __future__ import annotations

import typer

from backend.core.csvfile import ImportReport
from backend.core.db.database import Database
from backend.devices.importer import import_devices
from bot.core.imports import CsvFile, Tell, import_file
from bot.core.settings import Settings

cli = typer.Typer(help="The register of devices.", no_args_is_help=True)


@cli.callback()
def devices() -> None:
    """The register of devices."""


@cli.command("import")
def import_device_register(file: CsvFile) -> None:
    """Load devices; those that are known are brought up to date."""

    async def load(database: Database, settings: Settings, tell: Tell) -> ImportReport:
        return await import_devices(file, database=database, sid_pattern=settings.sid_pattern, progress=tell)

    import_file(file, "devices", load)
