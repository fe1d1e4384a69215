"""Notices: messages to a person that nobody asked for.

    waiting ──a──► dispatched ──b──► delivered
     ▲    │            │
     │    c            d
     │    ▼            ▼
     │  lapsed     undelivered ──f──► mailed
     └───────e─────────┘

a: it is due, worded and enqueued · b: the chat shows it · c: it matters no longer, or cannot be worded ·
d: it could not be delivered · e: the user, who had blocked the bot, came back · f: it went by e-mail instead
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

DEAD_LETTERS = "dead_letter"
"""The kind that tells the staff of dead-lettered rows."""


class NoticeState(StrEnum):
    """The state of a notice."""

    WAITING = "waiting"
    """It is not due yet, or has not been worded yet."""
    DISPATCHED = "dispatched"
    """Its post is in the outbox."""
    DELIVERED = "delivered"
    """The chat has shown it."""
    UNDELIVERED = "undelivered"
    """It could not be shown; it waits for the user to come back."""
    MAILED = "mailed"
    """It could not be shown, and a mail server took it; it does not come again."""
    LAPSED = "lapsed"
    """When it was to be worded it mattered no longer, or that failed; the error says so."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to a person. `argument` is JSON, read by its kind; `telegram_user_id` is the private chat; 0
    where the person was erased meanwhile. `correlation` links it to what caused it.
    """

    id: int
    person_id: int
    telegram_user_id: int
    language: str
    kind: str
    argument: dict[str, Any]
    correlation: str
    post_id: int | None = None
