"""Notices about what waits: tickets past their targets, and the staff's day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from backend.identity.permissions import Permission
from backend.notices.values import Notice
from backend.tickets import digest, lateness
from backend.tickets.values import Queue, Ticket
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Html, Prompt, join
from conversations.tickets.notices import TicketNotice
from conversations.tickets.tree import tree


class TicketLate(TicketNotice):
    """A ticket is past a target: to who works at it, or to all who answer."""

    name = lateness.LATE_NOTICE
    permission = Permission.ANSWER_TICKETS

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        target = notice.argument["target"]
        due = {"answer": ticket.answer_due_at, "solve": ticket.solve_due_at}[target]
        if not _counts(due, notice):
            return None
        operator = _operator(say, "" if ticket.operator_left else ticket.operator or "")
        about = {
            "number": ticket.id,
            "category": _labels(ticket.category, say),
            "operator": operator,
            "at": due,
        }
        if notice.argument["escalated"]:
            return say(f"ticket.told_escalated.{target}", **about)
        return say(f"ticket.told_late.{target}", **about)


class TicketEscalated(NoticeKind):
    """A ticket is long past a target: to administrators, who do not read tickets."""

    name = lateness.ESCALATED_NOTICE
    permission = Permission.OPERATE

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        target = notice.argument["target"]
        late = lateness.told_of(connection, int(notice.argument["ticket_id"]), target)
        if late is None or not _counts(late.due_at, notice):
            return None
        return Prompt(
            say(
                f"ticket.told_escalated.{target}",
                number=late.id,
                category=_labels(late.category, say),
                operator=_operator(say, late.operator),
                at=late.due_at,
            )
        )


class TicketDigest(NoticeKind):
    """What waits, at the beginning of a working day."""

    name = digest.DIGEST_NOTICE
    optional = True
    permission = Permission.ANSWER_TICKETS

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        told = notice.argument
        if not digest.is_newest(connection, date.fromisoformat(told["day"])):
            return None
        lines = [
            say("desk.day.head"),
            say(
                "desk.day.numbers",
                unassigned=told["unassigned"],
                mine=told["mine"],
                late=told["late"],
                closed=told["closed"],
                since=date.fromisoformat(told["closed_since"]),
            ),
        ]
        if told["oldest"] is not None:
            opened = datetime.fromisoformat(told["oldest_at"])
            lines.append(say("desk.day.oldest", number=told["oldest"], at=opened))
        late = (
            ((Entry(say("desk.queue.late", number=told["late"]), "desk", Queue.LATE.value),),)
            if told["late"]
            else ()
        )
        return Prompt(join(lines), ((Entry(say("desk.menu"), "desk"),), *late))


def _counts(due: datetime | None, notice: Notice) -> bool:
    """It is due since then still: neither done meanwhile, nor set anew by reopening."""
    return due is not None and due == datetime.fromisoformat(notice.argument["due_at"])


def _labels(category: str, say: Say) -> str:
    return " › ".join(tree().labels(category, say.language)[1:])


def _operator(say: Say, name: str) -> Html:
    return say("ticket.operator", name=name) if name else say("ticket.nobody")
