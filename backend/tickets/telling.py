"""Telling people what happens to tickets: the staff in its group, or in private, and who asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices import service as notices
from backend.staff_group import service as staff_group
from backend.staff_group.values import Subject
from backend.tickets.models import ticket_messages, tickets
from backend.tickets.values import TicketEvent, TicketState

OPENED_NOTICE = "ticket_opened"
TOLD_NOTICE = "ticket_told"
SAID_NOTICE = "ticket_said"
HANDED_NOTICE = "ticket_handed"
SUBJECT = "ticket"
"""The kind of the staff group's topics about tickets."""


def subject_of(ticket_id: int) -> Subject:
    """The ticket as the staff group knows it."""
    return Subject(SUBJECT, ticket_id)


def show_staff(
    connection: Connection, ticket_id: int, event: TicketEvent, at: datetime, message_id: int | None = None
) -> bool:
    """Have the staff group show it. Returns False where there is none."""
    return staff_group.tell(connection, subject_of(ticket_id), event.value, at, message_id)


def tell_staff(
    connection: Connection, ticket_id: int, event: TicketEvent, at: datetime, message_id: int | None = None
) -> None:
    """Tell the staff in its group, or in private where there is none."""
    if not show_staff(connection, ticket_id, event, at, message_id):
        tell_in_private(connection, ticket_id, event, message_id, at)


def tell_in_private(
    connection: Connection, ticket_id: int, event: TicketEvent, message_id: int | None, at: datetime
) -> None:
    """Tell who works at a ticket, or all who answer tickets, what it needs them for."""
    row = locked(connection, ticket_id)
    if row is None or row.state == TicketState.CLOSED.value:
        return
    told = who_works(connection, row)
    match event:
        case TicketEvent.OPENED:
            notify(connection, told, OPENED_NOTICE, ticket_id, str(ticket_id), at)
        case TicketEvent.REOPENED:
            key = f"{ticket_id}-{at.isoformat()}"
            notify(connection, told, OPENED_NOTICE, ticket_id, key, at, again=True)
        case TicketEvent.SAID:
            notify(connection, told, SAID_NOTICE, ticket_id, str(message_id), at, message_id=message_id)
        case TicketEvent.UNDELIVERED:
            key = f"{message_id}-undelivered"
            notify(connection, told, SAID_NOTICE, ticket_id, key, at, message_id=message_id)


def was_delivered(connection: Connection, message_id: int, delivered: bool, at: datetime) -> None:
    """The requester's chat has shown an answer, or cannot: then whoever works at the ticket is told."""
    row = connection.execute(select(ticket_messages).where(ticket_messages.c.id == message_id)).first()
    if row is None or row.undelivered is not delivered:
        return  # nothing new
    changed = update(ticket_messages).where(ticket_messages.c.id == message_id)
    connection.execute(changed.values(undelivered=not delivered))
    if delivered:
        show_staff(connection, row.ticket_id, TicketEvent.DELIVERED, at, message_id)
    else:
        tell_staff(connection, row.ticket_id, TicketEvent.UNDELIVERED, at, message_id)


def tell_requester(connection: Connection, row: Any, message_id: int, at: datetime, **more: Any) -> None:
    """Tell who asked what the staff says."""
    key = str(message_id)
    notify(connection, [row.requester_id], TOLD_NOTICE, row.id, key, at, message_id=message_id, **more)


def notify(
    connection: Connection,
    person_ids: Collection[int],
    kind: str,
    ticket_id: int,
    key: str,
    at: datetime,
    **more: Any,
) -> None:
    for person_id in person_ids:
        notices.add(connection, person_id, kind, {"ticket_id": ticket_id, **more}, dedupe_key=key, at=at)


def who_works(connection: Connection, row: Any) -> list[int]:
    """Who has the ticket, as long as they are of the staff; else all who answer tickets."""
    staff = identity.staff_with(connection, Permission.ANSWER_TICKETS)
    return [row.operator_id] if row.operator_id in staff else staff


def locked(connection: Connection, ticket_id: int) -> Any:
    """The row of a ticket, which stays locked until the commit; None where there is none."""
    return connection.execute(select(tickets).where(tickets.c.id == ticket_id).with_for_update()).first()
