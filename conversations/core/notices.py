"""Kinds of notices: how they are worded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from conversations.core.context import Say
from conversations.core.prompts import Prompt


class NoticeKind(ABC):
    """A kind of notice. Its name stands in rows: it never changes. `connection` is for the services' reads,
    and, in `ended`, for their changes.
    """

    name: ClassVar[str]
    by_mail: ClassVar[bool] = False
    """Whether it may go by e-mail where the chat cannot be reached: its text must make sense there, and give
    nothing away to whoever else reads that mailbox.
    """

    optional: ClassVar[bool] = False
    """Whether people may do without it: their profile lists it then, as `notice.<name>`."""
    permission: ClassVar[Permission | None] = None
    """What a person must be permitted to ever get it; None where anybody may."""
    urgent: ClassVar[bool] = False
    """Whether it comes in quiet hours too."""

    @abstractmethod
    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        """The message, in the recipient's language; None where it matters no longer."""

    def worded(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        """`word`, for who may still get it: they could when it was ordered."""
        if self.permission is not None and not identity.may(connection, notice.person_id, self.permission):
            return None
        return self.word(connection, notice, say)

    def lapsed(self, connection: Any, notice: Notice, at: datetime) -> None:  # noqa: B027 - nothing by default
        """There was nothing to word: the person gets nothing."""

    def ended(  # noqa: B027 - nothing by default
        self, connection: Any, notice: Notice, delivered: bool, at: datetime
    ) -> None:
        """The chat has shown it, or it cannot be delivered; then it may come again when the user does."""
