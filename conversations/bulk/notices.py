"""The notice that a bulk request is done."""

from __future__ import annotations

from typing import Any

from backend.bulk import service as bulk
from backend.bulk.values import RequestState
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from conversations.bulk.wording import counts
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt, join

BULK_DONE = "bulk_done"


class BulkDone(NoticeKind):
    """Every row of a request has its outcome. It matters no longer where rows run again, nor to somebody who
    no longer acts for the integrator.
    """

    name = BULK_DONE
    by_mail = True
    optional = True
    permission = Permission.BULK

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        number = int(notice.argument["request_id"])
        found = bulk.request_of_any(connection, number)
        if found is None or found.state is not RequestState.DONE:
            return None
        member = identity.acting_for(connection, notice.person_id, int(notice.argument["integrator_id"]))
        if member is None or not member.may(Permission.BULK):
            return None
        said = join((say("bulk.done", number=number, name=found.name), counts(say, found.counts)), "\n\n")
        card = (Entry(say("bulk.button.open", number=number), "bulk_request", str(number)),)
        return Prompt(said, (card,))
