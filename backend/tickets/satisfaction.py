"""What those who asked say of how their tickets ended."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.tickets import service
from backend.tickets.errors import AlreadyRated, NotClosed, TicketGone
from backend.tickets.models import tickets
from backend.tickets.values import Satisfaction, Ticket


def rate(connection: Connection, actor: Actor, ticket_id: int, word: Satisfaction) -> Ticket:
    """Who asked says whether it is solved, once for each closing: what is not right after all is said by
    reopening. Raises TicketGone, NotClosed or AlreadyRated.
    """
    actor.authorise(Permission.OPEN_TICKETS)
    row = connection.execute(select(tickets).where(tickets.c.id == ticket_id).with_for_update()).first()
    if row is None or row.requester_id != actor.person_id:
        raise TicketGone
    if row.closed_at is None:
        raise NotClosed
    if row.satisfaction is not None:
        raise AlreadyRated
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(satisfaction=word.value))
    return service.get(connection, actor, ticket_id)
