"""The stored state of a dialogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.core.outbox.values import Destination


@dataclass(frozen=True, slots=True)
class Suspended:
    """A dialogue that waits for another one, begun inside of it, to end.

    `job_id` is the job that its question waits for.
    """

    flow: str
    version: int
    step: str
    draft: dict[str, Any]
    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredDialogue:
    """A dialogue under way. `draft` is JSON; `card_id` is the post that asks the present question.

    `revision` grows with every answer; a button carries the one that it was shown for.
    """

    destination: Destination
    user_id: int
    flow: str
    version: int
    step: str
    draft: dict[str, Any]
    revision: int
    card_id: int
    expires_at: datetime
    language: str = ""
    """The language of the person's app: what falls due later is said in it, where none was chosen."""
    job_id: int | None = None
    """The job that the present question waits for."""
    membership_id: int | None = None
    """The membership that it was begun in; None where it was begun by nobody's member."""
    suspended: tuple[Suspended, ...] = ()
    """The dialogues that this one was begun in, the outermost first."""
