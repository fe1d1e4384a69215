"""Tickets: opened, taken, answered, closed, reopened. Each raises NotPermitted where the actor may not; what
takes words raises TooLong, and what takes files TooManyFiles, TicketFull or FilesForgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import PORTION
from backend.devices.values import DeviceType
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.staff_group import service as staff_group
from backend.supplies.pod import Pod
from backend.tickets import files as ticket_files
from backend.tickets import targets
from backend.tickets.errors import (
    AnswersNoTickets,
    TicketGone,
    TicketOver,
    TicketTaken,
    TooLate,
    TooLong,
    TooManyOpen,
    TooManyWords,
)
from backend.tickets.models import ticket_messages, tickets
from backend.tickets.telling import (
    HANDED_NOTICE,
    TOLD_NOTICE,
    locked,
    notify,
    show_staff,
    subject_of,
    tell_requester,
    tell_staff,
)
from backend.tickets.times import USUAL, WorkingHours
from backend.tickets.values import (
    MessageKind,
    NewFile,
    NewTicket,
    Queue,
    Satisfaction,
    Source,
    Ticket,
    TicketEvent,
    TicketFile,
    TicketMessage,
    TicketState,
)

From: TypeAlias = Source | None
"""The message of Telegram in which something is said, where it is one."""
MOST_TEXT = 2000
"""Characters of a message: with its heading it fits into one of Telegram's."""
REOPENED = timedelta(days=30)
"""For so long a closed ticket can be reopened."""
MOST_WORDS = 30
"""Messages that a person may send into tickets within an hour: a flood would bury everybody else's."""
MOST_OPEN = 10
"""Tickets that a person may have open at once."""


def open_ticket(
    connection: Connection, actor: Actor, wanted: NewTicket, at: datetime, hours: WorkingHours = USUAL
) -> Ticket:
    """Open a ticket; whoever answers tickets is told. Raises TooManyOpen."""
    actor.authorise(Permission.OPEN_TICKETS)
    theirs = and_(tickets.c.requester_id == actor.person_id, tickets.c.closed_at.is_(None))
    if (connection.scalar(select(func.count()).where(theirs)) or 0) >= MOST_OPEN:
        raise TooManyOpen(MOST_OPEN)
    integrator_id = actor.membership.integrator_id if actor.membership is not None else None
    ticket_id = _insert(connection, wanted, actor.person_id, integrator_id, at, hours)
    text, source, files = wanted.description, wanted.source, wanted.files
    message_id = _say(connection, ticket_id, actor, MessageKind.REQUEST, text, at, source, files)
    _record(connection, actor, AuditAction.TICKET_OPENED, ticket_id, at)
    tell_staff(connection, ticket_id, TicketEvent.OPENED, at, message_id)
    return get(connection, actor, ticket_id)


def begin(connection: Connection, actor: Actor, person_id: int, wanted: NewTicket, at: datetime) -> Ticket:
    """The operator writes to a member of an integrator first: a ticket of theirs, at which the operator
    works. Raises TicketGone where that is no member.
    """
    actor.authorise(Permission.ANSWER_TICKETS)
    integrator_id = identity.integrator_of(connection, person_id)
    if integrator_id is None:
        raise TicketGone
    state = TicketState.IN_PROGRESS.value
    ticket_id = _insert(
        connection, wanted, person_id, integrator_id, at, USUAL, state=state, operator_id=actor.person_id
    )
    text, source = wanted.description, wanted.source
    message_id = _say(connection, ticket_id, actor, MessageKind.ANSWER, text, at, source)
    _record(connection, actor, AuditAction.TICKET_OPENED, ticket_id, at)
    row = locked(connection, ticket_id)
    tell_requester(connection, row, message_id, at, begins=True)
    show_staff(connection, ticket_id, TicketEvent.ANSWERED, at, message_id)
    return get(connection, actor, ticket_id)


