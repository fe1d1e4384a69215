"""Tickets as those who ask and those who answer see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from backend.devices.values import DeviceType


class TicketState(Enum):
    """The state of a ticket.

    OPEN ──► IN_PROGRESS ──► CLOSED
     │            ▲             │
     └────────────┼─────────────┘  closed at once, or reopened within a month
    """

    OPEN = "open"
    """Nobody of the staff has taken it."""
    IN_PROGRESS = "in-progress"
    """Somebody of the staff works at it."""
    CLOSED = "closed"
    """It was answered for good."""


class MessageKind(Enum):
    """Whose words a message is, and who reads them."""

    REQUEST = "request"
    """Of who asks; the first one is the description."""
    ANSWER = "answer"
    """Of the staff, to who asks."""
    NOTE = "note"
    """Of the staff, for the staff alone."""


class FileKind(Enum):
    """How a file is shown."""

    PHOTO = "photo"
    """A picture that the chat shows."""
    DOCUMENT = "document"
    """A file to open: also a picture that was sent as one, which keeps its detail."""
    VOICE = "voice"
    """A voice message."""


class Queue(Enum):
    """Which tickets the staff looks at."""

    UNASSIGNED = "unassigned"
    """Those that nobody has taken, oldest first."""
    MINE = "mine"
    """Those that the operator works at, oldest first."""
    CLOSED = "closed"
    """Those that were closed, newest first."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was examined and stored: what it is by its content, its digest in the blob store, a name
    without anything harmful (empty for photos and voice messages), its size in bytes.
    """

    kind: FileKind
    digest: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class TicketFile:
    """A file that belongs to something that was said."""

    id: int
    kind: FileKind
    digest: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What somebody asks. `category` is a leaf of the decision tree; codes are as the services read them."""

    device_type: DeviceType
    category: str
    description: str
    pod: str | None = None
    production_pod: str | None = None
    sid: str | None = None
    nid: str | None = None
    files: tuple[NewFile, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """Something that was said in a ticket. The author's name is empty where they were erased; so may be the
    text, where there are files.
    """

    id: int
    kind: MessageKind
    author: str
    text: str
    at: datetime
    files: tuple[TicketFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with everything that its card shows. `messages` are those that the reader may see, oldest
    first.
    """

    id: int
    state: TicketState
    device_type: DeviceType
    category: str
    pod: str | None
    production_pod: str | None
    sid: str | None
    nid: str | None
    requester_id: int
    requester: str
    integrator: str | None
    operator_id: int | None
    operator: str | None
    opened_at: datetime
    closed_at: datetime | None
    messages: tuple[TicketMessage, ...]

    def days(self, now: datetime) -> int:
        """Whole days from its opening to its end, or until now."""
        return ((self.closed_at or now) - self.opened_at).days

    def message(self, message_id: int) -> TicketMessage | None:
        """One of the messages that the reader may see."""
        return next((each for each in self.messages if each.id == message_id), None)
