"""Members learn what a contract did to their place."""

from __future__ import annotations

from typing import Any

from backend.contracts import service as contracts
from backend.identity import people
from backend.identity.permissions import Role
from backend.notices.values import Notice
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt


class PlaceChanged(NoticeKind):
    """The end of a contract has closed a place, or a new contract has opened it again."""

    name = contracts.PLACE_CHANGED
    by_mail = True

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        place = people.place_of(connection, int(notice.argument["membership_id"]))
        if place is None:
            return None
        company, enabled, role = place
        home = ((Entry(say("button.home"), "home"),),)
        key = "place.opened" if enabled else "place.closed"
        if not enabled and role == Role.REFERENT.value:
            key = "place.closed_referent"
        return Prompt(say(key, company=company), home)
