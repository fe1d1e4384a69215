"""Words that people change in the chat after they are in a ticket: edited, or taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, select, update

from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.tickets import files as ticket_files
from backend.tickets.errors import TicketGone, TicketOver
from backend.tickets.models import ticket_messages
from backend.tickets.service import fitting, get, message_of, own
from backend.tickets.telling import locked, show_staff
from backend.tickets.values import MessageKind, Source, Ticket, TicketEvent, TicketMessage, TicketState


def edit_word(connection: Connection, actor: Actor, source: Source, text: str, at: datetime) -> Ticket:
    """Who asked has changed a message in the chat. Raises TicketGone where nothing of theirs in an open
    ticket was said in it, or TooLong.
    """
    actor.authorise(Permission.OPEN_TICKETS)
    return _edit(connection, actor, MessageKind.REQUEST, source, text, at)


def edit_note(connection: Connection, actor: Actor, source: Source, text: str, at: datetime) -> Ticket:
    """The operator has changed an internal note in the chat. Raises as `edit_word`."""
    actor.authorise(Permission.ANSWER_TICKETS)
    return _edit(connection, actor, MessageKind.NOTE, source, text, at)


def _edit(
    connection: Connection, actor: Actor, kind: MessageKind, source: Source, text: str, at: datetime
) -> Ticket:
    row = connection.execute(
        select(ticket_messages).where(
            ticket_messages.c.source_chat_id == source.chat_id,
            ticket_messages.c.source_message_id == source.message_id,
            ticket_messages.c.author_id == actor.person_id,
            ticket_messages.c.kind == kind.value,
        )
    ).first()
    ticket = locked(connection, row.ticket_id) if row is not None else None
    if row is None or ticket is None or ticket.state == TicketState.CLOSED.value:
        raise TicketGone
    if fitting(text) != row.text:
        changed = update(ticket_messages).where(ticket_messages.c.id == row.id)
        connection.execute(changed.values(text=text, edited=True))
        show_staff(connection, row.ticket_id, TicketEvent.EDITED, at, row.id)
    return get(connection, actor, row.ticket_id)


def withdraw(connection: Connection, actor: Actor, message_id: int, at: datetime) -> Ticket:
    """Who asked takes back a word that was not meant for the staff: not the first one, nor from a ticket that
    is over. Raises TicketGone or TicketOver.
    """
    actor.authorise(Permission.OPEN_TICKETS)
    row = connection.execute(select(ticket_messages).where(ticket_messages.c.id == message_id)).first()
    if row is None or row.author_id != actor.person_id or row.kind != MessageKind.REQUEST.value:
        raise TicketGone
    ticket = own(connection, actor, row.ticket_id)
    if ticket.state == TicketState.CLOSED.value:
        raise TicketOver
    of_ticket = ticket_messages.c.ticket_id == row.ticket_id
    if connection.scalar(select(func.min(ticket_messages.c.id)).where(of_ticket)) == message_id:
        raise TicketGone
    ticket_files.forget_message(connection, message_id)
    connection.execute(delete(ticket_messages).where(ticket_messages.c.id == message_id))
    show_staff(connection, row.ticket_id, TicketEvent.EDITED, at, message_id)
    return get(connection, actor, row.ticket_id)


def said_in(connection: Connection, actor: Actor, source: Source) -> TicketMessage | None:
    """What the actor has said in this message of Telegram; None where it is in no ticket."""
    row = connection.execute(
        select(ticket_messages).where(
            ticket_messages.c.source_chat_id == source.chat_id,
            ticket_messages.c.source_message_id == source.message_id,
            ticket_messages.c.author_id == actor.person_id,
        )
    ).first()
    return None if row is None else message_of(row, {})


def forget_person(connection: Connection, person_id: int, at: datetime) -> None:
    """Somebody is about to be erased: what they asked and noted is deleted, and the staff group shows it no
    longer. What they have answered as one of the staff stays with who asked.
    """
    theirs = and_(
        ticket_messages.c.author_id == person_id, ticket_messages.c.kind != MessageKind.ANSWER.value
    )
    said = select(ticket_messages.c.ticket_id, ticket_messages.c.id).where(theirs)
    for row in connection.execute(said).all():
        ticket_files.forget_message(connection, row.id)
        show_staff(connection, row.ticket_id, TicketEvent.EDITED, at, row.id)
    connection.execute(delete(ticket_messages).where(theirs))