def _insert(
    connection: Connection,
    wanted: NewTicket,
    requester_id: int,
    integrator_id: int | None,
    at: datetime,
    hours: WorkingHours,
    **more: Any,
) -> int:
    values = {
        "state": TicketState.OPEN.value,
        "device_type": wanted.device_type.value,
        "category": wanted.category[:96],
        "pod": wanted.pod,
        "production_pod": wanted.production_pod,
        "sid": wanted.sid,
        "nid": wanted.nid,
        "requester_id": requester_id,
        "integrator_id": integrator_id,
        "opened_at": at,
        "answer_minutes": wanted.answer_minutes,
        "solve_minutes": wanted.solve_minutes,
        **targets.set_from(hours, wanted.answer_minutes, wanted.solve_minutes, at),
        **more,
    }
    return int(connection.execute(insert(tickets).values(values).returning(tickets.c.id)).scalar_one())


def add_word(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    source: Source | None = None,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """Who asked says something more. Raises TicketGone, TicketOver or TooManyWords."""
    row = own(connection, actor, ticket_id)
    if row.state == TicketState.CLOSED.value:
        raise TicketOver
    theirs = and_(
        ticket_messages.c.author_id == actor.person_id, ticket_messages.c.at > at - timedelta(hours=1)
    )
    request = ticket_messages.c.kind == MessageKind.REQUEST.value
    if (connection.scalar(select(func.count()).where(theirs, request)) or 0) >= MOST_WORDS:
        raise TooManyWords(MOST_WORDS)
    message_id = _say(connection, ticket_id, actor, MessageKind.REQUEST, text, at, source, files)
    tell_staff(connection, ticket_id, TicketEvent.SAID, at, message_id)
    return get(connection, actor, ticket_id)


def reopen(
    connection: Connection, actor: Actor, ticket_id: int, at: datetime, hours: WorkingHours = USUAL
) -> Ticket:
    """Who asked is not content: the ticket goes back to who had it, with its targets set anew. It was counted
    when it was opened, and may be reopened however many others are open. Raises TicketGone or TooLate.
    """
    row = own(connection, actor, ticket_id)
    if row.state == TicketState.CLOSED.value:
        if row.closed_at + REOPENED <= at:
            raise TooLate
        again = TicketState.OPEN if row.operator_id is None else TicketState.IN_PROGRESS
        anew = targets.set_from(hours, row.answer_minutes, row.solve_minutes, at)
        _set(connection, ticket_id, state=again.value, closed_at=None, satisfaction=None, **anew)
        _record(connection, actor, AuditAction.TICKET_REOPENED, ticket_id, at)
        tell_staff(connection, ticket_id, TicketEvent.REOPENED, at)
    return get(connection, actor, ticket_id)


def take(connection: Connection, actor: Actor, ticket_id: int, at: datetime) -> Ticket:
    """The operator works at it from now on, and who asked is told. Of two at once, one does. Raises
    TicketGone, TicketOver or TicketTaken.
    """
    row = _of_staff(connection, actor, ticket_id)
    if _taken(connection, actor, row, at):
        key = f"{ticket_id}-{at.isoformat()}"
        notify(connection, [row.requester_id], TOLD_NOTICE, ticket_id, key, at)
    return get(connection, actor, ticket_id)


def _taken(connection: Connection, actor: Actor, row: Any, at: datetime) -> bool:
    """Make the ticket the actor's. Returns False where it was already. Raises TicketTaken."""
    if row.operator_id == actor.person_id:
        return False
    _not_of_another(connection, actor, row)
    _assign(connection, actor, row, actor.person_id, at)
    return True


def _not_of_another(connection: Connection, actor: Actor, row: Any) -> None:
    """Raises TicketTaken where somebody else has the ticket, and has not left those who answer."""
    if row.operator_id not in (None, actor.person_id) and _answers(connection, row.operator_id):
        raise TicketTaken(identity.names_of(connection, [row.operator_id]).get(row.operator_id, ""))


def _answers(connection: Connection, person_id: int) -> bool:
    return person_id in identity.staff_with(connection, Permission.ANSWER_TICKETS)


def _assign(connection: Connection, actor: Actor, row: Any, operator_id: int, at: datetime) -> None:
    _set(connection, row.id, state=TicketState.IN_PROGRESS.value, operator_id=operator_id)
    _record(connection, actor, AuditAction.TICKET_TAKEN, row.id, at)
    show_staff(connection, row.id, TicketEvent.TAKEN, at)


def hand_over(connection: Connection, actor: Actor, ticket_id: int, person_id: int, at: datetime) -> Ticket:
    """Somebody else of the staff works at it from now on: they are told. Whoever answers tickets may do so.
    Raises TicketGone, TicketOver, or AnswersNoTickets where that person does not.
    """
    row = _of_staff(connection, actor, ticket_id)
    if not _answers(connection, person_id):
        raise AnswersNoTickets
    if row.operator_id != person_id:
        _assign(connection, actor, row, person_id, at)
        if person_id != actor.person_id:
            key = f"{ticket_id}-{at.isoformat()}"
            notify(connection, [person_id], HANDED_NOTICE, ticket_id, key, at, by=actor.person_id)
    return get(connection, actor, ticket_id)


def answer(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    source: Source | None = None,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """The operator answers who asked; a ticket that nobody had is theirs from now on. Raises as `take`."""
    row = _of_staff(connection, actor, ticket_id)
    _taken(connection, actor, row, at)
    message_id = _say(connection, ticket_id, actor, MessageKind.ANSWER, text, at, source, files)
    _set(connection, ticket_id, **targets.answered(row, at))
    _record(connection, actor, AuditAction.TICKET_ANSWERED, ticket_id, at)
    tell_requester(connection, row, message_id, at)
    show_staff(connection, ticket_id, TicketEvent.ANSWERED, at, message_id)
    return get(connection, actor, ticket_id)


def note(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    source: Source | None = None,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """A word for the staff alone. Raises TicketGone."""
    actor.authorise(Permission.ANSWER_TICKETS)
    if locked(connection, ticket_id) is None:
        raise TicketGone
    message_id = _say(connection, ticket_id, actor, MessageKind.NOTE, text, at, source, files)
    show_staff(connection, ticket_id, TicketEvent.NOTED, at, message_id)
    return get(connection, actor, ticket_id)


def close(
    connection: Connection,
    actor: Actor,
    ticket_id: int,
    text: str,
    at: datetime,
    source: Source | None = None,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """The operator closes it, and says how it was solved. Raises as `take`."""
    row = _of_staff(connection, actor, ticket_id)
    _taken(connection, actor, row, at)
    message_id = _say(connection, ticket_id, actor, MessageKind.ANSWER, text, at, source, files)
    _set(connection, ticket_id, state=TicketState.CLOSED.value, **targets.closed(row, at))
    _record(connection, actor, AuditAction.TICKET_CLOSED, ticket_id, at)
    tell_requester(connection, row, message_id, at, closing=True)
    show_staff(connection, ticket_id, TicketEvent.CLOSED, at, message_id)
    return get(connection, actor, ticket_id)


def give_back(connection: Connection, actor: Actor, ticket_id: int, at: datetime) -> Ticket:
    """The operator does not go on: anybody may take it. Raises TicketGone, TicketOver or TicketTaken."""
    row = _of_staff(connection, actor, ticket_id)
    _not_of_another(connection, actor, row)
    _set(connection, ticket_id, state=TicketState.OPEN.value, operator_id=None)
    show_staff(connection, ticket_id, TicketEvent.GIVEN_BACK, at)
    return get(connection, actor, ticket_id)


def get(connection: Connection, actor: Actor, ticket_id: int) -> Ticket:
    """A ticket: one's own, one of the own integrator, or any for who answers tickets. Raises TicketGone."""
    actor.authorise(Permission.SEE_TICKETS)
    row = connection.execute(select(tickets).where(tickets.c.id == ticket_id)).first()
    if row is None or not _may_see(connection, actor, row):
        raise TicketGone
    return _read(connection, [row], _is_staff(actor))[0]


def find(connection: Connection, actor: Actor, ticket_id: int) -> Ticket | None:
    """`get`, where the actor may see it; else None."""
    try:
        return get(connection, actor, ticket_id)
    except (NotPermitted, TicketGone):
        return None


def mine(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[Ticket]:
    """The tickets of the actor, and of their integrator where they are enabled, newest first."""
    actor.authorise(Permission.SEE_TICKETS)
    theirs = _asked_by(connection, actor)
    if actor.membership is not None and actor.membership.enabled:
        theirs = or_(theirs, tickets.c.integrator_id == actor.integrator_id)
    query = select(tickets).where(theirs)
    if before is not None:
        query = query.where(tickets.c.id < before)
    rows = connection.execute(query.order_by(tickets.c.id.desc()).limit(limit)).all()
    return _read(connection, rows, _is_staff(actor))


def queue(
    connection: Connection,
    actor: Actor,
    which: Queue,
    limit: int,
    after: int | None = None,
) -> list[Ticket]:
    """The tickets of a queue of the staff; `after` is the id that the page before ended with. Raises
    ValueError for LATE, which has another order.
    """
    actor.authorise(Permission.ANSWER_TICKETS)
    newest_first = which is Queue.CLOSED
    match which:
        case Queue.UNASSIGNED:
            of_it = is_unassigned(connection)
        case Queue.MINE:
            of_it = is_of(actor.person_id)
        case Queue.CLOSED:
            of_it = tickets.c.state == TicketState.CLOSED.value
        case Queue.LATE:
            raise ValueError("lateness.late reads this one")
    query = select(tickets).where(of_it)
    if after is not None:
        query = query.where(tickets.c.id < after if newest_first else tickets.c.id > after)
    ordered = query.order_by(tickets.c.id.desc() if newest_first else tickets.c.id)
    return _read(connection, connection.execute(ordered.limit(limit)).all(), staff=True)


def is_unassigned(connection: Connection) -> ColumnElement[bool]:
    """A condition: nobody has the ticket, or who has it does not answer tickets any more."""
    staff = identity.staff_with(connection, Permission.ANSWER_TICKETS)
    left = and_(tickets.c.state == TicketState.IN_PROGRESS.value, tickets.c.operator_id.not_in(staff))
    return or_(tickets.c.state == TicketState.OPEN.value, left)


def is_of(person_id: int) -> ColumnElement[bool]:
    """A condition: this person works at the ticket."""
    return and_(tickets.c.state == TicketState.IN_PROGRESS.value, tickets.c.operator_id == person_id)


def of_ids(connection: Connection, actor: Actor, ticket_ids: Sequence[int]) -> list[Ticket]:
    """Tickets for who answers them, in this order; those that are not there any more are left out."""
    actor.authorise(Permission.ANSWER_TICKETS)
    rows = connection.execute(select(tickets).where(tickets.c.id.in_(ticket_ids))).all()
    found = {ticket.id: ticket for ticket in _read(connection, rows, staff=True)}
    return [found[ticket_id] for ticket_id in ticket_ids if ticket_id in found]


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of the tickets that were closed longer ago than `kept`. Returns how many."""
    old = list(connection.scalars(select(tickets.c.id).where(tickets.c.closed_at < at - kept).limit(PORTION)))
    if old:
        for ticket_id in old:
            staff_group.forget(connection, subject_of(ticket_id))
        ticket_files.forget(connection, old)
        connection.execute(delete(ticket_messages).where(ticket_messages.c.ticket_id.in_(old)))
        connection.execute(delete(tickets).where(tickets.c.id.in_(old)))
    return len(old)


def own(connection: Connection, actor: Actor, ticket_id: int) -> Any:
    """The locked row of a ticket of the actor's own. Raises TicketGone."""
    actor.authorise(Permission.OPEN_TICKETS)
    row = locked(connection, ticket_id)
    if row is None or not _is_theirs(connection, actor, row):
        raise TicketGone
    return row


def _companies(connection: Connection, actor: Actor) -> list[int]:
    return [each.integrator_id for each in identity.memberships_of(connection, actor)]


def _is_theirs(connection: Connection, actor: Actor, row: Any) -> bool:
    """True if the actor has asked, and has not left the company that they asked for."""
    if row.requester_id != actor.person_id:
        return False
    return row.integrator_id is None or row.integrator_id in _companies(connection, actor)


def _asked_by(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """The condition for `_is_theirs`."""
    of_company = or_(
        tickets.c.integrator_id.is_(None), tickets.c.integrator_id.in_(_companies(connection, actor))
    )
    return and_(tickets.c.requester_id == actor.person_id, of_company)


def _of_staff(connection: Connection, actor: Actor, ticket_id: int) -> Any:
    """The locked row of a ticket that is not closed, for who answers tickets. Raises TicketGone or
    TicketOver.
    """
    actor.authorise(Permission.ANSWER_TICKETS)
    row = locked(connection, ticket_id)
    if row is None:
        raise TicketGone
    if row.state == TicketState.CLOSED.value:
        raise TicketOver
    return row


def _may_see(connection: Connection, actor: Actor, row: Any) -> bool:
    if actor.may(Permission.ANSWER_TICKETS) or _is_theirs(connection, actor, row):
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
    source: Source | None,
    files: Sequence[NewFile] = (),
) -> int:
    said = insert(ticket_messages).values(
        ticket_id=ticket_id,
        author_id=actor.person_id,
        kind=kind.value,
        text=fitting(text),
        at=at,
        source_chat_id=None if source is None else source.chat_id,
        source_message_id=None if source is None else source.message_id,
    )
    message_id = int(connection.execute(said.returning(ticket_messages.c.id)).scalar_one())
    ticket_files.attach(connection, ticket_id, message_id, actor.person_id, files)
    return message_id


def fitting(text: str) -> str:
    """The text, which is never cut. Raises TooLong."""
    if len(text) > MOST_TEXT:
        raise TooLong(MOST_TEXT)
    return text


def open_ones(connection: Connection) -> list[tuple[int, int, int]]:
    """The number of each ticket that is not closed, oldest first, with its first and its last message."""
    ids = (func.min(ticket_messages.c.id), func.max(ticket_messages.c.id))
    rows = connection.execute(
        select(ticket_messages.c.ticket_id, *ids)
        .join(tickets, tickets.c.id == ticket_messages.c.ticket_id)
        .where(tickets.c.state != TicketState.CLOSED.value)
        .group_by(ticket_messages.c.ticket_id)
        .order_by(ticket_messages.c.ticket_id)
    )
    return [(int(number), int(first), int(last)) for number, first, last in rows]


def who_answers(connection: Connection, actor: Actor) -> list[tuple[int, str]]:
    """Everybody who answers tickets, with their names."""
    actor.authorise(Permission.ANSWER_TICKETS)
    staff = identity.staff_with(connection, Permission.ANSWER_TICKETS)
    names = identity.names_of(connection, staff)
    return [(person_id, names.get(person_id, "")) for person_id in staff]


def for_staff(connection: Connection, ticket_id: int) -> Ticket | None:
    """A ticket with all that was said in it, as the staff group shows it; None where there is none."""
    row = connection.execute(select(tickets).where(tickets.c.id == ticket_id)).first()
    return None if row is None else _read(connection, [row], staff=True)[0]


def open_of(connection: Connection, actor: Actor) -> list[Ticket]:
    """The actor's own tickets that are not closed, newest first."""
    theirs = and_(_asked_by(connection, actor), tickets.c.closed_at.is_(None))
    rows = connection.execute(select(tickets).where(theirs).order_by(tickets.c.id.desc()).limit(MOST_OPEN))
    return _read(connection, rows.all(), staff=False)


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


def _is_staff(actor: Actor) -> bool:
    return actor.may(Permission.ANSWER_TICKETS)


def message_of(row: Any, names: dict[int, str], files: tuple[TicketFile, ...] = ()) -> TicketMessage:
    source = Source.of(row.source_chat_id, row.source_message_id)
    author = names.get(row.author_id, "")
    kind = MessageKind(row.kind)
    return TicketMessage(row.id, kind, author, row.text, row.at, files, source, row.edited, row.undelivered)


def _read(connection: Connection, rows: Sequence[Any], staff: bool) -> list[Ticket]:
    said = connection.execute(
        select(ticket_messages)
        .where(ticket_messages.c.ticket_id.in_([row.id for row in rows]))
        .order_by(ticket_messages.c.id)
    ).all()
    people = {row.requester_id for row in rows} | {row.operator_id for row in rows if row.operator_id}
    names = identity.names_of(connection, people | {message.author_id for message in said})
    companies = identity.integrators_by_id(connection, {row.integrator_id for row in rows} - {None})
    answering = identity.staff_with(connection, Permission.ANSWER_TICKETS) if staff else []
    files = ticket_files.of_messages(connection, [message.id for message in said])
    by_ticket: dict[int, list[TicketMessage]] = {}
    for message in said:
        if staff or message.kind != MessageKind.NOTE.value:
            word = message_of(message, names, files.get(message.id, ()))
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
            answer_due_at=row.answer_due_at,
            solve_due_at=row.solve_due_at,
            satisfaction=None if row.satisfaction is None else Satisfaction(row.satisfaction),
            operator_left=staff and row.operator_id is not None and row.operator_id not in answering,
        )
        for row in rows
    ]
