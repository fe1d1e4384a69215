"""Notices to the staff who run the service."""

from __future__ import annotations

from typing import Any

from backend.budgets.values import LOOK_UPS_SPENT, Budget
from backend.core.inbox import service as inbox
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import DEAD_LETTERS, Notice
from conversations.core.central import limit_in_words
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt


class DeadLetters(NoticeKind):
    """Rows were dead-lettered. Worded with all that exist by then; it matters no longer when
    an operator has seen to it.
    """

    name = DEAD_LETTERS
    permission = Permission.OPERATE
    urgent = True

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        newest = inbox.newest_dead_letter(connection)
        if newest is None:
            return None
        number = inbox.count_failed(connection)
        state = ((Entry(say("state.menu"), "state"),),)
        return Prompt(say("operations.dead_letters", number=number, reference=newest), state)


class LookUpsSpent(NoticeKind):
    """A person, or an integrator, had no look-ups left. It matters no longer once the person was erased."""

    name = LOOK_UPS_SPENT

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        told = notice.argument
        limit = limit_in_words(say, Budget(told["budget"]), told["limit"])
        subject, integrator = told["subject"], told["integrator"]
        if subject is None:
            return Prompt(say("operations.look_ups_of_integrator", integrator=integrator, limit=limit))
        name = identity.names_of_subjects(connection, {subject}).get(subject)
        if name is None:
            return None
        return Prompt(say("operations.look_ups_of_person", person=name, integrator=integrator, limit=limit))
