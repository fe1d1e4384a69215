"""Tickets: opened, taken, answered, closed, reopened. Each raises NotPermitted where the actor may not, and
what takes files raises TooManyFiles, TicketFull or FilesForgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import PORTION
from backend.core.db.upsert import insert_for
from backend.devices.values import DeviceType
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.supplies.pod import Pod
from backend.tickets import files as ticket_files
from backend.tickets.errors import TicketGone, TicketOver, TicketTaken, TooLate, TooManyOpen
from backend.tickets.models import advice_counts, ticket_messages, tickets
from backend.tickets.values import (
    MessageKind,
    NewFile,
    NewTicket,
    Queue,
    Ticket,
    TicketMessage,
    TicketState,
)

OPENED_NOTICE = "ticket_opened"
TOLD_NOTICE = "ticket_told"
SAID_NOTICE = "ticket_said"
MOST_TEXT = 2000
"""Characters of a message."""
REOPENED = timedelta(days=30)
"""For so long a closed ticket can be reopened."""
MOST_OPEN = 10
"""Tickets that a person may have open at once."""


def open_ticket(connection: Connection, actor: Actor, wanted: NewTicket, at: datetime) -> Ticket:
    """Open a ticket; whoever answers tickets is told. Raises TooManyOpen."""
    actor.authorise(Permission.OPEN_TICKETS)
    theirs = and_(tickets.c.requester_id == actor.person_id, tickets.c.closed_at.is_(None))
    if (connection.scalar(select(func.count()).where(theirs)) or 0) >= MOST_OPEN:
        raise TooManyOpen(MOST_OPEN)
    ticket_id = int(
        connection.execute(
            insert(tickets)
            .values(
                state=TicketState.OPEN.value,
                device_type=wanted.device_type.value,
                category=wanted.category[:96],
                pod=wanted.pod,
                production_pod=wanted.production_pod,
                sid=wanted.sid,
                nid=wanted.nid,
                requester_id=actor.person_id,
                integrator_id=actor.membership.integrator_id if actor.membership is not None else None,
                opened_at=at,
            )
            .returning(tickets.c.id)
        ).scalar_one()
    )
    _say(connection, ticket_id, actor, MessageKind.REQUEST, wanted.description, at, wanted.files)
    _record(connection, actor, AuditAction.TICKET_OPENED, ticket_id, at)
    staff = identity.staff_with(connection, Permission.ANSWER_TICKETS)
    _notify(connection, staff, OPENED_NOTICE, ticket_id, str(ticket_id), at)
    return get(connection, actor, ticket_id)


def add_word(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """Who asked says something more. Raises TicketGone or TicketOver."""
    actor.authorise(Permission.OPEN_TICKETS)
    row = _locked(connection, ticket_id)
    if row is None or row.requester_id != actor.person_id:
        raise TicketGone
    if row.state == TicketState.CLOSED.value:
        raise TicketOver
    message_id = _say(connection, ticket_id, actor, MessageKind.REQUEST, text, at, files)
    told = _who_works(connection, row)
    _notify(connection, told, SAID_NOTICE, ticket_id, str(message_id), at, message_id=message_id)
    return get(connection, actor, ticket_id)


def reopen(connection: Connection, actor: Actor, ticket_id: int, at: datetime) -> Ticket:
    """Who asked is not content: the ticket goes back to who had it. Raises TicketGone or TooLate."""
    actor.authorise(Permission.OPEN_TICKETS)
    row = _locked(connection, ticket_id)
    if row is None or row.requester_id != actor.person_id:
        raise TicketGone
    if row.state == TicketState.CLOSED.value:
        if row.closed_at + REOPENED <= at:
            raise TooLate
        again = TicketState.OPEN if row.operator_id is None else TicketState.IN_PROGRESS
        _set(connection, ticket_id, state=again.value, closed_at=None)
        _record(connection, actor, AuditAction.TICKET_REOPENED, ticket_id, at)
        told = _who_works(connection, row)
        _notify(connection, told, OPENED_NOTICE, ticket_id, f"{ticket_id}-{at.isoformat()}", at, again=True)
    return get(connection, actor, ticket_id)


def take(connection: Connection, actor: Actor, ticket_id: int, at: datetime) -> Ticket:
    """The operator works at it from now on, and who asked is told. Of two at once, one does. Raises
    TicketGone, TicketOver or TicketTaken.
    """
    row = _of_staff(connection, actor, ticket_id)
    if _taken(connection, actor, row, at):
        key = f"{ticket_id}-{at.isoformat()}"
        _notify(connection, [row.requester_id], TOLD_NOTICE, ticket_id, key, at)
    return get(connection, actor, ticket_id)


def _taken(connection: Connection, actor: Actor, row: Any, at: datetime) -> bool:
    """Make the ticket the actor's. Returns False where it was already. Raises TicketTaken."""
    if row.operator_id == actor.person_id:
        return False
    if row.operator_id is not None:
        raise TicketTaken(identity.names_of(connection, [row.operator_id]).get(row.operator_id, ""))
    _set(connection, row.id, state=TicketState.IN_PROGRESS.value, operator_id=actor.person_id)
    _record(connection, actor, AuditAction.TICKET_TAKEN, row.id, at)
    return True


