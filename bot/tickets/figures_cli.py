"""`a486 tickets`: how well the assistance does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from backend.core.db.database import Database
from backend.tickets.figures import Figures, Worth, figures
from bot.core.cli import console, with_database
from bot.core.settings import Settings
from conversations.tickets.tree import tree

cli = typer.Typer(help="The requests for assistance.", no_args_is_help=True)


@cli.callback()
def main() -> None:
    """The requests for assistance."""


@cli.command("figures")
def show(as_json: Annotated[bool, typer.Option("--json", help="For another program.")] = False) -> None:
    """Print how many requests are open and late, how long they take in working hours, and how content people
    are with the end.
    """

    async def work(database: Database, settings: Settings) -> Figures:
        at = datetime.now(UTC)
        return await database.long_read(lambda connection: figures(connection, at, settings.working_hours))

    found = with_database(work, must_exist=True)
    if as_json:
        typer.echo(json.dumps(_json(found), indent=2, ensure_ascii=False))
        return
    table = Table(show_header=False)
    for name, number in (
        ("open", str(found.open)),
        ("late", str(found.late)),
        ("first answer, median in working hours", _hours(found.first_answer)),
        ("closing, median in working hours", _hours(found.closing)),
    ):
        table.add_row(name, number)
    console.print(table)
    categories = {" › ".join(tree().labels(path, "en")): worth for path, worth in found.by_category.items()}
    for of, said in (("category", categories), ("operator", found.by_operator)):
        table = Table(of, "solved", "not solved", "content")
        for name, worth in said.items():
            table.add_row(escape(name), str(worth.solved), str(worth.unsolved), f"{worth.share:.0%}")
        console.print(table)


def _hours(span: timedelta | None) -> str:
    return "—" if span is None else f"{span / timedelta(hours=1):.1f}"


def _json(found: Figures) -> dict[str, object]:
    def hours(span: timedelta | None) -> float | None:
        return None if span is None else round(span / timedelta(hours=1), 2)

    def said(worth: dict[str, Worth]) -> dict[str, object]:
        return {
            of: {"solved": each.solved, "unsolved": each.unsolved, "share": round(each.share, 3)}
            for of, each in worth.items()
        }

    return {
        "open": found.open,
        "late": found.late,
        "first_answer_hours": hours(found.first_answer),
        "closing_hours": hours(found.closing),
        "by_category": said(found.by_category),
        "by_operator": said(found.by_operator),
    }
