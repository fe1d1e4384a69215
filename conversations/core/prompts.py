"""Prompts: what a dialogue shows. Values, as JSON in the outbox; Telegram is not known here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any


class Html(str):
    """Text that is safe to send: every value in it has been escaped."""

    __slots__ = ()


NOTHING = Html("")


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


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address in the browser."""

    label: str
    url: str


Button = Choice | Entry | Copy | Link
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file from the blob store, by the digest that the store gave it."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture from the blob store, by its digest; Telegram shows it smaller, and takes 10 MB."""

    digest: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice message from the blob store, by its digest: Opus in Ogg."""

    digest: str


File = Document | Photo | Voice
MOST_OF_AN_ALBUM = 10


@dataclass(frozen=True, slots=True)
class Album:
    """Two to ten photos, or as many documents, that belong together. Raises ValueError for anything else."""

    files: tuple[File, ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.files) <= MOST_OF_AN_ALBUM:
            raise ValueError(f"an album of {len(self.files)}")
        if len({type(file) for file in self.files}) > 1:
            raise ValueError("photos and documents do not mix")
        if isinstance(self.files[0], Voice):
            raise ValueError("a voice message stands alone")


@dataclass(frozen=True, slots=True)
class ContactKey:
    """A key that shares the user's own phone number, after Telegram has asked them. In private chats only."""

    label: str


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """Keys in place of the phone's keyboard: what is on a key is typed, a contact is shared. It goes away
    when it was used, or with `RemoveKeyboard`.

    A message carries either such keys or buttons. `text` is what the keys' own message says where the prompt
    has buttons too, as every question has. Raises ValueError for no key, or two that ask for the contact.
    """

    rows: tuple[tuple[str | ContactKey, ...], ...]
    text: Html = NOTHING

    def __post_init__(self) -> None:
        keys = [key for row in self.rows for key in row]
        if not keys or sum(isinstance(key, ContactKey) for key in keys) > 1:
            raise ValueError("a keyboard has keys, and one of them at most asks for the contact")


@dataclass(frozen=True, slots=True)
class RemoveKeyboard:
    """The phone's own keyboard comes back. `text`: see `ReplyKeyboard`."""

    text: Html = NOTHING


@dataclass(frozen=True, slots=True)
class Prompt:
    """The content of a message. With a file, or an album, the text is its caption.

    An album with buttons is followed by the text with them, for it cannot carry any. What has a file or a
    keyboard is a message of its own. Raises ValueError where it cannot be sent.

    `below`: a message of its own below everything, and never in place of the card that was pressed.
    `persistent`: a result that the user will come back to; buttons that lead elsewhere leave it standing.
    `passing`: nothing of it is kept once the chat shows it.
    """

    text: Html
    rows: Rows = ()
    document: Document | None = None
    below: bool = False
    persistent: bool = False
    photo: Photo | None = None
    album: Album | None = None
    keyboard: ReplyKeyboard | RemoveKeyboard | None = None
    passing: bool = False
    voice: Voice | None = None

    def __post_init__(self) -> None:
        if sum(shown is not None for shown in (self.document, self.photo, self.voice, self.album)) > 1:
            raise ValueError("a message shows a document, a photo, a voice message or an album")
        if self.keyboard is not None and self.rows and not self.keyboard.text:
            raise ValueError("beside buttons a keyboard needs a text of its own")

    @property
    def is_own_message(self) -> bool:
        """True if it can only be a message of its own."""
        return bool(self.below or self.files or self.keyboard or self.passing)

    @property
    def files(self) -> tuple[File, ...]:
        """Its files in the blob store."""
        if self.album is not None:
            return self.album.files
        return tuple(file for file in (self.document, self.photo, self.voice) if file is not None)


def messages(prompt: Prompt) -> tuple[Prompt, ...]:
    """The prompt as messages that can each be sent by one call; its buttons are on the last."""
    before = []
    if prompt.album is not None and (prompt.rows or prompt.keyboard):
        before.append(Prompt(NOTHING, album=prompt.album))
        prompt = replace(prompt, album=None)
    if prompt.keyboard is not None and prompt.rows:
        before.append(Prompt(prompt.keyboard.text, keyboard=replace(prompt.keyboard, text=NOTHING)))
        prompt = replace(prompt, keyboard=None)
    return (*before, prompt)


