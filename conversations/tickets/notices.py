"""Notices about tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from backend.tickets import service as tickets
from backend.tickets import telling
from backend.tickets.values import MessageKind, Ticket, TicketMessage, TicketState
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Html, Prompt, Rows, join
from conversations.tickets.rating import rating_row
from conversations.tickets.tree import tree
from conversations.tickets.wording import attached, files_button, words_of


class TicketNotice(NoticeKind):
    """A notice about a ticket, to somebody who may still see it."""

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        actor = identity.actor_of(connection, notice.telegram_user_id)
        if actor is None:
            return None
        found = tickets.find(connection, actor, int(notice.argument["ticket_id"]))
        said = self.about(found, notice, say) if found is not None else None
        if found is None or said is None:
            return None
        button = Entry(say("ticket.button.open", number=found.id), "ticket", str(found.id))
        rows = (*self.rows(found, notice, say), (button,))
        its = self.message(found, notice)
        if its is None or not its.files:
            return Prompt(said, rows)
        return Prompt(join([said, attached(say, its)], "\n\n"), (files_button(say, found, its), *rows))

    def rows(self, ticket: Ticket, notice: Notice, say: Say) -> Rows:
        """Buttons above the one that opens the ticket."""
        return ()

    def message(self, ticket: Ticket, notice: Notice) -> TicketMessage | None:
        """What was said, where the notice is about that."""
        message_id = notice.argument.get("message_id")
        return None if message_id is None else ticket.message(int(message_id))

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        """The text; None where it matters no longer."""
        raise NotImplementedError


def _is_of_another(ticket: Ticket, notice: Notice) -> bool:
    """Somebody else works at it, and has not left those who answer."""
    return ticket.operator_id not in (None, notice.person_id) and not ticket.operator_left


class TicketOpened(TicketNotice):
    """A ticket waits for the staff: a new one, or one that was reopened."""

    name = telling.OPENED_NOTICE
    permission = Permission.ANSWER_TICKETS

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        if ticket.state is TicketState.CLOSED or _is_of_another(ticket, notice):
            return None
        labels = " › ".join(tree().labels(ticket.category, say.language)[1:])
        key = "ticket.told_reopened" if notice.argument.get("again") else "ticket.told_opened"
        return say(key, number=ticket.id, name=ticket.requester, category=labels)

    def message(self, ticket: Ticket, notice: Notice) -> TicketMessage | None:
        return None if notice.argument.get("again") else next(iter(ticket.messages), None)


class TicketSaid(TicketNotice):
    """Who asked has said something more."""

    name = telling.SAID_NOTICE
    permission = Permission.ANSWER_TICKETS

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        said = ticket.message(int(notice.argument["message_id"]))
        if said is None or _is_of_another(ticket, notice):
            return None
        text = words_of(say, said)
        if said.kind is MessageKind.ANSWER:
            if not said.undelivered:
                return None
            return say("ticket.told_undelivered", number=ticket.id, name=ticket.requester, text=text)
        return say("ticket.told_said", number=ticket.id, name=said.author, text=text)


class TicketHanded(TicketNotice):
    """Somebody else of the staff has handed the ticket over."""

    name = telling.HANDED_NOTICE
    permission = Permission.ANSWER_TICKETS

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        if ticket.state is TicketState.CLOSED or ticket.operator_id != notice.person_id:
            return None
        labels = " › ".join(tree().labels(ticket.category, say.language)[1:])
        return say("ticket.told_handed", number=ticket.id, name=ticket.requester, category=labels)


class TicketTold(TicketNotice):
    """The staff has taken the ticket, answered or closed it."""

    name = telling.TOLD_NOTICE
    by_mail = True

    def rows(self, ticket: Ticket, notice: Notice, say: Say) -> Rows:
        return rating_row(ticket, say) if notice.argument.get("closing") else ()

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        message_id = notice.argument.get("message_id")
        if message_id is None and ticket.operator is None:
            return None
        if message_id is None:
            return say("ticket.told_taken", number=ticket.id, name=ticket.operator)
        said = ticket.message(int(message_id))
        if said is None:
            return None
        values = {"number": ticket.id, "name": said.author, "text": words_of(say, said)}
        if notice.argument.get("begins"):
            return say("ticket.told_begun", **values)
        return say("ticket.told_closed" if notice.argument.get("closing") else "ticket.told_answer", **values)

    def lapsed(self, connection: Any, notice: Notice, at: datetime) -> None:
        self.ended(connection, notice, False, at)

    def ended(self, connection: Any, notice: Notice, delivered: bool, at: datetime) -> None:
        message_id = notice.argument.get("message_id")
        if message_id is not None:
            telling.was_delivered(connection, int(message_id), delivered, at)
