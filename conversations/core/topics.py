"""Kinds of topics of the staff group: what they are called, and what stands in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from conversations.core.context import Say
from conversations.core.prompts import Prompt


@dataclass(frozen=True)
class TopicNow:
    """How a topic should be: its name, whether it is open, and its card, whose buttons are entry buttons that
    serve whoever presses them.
    """

    name: str
    is_open: bool
    card: Prompt


class TopicKind(ABC):
    """A kind of subject with a topic for each. Its name stands in rows: it never changes. `connection` is for
    the services' reads, and, in `privately`, for their changes.
    """

    name: ClassVar[str]

    @abstractmethod
    def now(self, connection: Any, number: int, say: Say, at: datetime) -> TopicNow | None:
        """How the topic of this subject should be; None where there is no such subject any more."""

    @abstractmethod
    def word(
        self, connection: Any, chat_id: int, number: int, event: str, reference: int | None, say: Say
    ) -> Prompt | None:
        """What the topic in this chat shows of an event; None where the card says it all. What was shown with
        the same reference is changed into it.
        """

    @abstractmethod
    def standing(self, connection: Any) -> Sequence[tuple[int, str, int | None]]:
        """The subjects that a group that was just chosen has to know: number, event and reference of each."""

    @abstractmethod
    def privately(
        self, connection: Any, number: int, event: str, reference: int | None, at: datetime
    ) -> None:
        """The group cannot show this any more: tell people in private."""
