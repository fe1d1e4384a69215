"""What people do in a walk through a dialogue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from backend.core.audit.values import AuditAction
from backend.identity.permissions import StaffRole
from tests.support import Chat, World

CANCELLED = "Annullato: non è cambiato nulla"


@dataclass(frozen=True)
class Press:
    """The answer is a button whose label holds this."""

    label: str


@dataclass(frozen=True)
class Write:
    """The answer is typed."""

    text: str


@dataclass(frozen=True)
class Share:
    """The answer is the person's own contact, with this number."""

    phone: str


@dataclass(frozen=True)
class Attach:
    """The answer is a file."""

    content: bytes
    name: str


@dataclass(frozen=True)
class MailedCode:
    """The answer is the code in the last e-mail."""


NONSENSE = "supercalifragilistico"


@dataclass(frozen=True)
class Move:
    """A question as the user meets it: the step's stored name, words of the question, the answer, and what is
    none.
    """

    step: str
    question: str
    answer: Press | Write | Share | Attach | MailedCode
    nonsense: str = NONSENSE


@dataclass(frozen=True)
class Script:
    """A walk through a dialogue: `begin` leads to its first question, `effect` is the action at its end, if
    any. `person` is which persona walks, `before` prepares the world.
    """

    begin: Callable[[Chat], Awaitable[None]]
    moves: tuple[Move, ...]
    result: str
    effect: AuditAction | None
    cancelled: str = CANCELLED  # the text after cancelling
    staff: StaffRole | None = None  # the role that the person needs among the staff
    person: int = 0
    before: Callable[[World], Awaitable[None]] | None = None
    leads_to: str = ""  # the dialogue that it hands over to
