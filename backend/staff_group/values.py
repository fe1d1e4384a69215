"""What the staff group is, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

LOST_NOTICE = "staff_group_lost"
"""The kind of notice that tells the staff that the group cannot be reached."""


class StaffGroupState(Enum):
    """The state of the staff group.

    CHOSEN ──► ACTIVE ──► LEFT ──► (no row)
       └──────────────────┘
    """

    CHOSEN = "chosen"
    """It has yet to be told what stands open."""
    ACTIVE = "active"
    """It shows what happens."""
    LEFT = "left"
    """It is the staff group no more; what it did not show has yet to be told in private."""


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """The forum that was chosen, by Telegram's number."""

    bot_id: int
    chat_id: int
    state: StaffGroupState
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """What a topic is about: a kind, and a number of that kind."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"

    @classmethod
    def read(cls, text: str) -> Subject:
        """The subject that was written like this. Raises ValueError."""
        kind, _, number = text.partition(":")
        return cls(kind, int(number))


@dataclass(frozen=True, slots=True)
class Event:
    """Something about a subject that the group is to show; `reference` is the id of what it is about."""

    id: int
    subject: Subject
    kind: str
    reference: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message in the group shows."""

    subject: Subject
    kind: str
    reference: int | None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the group: the post that opened it, and the post of its card."""

    topic_id: int
    card_id: int
