"""Notices to the staff who run the service."""

from __future__ import annotations

from typing import Any

from backend.core.inbox import service as inbox
from backend.notices.values import DEAD_LETTERS, Notice
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt


class DeadLetters(NoticeKind):
    """Rows were dead-lettered. Worded with all that exist by then; it matters no longer when
    an operator has seen to it.
    """

    name = DEAD_LETTERS

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        newest = inbox.newest_dead_letter(connection)
        if newest is None:
            return None
        number = inbox.count_failed(connection)
        state = ((Entry(say("state.menu"), "state"),),)
        return Prompt(say("operations.dead_letters", number=number, reference=newest), state)