def answer(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """The operator answers who asked; a ticket that nobody had is theirs from now on. Raises as `take`."""
    row = _of_staff(connection, actor, ticket_id)
    _taken(connection, actor, row, at)
    message_id = _say(connection, ticket_id, actor, MessageKind.ANSWER, text, at, files)
    _record(connection, actor, AuditAction.TICKET_ANSWERED, ticket_id, at)
    _tell(connection, row, message_id, at)
    return get(connection, actor, ticket_id)


def note(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """A word for the staff alone. Raises TicketGone."""
    actor.authorise(Permission.ANSWER_TICKETS)
    if _locked(connection, ticket_id) is None:
        raise TicketGone
    _say(connection, ticket_id, actor, MessageKind.NOTE, text, at, files)
    return get(connection, actor, ticket_id)


def close(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """The operator closes it, and says how it was solved. Raises as `take`."""
    row = _of_staff(connection, actor, ticket_id)
    _taken(connection, actor, row, at)
    message_id = _say(connection, ticket_id, actor, MessageKind.ANSWER, text, at, files)
    _set(connection, ticket_id, state=TicketState.CLOSED.value, closed_at=at)
    _record(connection, actor, AuditAction.TICKET_CLOSED, ticket_id, at)
    _tell(connection, row, message_id, at, closing=True)
    return get(connection, actor, ticket_id)


def give_back(connection: Connection, actor: Actor, ticket_id: int, at: datetime) -> Ticket:
    """The operator does not go on: anybody may take it. Raises TicketGone, TicketOver or TicketTaken."""
    row = _of_staff(connection, actor, ticket_id)
    if row.operator_id not in (None, actor.person_id):
        raise TicketTaken(identity.names_of(connection, [row.operator_id]).get(row.operator_id, ""))
    _set(connection, ticket_id, state=TicketState.OPEN.value, operator_id=None)
    return get(connection, actor, ticket_id)


def get(connection: Connection, actor: Actor, ticket_id: int) -> Ticket:
    """A ticket: one's own, one of the own integrator, or any for who answers tickets. Raises TicketGone."""
    actor.authorise(Permission.SEE_TICKETS)
    row = connection.execute(select(tickets).where(tickets.c.id == ticket_id)).first()
    if row is None or not _may_see(actor, row):
        raise TicketGone
    return _read(connection, [row], actor)[0]


def find(connection: Connection, actor: Actor, ticket_id: int) -> Ticket | None:
    """`get`, where the actor may see it; else None."""
    try:
        return get(connection, actor, ticket_id)
    except (NotPermitted, TicketGone):
        return None


def mine(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Ticket]:
    """The tickets of the actor, and of their integrator where they are enabled, newest first."""
    actor.authorise(Permission.SEE_TICKETS)
    theirs: ColumnElement[bool] = tickets.c.requester_id == actor.person_id
    if actor.membership is not None and actor.membership.enabled:
        theirs = or_(theirs, tickets.c.integrator_id == actor.integrator_id)
    query = select(tickets).where(theirs)
    if before is not None:
        query = query.where(tickets.c.id < before)
    rows = connection.execute(query.order_by(tickets.c.id.desc()).limit(limit)).all()
    return _read(connection, rows, actor)


def queue(
    connection: Connection,
    actor: Actor,
    which: Queue,
    limit: int,
    after: int | None = None,
) -> list[Ticket]:
    """The tickets of a queue of the staff; `after` is the id that the page before ended with."""
    actor.authorise(Permission.ANSWER_TICKETS)
    newest_first = which is Queue.CLOSED
    match which:
        case Queue.UNASSIGNED:
            of_it = tickets.c.state == TicketState.OPEN.value
        case Queue.MINE:
            of_it = and_(
                tickets.c.state == TicketState.IN_PROGRESS.value, tickets.c.operator_id == actor.person_id
            )
        case Queue.CLOSED:
            of_it = tickets.c.state == TicketState.CLOSED.value
    query = select(tickets).where(of_it)
    if after is not None:
        query = query.where(tickets.c.id < after if newest_first else tickets.c.id > after)
    ordered = query.order_by(tickets.c.id.desc() if newest_first else tickets.c.id)
    return _read(connection, connection.execute(ordered.limit(limit)).all(), actor)


def count_advice(connection: Connection, advice: str, solved: bool) -> None:
    """Somebody says whether a piece of advice has solved their problem."""
    one = {"solved": int(solved), "unsolved": int(not solved)}
    connection.execute(
        insert_for(connection, advice_counts)
        .values(advice=advice[:96], **one)
        .on_conflict_do_update(
            index_elements=["advice"],
            set_={name: getattr(advice_counts.c, name) + number for name, number in one.items()},
        )
    )


def advice_worth(connection: Connection) -> dict[str, tuple[int, int]]:
    """Of each piece of advice how often it has solved the problem, and how often not."""
    return {row.advice: (row.solved, row.unsolved) for row in connection.execute(select(advice_counts))}


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of the tickets that were closed longer ago than `kept`. Returns how many."""
    old = list(connection.scalars(select(tickets.c.id).where(tickets.c.closed_at < at - kept).limit(PORTION)))
    if old:
        ticket_files.forget(connection, old)
        connection.execute(delete(ticket_messages).where(ticket_messages.c.ticket_id.in_(old)))
        connection.execute(delete(tickets).where(tickets.c.id.in_(old)))
    return len(old)


def _of_staff(connection: Connection, actor: Actor, ticket_id: int) -> Any:
    """The locked row of a ticket that is not closed, for who answers tickets. Raises TicketGone or
    TicketOver.
    """
    actor.authorise(Permission.ANSWER_TICKETS)
    row = _locked(connection, ticket_id)
    if row is None:
        raise TicketGone
    if row.state == TicketState.CLOSED.value:
        raise TicketOver
    return row


def _locked(connection: Connection, ticket_id: int) -> Any:
    return connection.execute(select(tickets).where(tickets.c.id == ticket_id).with_for_update()).first()


def _may_see(actor: Actor, row: Any) -> bool:
    if actor.may(Permission.ANSWER_TICKETS) or row.requester_id == actor.person_id:
        return True
    member = actor.membership
    return member is not None and member.enabled and bool(row.integrator_id == member.integrator_id)


def _set(connection: Connection, ticket_id: int, **values: Any) -> None:
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(**values))


def _say(
    connection: Connection,
    ticket_id: int,
    actor: Actor,
    kind: MessageKind,
    text: str,
    at: datetime,
    files: Sequence[NewFile] = (),
) -> int:
    said = insert(ticket_messages).values(
        ticket_id=ticket_id, author_id=actor.person_id, kind=kind.value, text=text[:MOST_TEXT], at=at
    )
    message_id = int(connection.execute(said.returning(ticket_messages.c.id)).scalar_one())
    ticket_files.attach(connection, ticket_id, message_id, actor.person_id, files)
    return message_id


def _who_works(connection: Connection, row: Any) -> list[int]:
    """Who has the ticket, as long as they are of the staff; else all who answer tickets."""
    staff = identity.staff_with(connection, Permission.ANSWER_TICKETS)
    return [row.operator_id] if row.operator_id in staff else staff


def _tell(connection: Connection, row: Any, message_id: int, at: datetime, **more: Any) -> None:
    """Tell who asked what the staff says."""
    key = str(message_id)
    _notify(connection, [row.requester_id], TOLD_NOTICE, row.id, key, at, message_id=message_id, **more)


def _notify(
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


def _record(connection: Connection, actor: Actor, action: AuditAction, ticket_id: int, at: datetime) -> None:
    pod = connection.scalar(select(tickets.c.pod).where(tickets.c.id == ticket_id))
    record(
        connection,
        at,
        action,
        subject=actor.subject,
        integrator_id=connection.scalar(select(tickets.c.integrator_id).where(tickets.c.id == ticket_id)),
        point=None if pod is None else Pod(pod, pod).point,
        detail={"ticket": ticket_id},
    )


def _read(connection: Connection, rows: Sequence[Any], actor: Actor) -> list[Ticket]:
    said = connection.execute(
        select(ticket_messages)
        .where(ticket_messages.c.ticket_id.in_([row.id for row in rows]))
        .order_by(ticket_messages.c.id)
    ).all()
    people = {row.requester_id for row in rows} | {row.operator_id for row in rows if row.operator_id}
    names = identity.names_of(connection, people | {message.author_id for message in said})
    companies = identity.integrators_by_id(connection, {row.integrator_id for row in rows} - {None})
    files = ticket_files.of_messages(connection, [message.id for message in said])
    staff = actor.may(Permission.ANSWER_TICKETS)
    by_ticket: dict[int, list[TicketMessage]] = {}
    for message in said:
        kind = MessageKind(message.kind)
        if staff or kind is not MessageKind.NOTE:
            author = names.get(message.author_id, "")
            its = files.get(message.id, ())
            word = TicketMessage(message.id, kind, author, message.text, message.at, its)
            by_ticket.setdefault(message.ticket_id, []).append(word)
    return [
        Ticket(
            id=row.id,
            state=TicketState(row.state),
            device_type=DeviceType(row.device_type),
            category=row.category,
            pod=row.pod,
            production_pod=row.production_pod,
            sid=row.sid,
            nid=row.nid,
            requester_id=row.requester_id,
            requester=names.get(row.requester_id, ""),
            integrator=companies[row.integrator_id].business_name if row.integrator_id in companies else None,
            operator_id=row.operator_id,
            operator=None if row.operator_id is None else names.get(row.operator_id, ""),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            messages=tuple(by_ticket.get(row.id, ())),
        )
        for row in rows
    ]
