"""People are told what others changed about their place or their account."""

from __future__ import annotations

from typing import Any

from backend.identity.values import Member
from backend.notices import service as notices
from backend.notices.values import Notice
from conversations.core.context import Say, TurnContext
from conversations.core.effects import Order, order
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt

REMOVED, ROLE = "removed", "role"
SUSPENDED, RESTORED = "suspended", "restored"


class PlaceTold(NoticeKind):
    """A referent has changed somebody's role or removed them, or an administrator has suspended them or let
    them in again.
    """

    name = "place_told"
    by_mail = True

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        told = notice.argument
        home = ((Entry(say("button.home"), "home"),),)
        role = say(f"role.{told['role']}") if told.get("role") else ""
        return Prompt(say(f"told.{told['what']}", company=told.get("company", ""), role=role), home)


def tell_member(member: Member, what: str, context: TurnContext) -> tuple[Order, ...]:
    """Have a member told of a change in the actor's company."""
    argument = {
        "what": what,
        "company": context.acting.acting_for.integrator_name,
        "role": member.role.value if member.role is not None else "",
    }
    return tell(member.person_id, argument, context)


def tell(person_id: int, argument: dict[str, str], context: TurnContext) -> tuple[Order, ...]:
    """Have a person told, but for who did it themselves."""
    if person_id == context.acting.person_id:
        return ()
    key = f"{argument['what']} {context.now.isoformat()}"
    return (order(notices.add, person_id, PlaceTold.name, argument, dedupe_key=key, at=context.now),)
