"""A Telegram account learns that its person has left it."""

from __future__ import annotations

from typing import Any

from backend.notices.values import Notice
from backend.registrations import service as registrations
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Prompt


class AccountLeft(NoticeKind):
    """Somebody has proved to be the same person with another account. It must be known at once, by the one
    who did not do so.
    """

    name = registrations.ACCOUNT_LEFT
    urgent = True
    by_mail = True

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        return Prompt(say("registration.account_left"))
