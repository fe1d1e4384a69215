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


class TicketEvent(Enum):
    """What happens to a ticket, as the staff is told."""

    OPENED = "opened"
    """Somebody asks."""
    SAID = "said"
    """Who asked says more."""
    EDITED = "edited"
    """Something that was said has changed, or was taken back."""
    TAKEN = "taken"
    """Somebody of the staff works at it."""
    GIVEN_BACK = "given-back"
    """Nobody works at it any more."""
    ANSWERED = "answered"
    """The staff has answered."""
    NOTED = "noted"
    """The staff has noted something for itself."""
    CLOSED = "closed"
    """The staff has closed it."""
    REOPENED = "reopened"
    """Who asked was not content."""
    UNDELIVERED = "undelivered"
    """The requester's chat did not take an answer."""
    DELIVERED = "delivered"
    """Now it did."""


class Satisfaction(Enum):
    """What who asked says of the end of their ticket."""

    SOLVED = "solved"
    """It is solved."""
    UNSOLVED = "unsolved"
    """It is not."""


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
    """Those that nobody has taken, or whose operator has left, oldest first."""
    MINE = "mine"
    """Those that the operator works at, oldest first."""
    LATE = "late"
    """Those that are open past a target, the most overdue first (`lateness.late`)."""
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
    """What somebody asks. `category` is a leaf of the decision tree; codes are as the services read them. Its
    targets, to be answered first and to be solved, are in working minutes; None is none.
    """

    device_type: DeviceType
    category: str
    description: str
    pod: str | None = None
    production_pod: str | None = None
    sid: str | None = None
    nid: str | None = None
    source: Source | None = None
    files: tuple[NewFile, ...] = ()
    answer_minutes: int | None = None
    solve_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The message of Telegram in which something was said: its chat and its number there."""

    chat_id: int
    message_id: int

    @classmethod
    def of(cls, chat_id: int | None, message_id: int | None) -> Source | None:
        """The message with these numbers; None where one of them is missing."""
        return None if chat_id is None or message_id is None else cls(chat_id, message_id)


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """Something that was said in a ticket. The author's name is empty where they were erased; so may be the
    text, where there are files. `edited`: its author changed it later. `undelivered`: the requester's chat
    did not take it.
    """

    id: int
    kind: MessageKind
    author: str
    text: str
    at: datetime
    files: tuple[TicketFile, ...] = ()
    source: Source | None = None
    edited: bool = False
    undelivered: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with everything that its card shows. `messages` are those that the reader may see, oldest
    first. The dates by which something is due are None once it is done, or where there is no target;
    `operator_left`: who has it does not answer tickets any more.
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
    answer_due_at: datetime | None = None
    solve_due_at: datetime | None = None
    satisfaction: Satisfaction | None = None
    operator_left: bool = False

    def days(self, now: datetime) -> int:
        """Whole days from its opening to its end, or until now."""
        return ((self.closed_at or now) - self.opened_at).days

    def message(self, message_id: int) -> TicketMessage | None:
        """One of the messages that the reader may see."""
        return next((each for each in self.messages if each.id == message_id), None)
