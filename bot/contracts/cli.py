"""`a486 contracts`: the contracts, and the people whom they name to be enabled."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from backend.contracts.errors import ContractEnded, ContractOfAnother
from backend.contracts.lines import ReadContracts, read_contracts
from backend.core.db.database import Database
from backend.registrations import service as registrations
from backend.tabular.reasons import FileRefused
from backend.tabular.table import read_table
from bot.core.cli import console, errors, fail, with_database
from bot.core.settings import Settings
from conversations.core.texts import texts

cli = typer.Typer(help="Contracts, and whom they name.", no_args_is_help=True)


@cli.callback()
def contracts() -> None:
    """Contracts, and whom they name."""


@cli.command("load")
def load(
    file: Annotated[
        Path, typer.Argument(help="CSV or a workbook: a line for each person.", exists=True, dir_okay=False)
    ],
) -> None:
    """Load contracts; one that is there already gets the new list of people. Who waits for it is enabled."""
    read = _read(file)
    for each in read.bad:
        reason = texts("en")(f"contracts.bad.{each.reason}")
        errors.print(f"line {each.line}: {reason}", style="red", markup=False, highlight=False)
    if read.bad:
        fail("nothing was loaded: a new list replaces the one before, so it must be whole")
    if not read.contracts:
        fail(f"{file} holds nothing to load")

    async def work(database: Database, settings: Settings) -> int:
        return await database.write(
            lambda connection: registrations.load_contracts(
                connection, None, read.contracts, datetime.now(UTC)
            )
        )

    try:
        enabled = with_database(work)
    except ContractOfAnother as error:
        fail(f"contract {error.data['number']} is another company's: nothing was loaded")
    except ContractEnded as error:
        fail(f"contract {error.data['number']} has ended: nothing was loaded")
    people = sum(len(each.people) for each in read.contracts)
    console.print(f"{len(read.contracts)} contracts with {people} people loaded, {enabled} enabled now")


def _read(file: Path) -> ReadContracts:
    try:
        return read_contracts(asyncio.run(read_table(file.read_bytes())))
    except FileRefused as error:
        fail(f"{file}: {texts('en')(f'import.file.{error.reason}', **error.values)}")
