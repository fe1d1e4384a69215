"""What a dialogue wants the user to see. Values, as JSON in the outbox; Telegram is not known here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class Html(str):
    """Text that is safe to send: every value in it has been escaped."""

    __slots__ = ()


def join(parts: Iterable[Html], separator: str = "\n") -> Html:
    """The parts one after the other; those that are empty leave no gap."""
    return Html(separator.join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Choice:
    """A dialogue button: an answer to the present question, worthless once the question has changed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry button: an action on an entity. It lives for months; right and state are checked at each
    press.
    """

    label: str
    action: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that copies a code to the phone's clipboard."""

    label: str
    text: str


Button = Choice | Entry | Copy
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file from the blob store, by the digest that the store gave it."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a message shows. With a document the text is its caption.

    `below`: a message of its own below everything, and never in place of the card that was pressed.
    `lasting`: a result that the user will come back to; buttons on it that lead elsewhere leave it standing.
    """

    text: Html
    rows: Rows = ()
    document: Document | None = None
    below: bool = False
    lasting: bool = False


_KINDS: dict[str, type[Button]] = {"choice": Choice, "entry": Entry, "copy": Copy}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_json(prompt: Prompt, revision: int = 0) -> dict[str, Any]:
    """The prompt as the outbox keeps it; `revision` is that of the dialogue whose question it is."""
    content: dict[str, Any] = {"text": str(prompt.text)}
    if prompt.rows:
        content["rows"] = [
            [[_NAMES[type(button)], *_fields(button)] for button in row] for row in prompt.rows
        ]
    if prompt.document is not None:
        content["document"] = [prompt.document.digest, prompt.document.name]
    if revision:
        content["revision"] = revision
    if prompt.lasting:
        content["lasting"] = True
    return content


def _fields(button: Button) -> tuple[str, ...]:
    match button:
        case Choice(label, value):
            return (label, value)
        case Entry(label, action, argument):
            return (label, action, argument)
        case Copy(label, text):
            return (label, text)


def from_json(content: dict[str, Any]) -> Prompt:
    """The prompt that `to_json` made this of."""
    rows = tuple(tuple(_KINDS[kind](*fields) for kind, *fields in row) for row in content.get("rows", ()))
    document = Document(*content["document"]) if "document" in content else None
    text = join((Html(content["text"]), Html(content.get("progress", ""))), "\n\n")
    return Prompt(text, rows, document)


def with_progress(content: dict[str, Any], line: Html) -> dict[str, Any]:
    """The same, as the outbox keeps it, with a line below that says how far something is."""
    return {**content, "progress": str(line)}


def without_buttons(content: dict[str, Any]) -> dict[str, Any]:
    """The same, as the outbox keeps it, with nothing to press."""
    return {name: content[name] for name in ("text", "document") if name in content}