_KINDS: dict[str, type[Button]] = {"choice": Choice, "entry": Entry, "copy": Copy, "link": Link}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FILE_KINDS: dict[str, type[File]] = {"document": Document, "photo": Photo, "voice": Voice}
_FILES = {kind: name for name, kind in _FILE_KINDS.items()}
_SINGLE = tuple(_FILE_KINDS)


def to_json(prompt: Prompt, revision: int = 0) -> dict[str, Any]:
    """The prompt as the outbox keeps it; `revision` is that of the dialogue whose question it is."""
    content: dict[str, Any] = {"text": str(prompt.text)}
    if prompt.rows:
        content["rows"] = [
            [[_NAMES[type(button)], *_fields(button)] for button in row] for row in prompt.rows
        ]
    if prompt.document is not None:
        content["document"] = [prompt.document.digest, prompt.document.name]
    if prompt.photo is not None:
        content["photo"] = [prompt.photo.digest]
    if prompt.voice is not None:
        content["voice"] = [prompt.voice.digest]
    if prompt.album is not None:
        content["album"] = [[_FILES[type(file)], *_parts(file)] for file in prompt.album.files]
    match prompt.keyboard:
        case ReplyKeyboard(rows):
            content["keyboard"] = [
                [["contact", key.label] if isinstance(key, ContactKey) else ["text", key] for key in row]
                for row in rows
            ]
        case RemoveKeyboard():
            content["keyboard"] = []
    if revision:
        content["revision"] = revision
    if prompt.persistent:
        content["lasting"] = True
    if prompt.passing:
        content["passing"] = True
    return content


def _fields(button: Button) -> tuple[str, ...]:
    match button:
        case Choice(label, value):
            return (label, value)
        case Entry(label, action, argument):
            return (label, action, argument)
        case Copy(label, text):
            return (label, text)
        case Link(label, url):
            return (label, url)


def _parts(file: File) -> tuple[str, ...]:
    return (file.digest, file.name) if isinstance(file, Document) else (file.digest,)


def _keyboard(rows: list[list[list[str]]]) -> ReplyKeyboard | RemoveKeyboard:
    keys = tuple(
        tuple(ContactKey(label) if kind == "contact" else label for kind, label in row) for row in rows
    )
    return ReplyKeyboard(keys) if keys else RemoveKeyboard()


def from_json(content: dict[str, Any]) -> Prompt:
    """The prompt that `to_json` made this of: one message."""
    rows = tuple(tuple(_KINDS[kind](*fields) for kind, *fields in row) for row in content.get("rows", ()))
    document = Document(*content["document"]) if "document" in content else None
    text = join((Html(content["text"]), Html(content.get("progress", ""))), "\n\n")
    photo = Photo(*content["photo"]) if "photo" in content else None
    voice = Voice(*content["voice"]) if "voice" in content else None
    album = (
        Album(tuple(_FILE_KINDS[kind](*parts) for kind, *parts in content["album"]))
        if "album" in content
        else None
    )
    keyboard = _keyboard(content["keyboard"]) if "keyboard" in content else None
    return Prompt(text, rows, document, photo=photo, voice=voice, album=album, keyboard=keyboard)


def digests(content: dict[str, Any]) -> set[str]:
    """The blobs that a post with this content shows."""
    single = [content[name][0] for name in _SINGLE if name in content]
    return {*single, *(digest for _, digest, *_ in content.get("album", ()))}


def stands(content: dict[str, Any]) -> bool:
    """True if a message with this content stays as it is: an album, or one that brings or takes keys."""
    return "album" in content or "keyboard" in content


def shows_file(content: dict[str, Any]) -> bool:
    """True if a message with this content shows a file, and so can show nothing else."""
    return any(name in content for name in (*_SINGLE, "album"))


def can_become(shown: dict[str, Any], content: dict[str, Any]) -> bool:
    """True if a message that shows the one can be edited into the other: only texts and buttons change."""
    if stands(shown) or stands(content) or "topic" in shown:
        return False
    return all(shown.get(name) == content.get(name) for name in _SINGLE)


def with_progress(content: dict[str, Any], line: Html) -> dict[str, Any]:
    """The same, as the outbox keeps it, with a line below that says how far something is."""
    return {**content, "progress": str(line)}


def without_buttons(content: dict[str, Any]) -> dict[str, Any]:
    """The same, as the outbox keeps it, with nothing to press. Keys of a keyboard are the chat's and not the
    message's: only another message takes them away.
    """
    kept = ("text", *_SINGLE, "album", "keyboard")
    return {name: content[name] for name in kept if name in content}
