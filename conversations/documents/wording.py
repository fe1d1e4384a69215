"""How folders and documents are said."""

from __future__ import annotations

from backend.documents.values import Document, Version
from conversations.core.context import Say, TurnContext
from conversations.core.navigation import home_button
from conversations.core.prompts import Entry, Html, Prompt, Rows
from conversations.documents.tree import parent_of, tree

FOLDER = "docs"
"""The action that shows a folder."""
DOCUMENT = "doc"
"""The action that shows a document."""
LONGEST_LABEL = 60
SHORT_LABEL = 16
"""Characters that half a row of a small phone shows."""
KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE


def size_of(say: Say, size: int) -> Html:
    """A size in bytes as people read it."""
    if size < KILOBYTE:
        return say("documents.bytes", number=size)
    if size < MEGABYTE:
        return say("documents.kilobytes", number=round(size / KILOBYTE))
    return say("documents.megabytes", number=round(size / MEGABYTE, 1))


def trail(path: str, context: TurnContext) -> str:
    """The way to a folder, as one line."""
    return tree().trail(path, context.say.language)


def document_button(document: Document, search: str = "") -> Entry:
    """A button that shows a document; from there the way back leads to the search, where there was one."""
    mark = "📄" if document.stands else "🚫"
    label = f"{mark} {document.title}"[:LONGEST_LABEL]
    return Entry(label, DOCUMENT, f"{document.id}_{search}" if search else str(document.id))


def version_said(version: Version, say: Say) -> Html:
    """A version with its date and size, on one line."""
    return say("documents.version", label=version.label, dated=version.dated, size=size_of(say, version.size))


def up(path: str, context: TurnContext) -> Rows:
    """The last rows below a folder: to the one above it, and to the first screen."""
    if not path:
        return ((home_button(context),),)
    above = parent_of(path)
    node = tree().find(above)
    label = node.label.of(context.say.language) if node is not None else context.say("documents.menu_short")
    return beside_home(Entry(f"‹ {label}", FOLDER, above), context)


def beside_home(back: Entry, context: TurnContext) -> Rows:
    """A way back and the one to the first screen: below each other where one row cuts the label."""
    home = home_button(context)
    return ((back, home),) if len(back.label) <= SHORT_LABEL else ((back,), (home,))


def gone(context: TurnContext) -> Prompt:
    """The document is not there any more."""
    rows: Rows = ((Entry(context.say("documents.menu"), FOLDER), home_button(context)),)
    return Prompt(context.say("documents.gone"), rows)
