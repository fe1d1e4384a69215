"""`a486 central`: what the central system is still to be told, and whether both sides have the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import typer
from rich.table import Table

from backend.associations import telling
from backend.associations.reconciling import Reconciliation, reconcile
from backend.associations.registry import RegistryError
from backend.central.associations import HttpRegistry
from backend.core.clock import ROME
from backend.core.db.database import Database
from bot.core.central import client_for
from bot.core.cli import console, fail, with_database
from bot.core.settings import CentralKind, Settings

SHOWN = 100
"""So many associations are listed; all are counted."""
NAMED = 20
"""So many numbers of a kind are printed; `--json` has up to 1,000."""

cli = typer.Typer(help="The central system.", no_args_is_help=True)


@cli.callback()
def central() -> None:
    """The central system."""


@cli.command("status")
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what is still to be told. Ends with status 1 where something was refused."""

    async def work(
        database: Database, settings: Settings
    ) -> tuple[telling.Counts, Sequence[telling.Untold], bool]:
        counts = await database.long_read(telling.counts)
        untold = await database.long_read(partial(telling.untold, most=SHOWN))
        return counts, untold, settings.central is CentralKind.HTTP

    counts, untold, told = with_database(work, must_exist=True)
    if as_json:
        console.print_json(json.dumps(_facts(counts, untold)))
    else:
        _print(counts, untold, told)
    if told and counts.refused:
        raise typer.Exit(1)


def _facts(counts: telling.Counts, untold: Sequence[telling.Untold]) -> dict[str, Any]:
    return {
        "untold": counts.untold,
        "refused": counts.refused,
        "oldest": None if counts.oldest is None else counts.oldest.isoformat(),
        "associations": [
            {
                "association": each.association_id,
                "state": each.state.value,
                "since": each.since.isoformat(),
                "attempts": each.attempts,
                "failure": each.failure,
                "due_at": each.due_at.isoformat(),
            }
            for each in untold
        ],
    }


def _print(counts: telling.Counts, untold: Sequence[telling.Untold], told: bool) -> None:
    if not told:
        console.print(f"A486_CENTRAL is local: nobody is told. {counts.untold} would be.")
        return
    console.print(f"{counts.untold} to be told, {counts.refused} of them refused.")
    if not untold:
        return
    table = Table("Association", "State", "Since", "Tries", "Last failure", "Next try")
    for each in untold:
        table.add_row(
            str(each.association_id),
            each.state.value,
            _local(each.since),
            str(each.attempts),
            each.failure or "–",
            _local(each.due_at),
        )
    console.print(table)


def _local(at: datetime) -> str:
    return f"{at.astimezone(ROME):%d/%m/%Y %H:%M:%S}"


@cli.command("retry")
def retry() -> None:
    """Tell everything again that is still to be told, at once."""

    async def work(database: Database, settings: Settings) -> int:
        return await database.write(partial(telling.hurry, at=datetime.now(UTC)))

    console.print(f"{with_database(work, must_exist=True)} are told again at once.")


@cli.command("reconcile")
def reconcile_command(
    dry_run: Annotated[bool, typer.Option(help="Only say what differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Compare our associations with those of the central system, and have told again what differs.

    Ends with status 1 where something differs.
    """

    async def work(database: Database, settings: Settings) -> Reconciliation:
        client = client_for(settings)
        if client is None:
            fail("A486_CENTRAL is local: there is nothing to compare with")
        async with client:
            return await reconcile(database, HttpRegistry(client), datetime.now(UTC), mend=not dry_run)

    try:
        found = with_database(work, must_exist=True)
    except RegistryError as error:
        fail(f"The central system (A486_CENTRAL_URL) cannot be compared with: {error.reason}")
    if as_json:
        console.print_json(json.dumps(_report(found)))
    else:
        _print_report(found, dry_run)
    if not found.agrees:
        raise typer.Exit(1)


def _report(found: Reconciliation) -> dict[str, Any]:
    return {
        "compared": found.compared,
        "pending": found.pending,
        "counted": found.counted,
        "missing": found.missing,
        "left_over": found.left_over,
        "different": found.different,
        "unknown": found.unknown,
    }


def _print_report(found: Reconciliation, dry_run: bool) -> None:
    console.print(f"{found.compared} live there; {found.pending} of ours are still to be told anyway.")
    told_again = "" if dry_run else ", told again"
    for kind, ids, said in (
        ("missing", found.missing, f"live here and not there{told_again}"),
        ("left_over", found.left_over, f"were deleted here and live there{told_again}"),
        ("different", found.different, f"live in both, and differ{told_again}"),
        ("unknown", found.unknown, "live there and were never ours: ask the central system's operator"),
    ):
        if number := found.counted.get(kind):
            named = ", ".join(map(str, ids[:NAMED])) + (", …" if number > NAMED else "")
            console.print(f"{number} {said}: {named}", soft_wrap=True)
    if found.agrees:
        console.print("Both sides have the same.")
