"""Notices about tickets."""

from __future__ import annotations

from typing import Any

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from backend.tickets import service as tickets
from backend.tickets.values import Ticket, TicketMessage, TicketState
from conversations.core.context import Say
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Html, Prompt, join
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
        its = self.message(found, notice)
        if its is None or not its.files:
            return Prompt(said, ((button,),))
        return Prompt(join([said, attached(say, its)], "\n\n"), (files_button(say, found, its), (button,)))

    def message(self, ticket: Ticket, notice: Notice) -> TicketMessage | None:
        """What was said, where the notice is about that."""
        message_id = notice.argument.get("message_id")
        return None if message_id is None else ticket.message(int(message_id))

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        """The text; None where it matters no longer."""
        raise NotImplementedError


class TicketOpened(TicketNotice):
    """A ticket waits for the staff: a new one, or one that was reopened."""

    name = tickets.OPENED_NOTICE
    permission = Permission.ANSWER_TICKETS

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        if ticket.state is TicketState.CLOSED or ticket.operator_id not in (None, notice.person_id):
            return None
        labels = " › ".join(tree().labels(ticket.category, say.language)[1:])
        key = "ticket.told_reopened" if notice.argument.get("again") else "ticket.told_opened"
        return say(key, number=ticket.id, name=ticket.requester, category=labels)

    def message(self, ticket: Ticket, notice: Notice) -> TicketMessage | None:
        return None if notice.argument.get("again") else next(iter(ticket.messages), None)


class TicketSaid(TicketNotice):
    """Who asked has said something more."""

    name = tickets.SAID_NOTICE
    permission = Permission.ANSWER_TICKETS

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        said = ticket.message(int(notice.argument["message_id"]))
        if said is None or ticket.operator_id not in (None, notice.person_id):
            return None
        return say("ticket.told_said", number=ticket.id, name=said.author, text=words_of(say, said))


class TicketTold(TicketNotice):
    """The staff has taken the ticket, answered or closed it."""

    name = tickets.TOLD_NOTICE

    def about(self, ticket: Ticket, notice: Notice, say: Say) -> Html | None:
        message_id = notice.argument.get("message_id")
        if message_id is None and ticket.operator is None:
            return None
        if message_id is None:
            return say("ticket.told_taken", number=ticket.id, name=ticket.operator)
        said = ticket.message(int(message_id))
        if said is None:
            return None
        key = "ticket.told_closed" if notice.argument.get("closing") else "ticket.told_answer"
        return say(key, number=ticket.id, name=said.author, text=words_of(say, said))
