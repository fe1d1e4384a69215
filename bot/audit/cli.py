"""`a486 audit`: verify the chain, search the entries."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from backend.audit.search import search as search_entries
from backend.core.audit.values import AuditRecord, Report
from backend.core.audit.verify import verify as verify_chain
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.keys.errors import KeysError
from backend.core.keys.store import KeyStore
from backend.identity import service as identity
from backend.supplies.pod import parse_pod
from bot.core.cli import console, fail, with_database
from bot.core.settings import Settings

cli = typer.Typer(help="The audit log: search it, and check that it was not altered.", no_args_is_help=True)
COLUMNS = ("When", "Who", "Integrator", "What", "Outcome", "POD", "Association", "Sealed", "Correlation")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, in Rome's time.")]


@cli.command("verify")
def verify() -> None:
    """Check every entry against the signed chain. Exits with status 1 if a check fails."""

    async def work(database: Database, settings: Settings) -> Report:
        trusted = KeyStore(settings.keys).trusted()
        return await database.long_read(lambda connection: verify_chain(connection, trusted))

    try:
        report = with_database(work, must_exist=True)
    except KeysError as error:
        fail(str(error))
    console.print(
        f"{report.sealed} entries sealed, {report.heads} signed heads, {report.unsealed} not sealed yet."
    )
    for finding in report.findings:
        at = f" at {finding.sequence}" if finding.sequence is not None else ""
        entry = f" (entry {finding.entry_id})" if finding.entry_id is not None else ""
        console.print(f"{finding.flaw.value}{at}{entry}", style="red")
    if not report.holds:
        fail(f"The chain does not hold: {report.flaws} flaw(s).")
    console.print("The chain holds.", style="green")


@cli.command("search")
def search(
    pod: Annotated[str | None, typer.Option(help="A POD, in any spelling.")] = None,
    person: Annotated[int | None, typer.Option(help="A Telegram user number.")] = None,
    since: Day = None,
    until: Day = None,
) -> None:
    """List entries by POD, person and period, from the first moment of `since` to the last of `until`."""
    wanted = parse_pod(pod) if pod else None
    if pod and wanted is None:
        fail(f"{pod} is not a POD")

    async def work(database: Database, settings: Settings) -> list[AuditRecord]:
        person_id = None
        if person is not None:
            person_id = await database.long_read(lambda connection: identity.person_id_of(connection, person))
            if person_id is None:
                fail(f"nobody is known by the Telegram number {person}")
        return await database.long_read(
            lambda connection: list(
                search_entries(
                    connection,
                    pod=wanted,
                    person=person_id,
                    since=_midnight(since),
                    until=_midnight(until, days=1),
                )
            )
        )

    entries = with_database(work, must_exist=True)
    if not console.is_terminal:  # for a file or another program: nothing is cut
        writer = csv.writer(console.file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(entry) for entry in entries)
        return
    table = Table(*(Column(name, overflow="fold") for name in COLUMNS))
    for entry in entries:
        table.add_row(*(escape(cell) for cell in _cells(entry)))
    console.print(table)


def _cells(entry: AuditRecord) -> tuple[str, ...]:
    return (
        entry.at.astimezone(ROME).strftime("%d/%m/%Y %H:%M:%S"),
        entry.person_name or "",
        entry.integrator_name or "",
        entry.action.value,
        entry.outcome or "",
        entry.point or "",
        str(entry.association_id or ""),
        "yes" if entry.sequence is not None else "not yet",
        entry.correlation or "",
    )


def _midnight(day: datetime | None, *, days: int = 0) -> datetime | None:
    """The day's first moment in Rome, or that of a later day."""
    return (day + timedelta(days)).replace(tzinfo=ROME) if day is not None else None
