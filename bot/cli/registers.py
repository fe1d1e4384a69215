"""`a486 supplies import` and `a486 devices import`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from backend.csvfile import ImportReport
from backend.db.database import Database
from backend.devices.errors import DeviceImportFailed
from backend.devices.importer import import_devices
from backend.supplies.errors import ImportFailed
from backend.supplies.importer import import_register
from bot.cli.common import console, errors, fail, with_database
from bot.settings import Settings

supplies_cli = typer.Typer(help="The register of supplies.", no_args_is_help=True)
devices_cli = typer.Typer(help="The register of devices.", no_args_is_help=True)
CsvFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV file, of any size.")
]
Tell = Callable[[int, int], None]


@supplies_cli.command("import")
def import_supplies(file: CsvFile) -> None:
    """Load the register of supplies; it takes the place of the one in use when it is whole."""

    async def load(database: Database, settings: Settings, tell: Tell) -> ImportReport:
        return await import_register(
            file, database=database, register_path=settings.register_file, progress=tell
        )

    _import(file, "supplies", load)


@devices_cli.command("import")
def import_device_register(file: CsvFile) -> None:
    """Load devices; those that are known are brought up to date."""

    async def load(database: Database, settings: Settings, tell: Tell) -> ImportReport:
        return await import_devices(file, database=database, sid_pattern=settings.sid_pattern, progress=tell)

    _import(file, "devices", load)


def _import(
    file: Path, what: str, load: Callable[[Database, Settings, Tell], Awaitable[ImportReport]]
) -> None:
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
    except (ImportFailed, DeviceImportFailed) as error:
        fail(f"{file.name}: {error.reason}. Nothing was changed.")
    console.print(f"{report.loaded:,} {what} loaded.")
    if report.bad:
        console.print(
            f"{report.bad:,} bad lines, each with its reason, in {report.bad_lines}",
            style="yellow",
            soft_wrap=True,
        )
