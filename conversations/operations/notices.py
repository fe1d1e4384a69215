"""What the staff who keep the service running are told."""

from __future__ import annotations

from typing import Any

from backend.core.inbox import service as inbox
from backend.notices.values import Notice
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt

DEAD_LETTER = "dead_letter"


class DeadLetter(NoticeKind):
    """Something that came in could not be worked, and was set aside."""

    name = DEAD_LETTER

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        reference = str(notice.argument["reference"])
        if not inbox.is_set_aside(connection, reference):
            return None
        state = ((Entry(say("state.menu"), "state"),),)
        return Prompt(say("operations.dead_letter", reference=reference), state)
