"""What came from the user, or for them, as dialogues see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Media(StrEnum):
    """The kinds of message that are no text."""

    DOCUMENT = "document"
    PHOTO = "photo"
    STICKER = "sticker"
    VOICE = "voice"
    VIDEO = "video"
    CONTACT = "contact"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end: Telegram's user id, first name, the language of their app (may be empty)."""

    user_id: int
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message. `forwarded`: the words are somebody else's."""

    text: str
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, in lower case and without the slash; `argument` is the rest of the line."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is no text; an album is one of them, with its number of parts."""

    media: Media
    caption: str = ""
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Edited:
    """The user changed a message that was already answered."""

    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dialogue button was pressed: the card that it is on, the revision it was drawn for, its value."""

    card_id: int
    revision: int
    value: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Entered:
    """An action was asked for: by an entry button (then with its card), or by the turn before."""

    action: str
    argument: str = ""
    card_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Garbled:
    """A button whose data nobody understands; made by hand, or by a version long gone."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A job came back."""

    kind: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    card_id: int | None


@dataclass(frozen=True, slots=True)
class Expired:
    """The time for the question with this revision ran out."""

    revision: int


@dataclass(frozen=True, slots=True)
class Membership:
    """The user blocked the bot (`reachable` False) or came back."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that asks for an answer: a service message, a change in a group, another bot."""

    why: str = field(default="")


Reply = (
    Typed | Command | Sent | Edited | Chosen | Entered | Garbled | Finished | Expired | Membership | Ignored
)
