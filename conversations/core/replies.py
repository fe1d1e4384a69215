"""Replies: what came from the user, or for them, as dialogues see it."""

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
    """The person at the other end: Telegram's user id, first name, their app's language (may be empty)."""

    user_id: int
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Which message something came from, by Telegram's ids; `reply_to` is the message that it answers.

    An edit has the reference of the message that it changes.
    """

    chat_id: int
    message_id: int
    reply_to: int | None = None


ANONYMOUS = 1087968824
"""The user id under which Telegram shows administrators of a group that stay anonymous."""
MOST_BYTES = 20 * 1024 * 1024
"""The largest file that a bot can fetch from Telegram."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as Telegram describes it, none of which is to be trusted: `name` (may be empty) and `media_type`
    are the sender's words, `size` is in bytes.

    `file_id` is how this bot asks for the file; `unique_id` is the same for the same file, whoever sends it.
    """

    media: Media
    file_id: str
    unique_id: str
    name: str = ""
    media_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact card. `own`: it is the sender's, by Telegram's word; anybody can send somebody else's."""

    phone: str
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class Location:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message."""

    text: str
    message: MessageRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, in lower case and without the slash; `argument` is the rest of the line, `text` all of
    it as it was written.

    `/start` has what a deep link carries as its argument: hostile until read.
    """

    name: str
    argument: str = ""
    message: MessageRef | None = field(default=None, compare=False)
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is no text. An album is one of them, with the attachments of all its parts.

    `media` is that of the first attachment, or says what else it is.
    """

    media: Media
    caption: str = ""
    attachments: tuple[Attachment, ...] = ()
    contact: Contact | None = None
    location: Location | None = None
    message: MessageRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Edited:
    """The user changed a message that was already answered."""

    text: str
    message: MessageRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Overheard:
    """Talk within a group that the bot reads along. It expects no answer."""

    said: Typed | Sent | Edited


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dialogue button was pressed: the card that it is on, the revision it was shown for, its value."""

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
    """A job has come back: to the action of this name, or to the question that waits for it.

    `membership_id` is the one in which it was asked for.
    """

    kind: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    card_id: int | None
    action: str
    job_id: int | None = None
    membership_id: int | None = None


@dataclass(frozen=True, slots=True)
class Expired:
    """The time for the question with this revision ran out."""

    revision: int


@dataclass(frozen=True, slots=True)
class Reachability:
    """The user blocked the bot (`reachable` False) or came back."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that asks for an answer: a service message, a change in a group, another bot."""

    why: str = field(default="")


Reply = (
    Typed
    | Command
    | Sent
    | Edited
    | Overheard
    | Chosen
    | Entered
    | Garbled
    | Finished
    | Expired
    | Reachability
    | Ignored
)
