"""`a486 tree`: the decision tree of assistance, and what its advice was worth."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.tree import Tree as Drawn

from backend.core.db.database import Database
from backend.tickets import advice
from bot.core.cli import console, with_database
from bot.core.settings import Settings
from conversations.core.texts import LANGUAGES
from conversations.tickets.tree import SEPARATOR, tree

cli = typer.Typer(help="The decision tree of assistance.", no_args_is_help=True)


@cli.callback()
def main() -> None:
    """The decision tree of assistance."""


@cli.command("show")
def show(
    language: Annotated[str, typer.Option(help="The language of the labels: it or en.")] = "it",
) -> None:
    """Print the tree; of each piece of advice how often it has solved the problem, and how often not; of each
    leaf its targets in working hours.
    """
    if language not in LANGUAGES:
        raise typer.BadParameter(f"there is no language {language}", param_hint="--language")

    async def work(database: Database, settings: Settings) -> dict[str, tuple[int, int]]:
        return await database.long_read(advice.worth)

    worth = with_database(work)
    drawn = {"": Drawn("assistance")}
    for path in tree().paths():
        node = tree().find(path)
        label = tree().labels(path, language)[-1]
        told = ""
        if node is not None and node.advice is not None:
            solved, unsolved = worth.get(path, (0, 0))
            told = f": solved {solved}, not solved {unsolved}"
        if node is not None and not node.children:
            targets = tree().targets_of(path)
            told += f"; first answer {targets.first_answer_hours:g} h, solved {targets.solved_hours:g} h"
        above = path.rpartition(SEPARATOR)[0]
        drawn[path] = drawn[above].add(escape(f"{label} ({path}){told}"))
    console.print(drawn[""])
