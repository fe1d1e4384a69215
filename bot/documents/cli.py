"""`a486 documents`: useful documents brought up to date with a folder on disk, and listed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.tree import Tree as Drawn

from backend.core.db.database import Database
from backend.core.filenames import clean_line
from backend.documents import shelf
from backend.documents.syncing import NOTHING_DONE, Change, Folders, Told, sync
from backend.documents.values import Document
from bot.core.cli import console, errors, fail, with_database
from bot.core.settings import Settings
from conversations.core.texts import LANGUAGES
from conversations.documents.tree import parent_of, tree

cli = typer.Typer(help="Useful documents: bring them up to date, list them.", no_args_is_help=True)

WHY = {
    "active": "the PDF holds scripts or starts programs",
    "broken": "it is broken",
    "changed": "it changed while it was read: run it again",
    "disguised": "its content is not what its name says",
    "empty": "it is empty",
    "folder": "no folder of documents has this name: see a486 documents folders",
    "kind": "files of this kind are not published",
    "label": "this version was published with another content: give it another version",
    "link": "links are not followed",
    "macros": "it holds macros",
    "same_title": "another file here has the same title and version: rename one of them",
    "too_big": "it is larger than 1 GB",
    "tool": "it can run, and belongs in a folder of tools",
    "unreadable": "it cannot be read",
}
SAID = {
    Change.NEW: ("new", "green"),
    Change.VERSION: ("version", "green"),
    Change.BACK: ("back", "green"),
    Change.WITHDRAWN: ("withdrawn", "yellow"),
    Change.GONE: ("missing", "yellow"),
    Change.OLDER: ("older", "yellow"),
    Change.LEFT: ("left", "yellow"),
    Change.REFUSED: ("refused", "red"),
}
FOLDERS = Folders(
    on_disk=lambda names: tree().on_disk(names),
    holds_documents=lambda path: path in tree().leaves(),
    takes_tools=lambda path: tree().takes_tools(path),
)
"""The tree of the chat, for the folders on disk."""


@cli.callback()
def documents() -> None:
    """Useful documents: bring them up to date, list them."""


@cli.command("sync")
def bring_up_to_date(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder with DOC, Smart Info and MOME in it.", exists=True, file_okay=False),
    ],
    withdraw_missing: Annotated[
        bool, typer.Option("--withdraw-missing", help="Withdraw documents whose files are gone.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Publish what is new in a folder tree that mirrors the folders of documents. Done again it changes
    nothing. Exits with status 1 where a file was refused.
    """

    async def work(database: Database, settings: Settings) -> Counter[Change]:
        counts = Counter[Change]()
        async for told in sync(
            database, folder, FOLDERS, datetime.now(UTC), withdraw=withdraw_missing, dry=dry_run
        ):
            counts[told.change] += 1
            _say(told)
        return counts

    try:
        counts = with_database(work)
    except (OSError, ValueError) as error:
        fail(f"{folder} cannot be read: {error}")
    changed = sum(number for change, number in counts.items() if change not in NOTHING_DONE)
    same, would = counts[Change.SAME], "would be " if dry_run else ""
    console.print(f"{changed} {would}changed, {same} the same.")
    if counts[Change.GONE] and withdraw_missing:
        console.print(
            "Where something was refused, or where there is no document at all, nothing is withdrawn.",
            soft_wrap=True,
        )
    elif counts[Change.GONE]:
        console.print("Missing documents stay published: --withdraw-missing withdraws them.")
    if counts[Change.REFUSED]:
        fail(f"{counts[Change.REFUSED]} refused.")


def _say(told: Told) -> None:
    if told.change is Change.SAME:
        return
    word, style = SAID[told.change]
    version = f" ({told.label})" if told.label else ""
    why = {
        Change.REFUSED: f": {WHY.get(told.why, told.why)}",
        Change.OLDER: ": the document has a newer version",
        Change.LEFT: ": the staff has withdrawn it",
    }.get(told.change, "")
    where = told.path
    if told.change in (Change.WITHDRAWN, Change.GONE):
        where = f"{tree().trail(told.path, LANGUAGES[0])} › {told.title}"
    line = f"{word:<10}{clean_line(where)}{version}{why}"  # a name may hold what moves a terminal
    (errors if told.change is Change.REFUSED else console).print(
        line, style=style, markup=False, highlight=False, soft_wrap=True
    )


@cli.command("list")
def show() -> None:
    """Print the folders with their documents: newest version, date, size, downloads."""

    async def work(database: Database, settings: Settings) -> list[Document]:
        return await database.long_read(lambda connection: shelf.everything(connection))

    found = with_database(work)
    drawn = {"": Drawn("documents")}
    for path in tree().paths():
        label = tree().labels(path, LANGUAGES[0])[-1]
        drawn[path] = drawn[parent_of(path)].add(escape(f"{label} ({path})"))
    for document in found:
        version = document.version
        state = "" if document.stands else f", {document.state.value}"
        drawn.get(document.folder, drawn[""]).add(
            escape(
                f"{document.title}: {version.label}, {version.dated:%d/%m/%Y}, {version.size:,} bytes, "
                f"{version.downloads} downloads{state}"
            )
        )
    console.print(drawn[""])


@cli.command("folders")
def folders(
    make: Annotated[
        Path | None, typer.Option(help="Make these folders, empty, in this one.", file_okay=False)
    ] = None,
) -> None:
    """Print the folders as `sync` looks for them, or make them."""
    for path in tree().leaves():
        names = tree().labels(path, LANGUAGES[0])
        if make is not None:
            make.joinpath(*names).mkdir(parents=True, exist_ok=True)
        tools = " (tools too)" if tree().takes_tools(path) else ""
        console.print("/".join(names) + tools, markup=False, highlight=False, soft_wrap=True)
