"""The report on tickets: those that meet the criteria, among those that the actor may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.matching import holds
from backend.core.periods import Period, within
from backend.core.searches import service as searches
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor, Integrator
from backend.supplies.pod import POINT_LENGTH
from backend.tabular.reports import Cell, Link
from backend.tickets.models import ticket_messages, tickets
from backend.tickets.values import MessageKind, TicketState

SEARCH = "tickets"
"""The kind of these searches."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What tickets are searched for: all that are given must hold. Days are those of Rome; PODs are compared
    by the supply that they name.
    """

    number: int | None = None
    opened: Period | None = None
    closed: Period | None = None
    pod: str | None = None
    production_pod: str | None = None
    sid: str | None = None
    nid: str | None = None
    state: TicketState | None = None
    requester: str | None = None
    """A part of the name."""
    integrator_id: int | None = None
    any_pod: str | None = None
    """The supply's POD, or that of its production."""
    words: str | None = None
    """What somebody has said in it; in notes too for those who read them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket in the report. The requester's name is empty where they were erased."""

    id: int
    opened_at: datetime
    closed_at: datetime | None
    pod: str | None
    production_pod: str | None
    sid: str | None
    nid: str | None
    state: TicketState
    requester: str

    def days(self, now: datetime) -> int:
        """Whole days from its opening to its end, or until now."""
        return ((self.closed_at or now) - self.opened_at).days


COLUMNS = (
    "DETTAGLI",
    "#SEGNALAZIONE",
    "DATA APERTURA",
    "DATA CHIUSURA",
    "POD",
    "POD PRODUZIONE",
    "SID",
    "NID",
    "STATO",
    "RICHIEDENTE",
    "TIME",
)
"""The columns of the report as a file, named as the service names them in every language."""
STATES = {
    TicketState.OPEN: "Aperto",
    TicketState.IN_PROGRESS: "In Lavorazione",
    TicketState.CLOSED: "Chiuso",
}


def cells(line: Line, address: str, now: datetime) -> list[Cell]:
    """A line under the columns; `address` leads to the ticket."""
    return [
        Link(address),
        line.id,
        line.opened_at,
        line.closed_at,
        line.pod,
        line.production_pod,
        line.sid,
        line.nid,
        STATES[line.state],
        line.requester,
        line.days(now),
    ]


def keep(connection: Connection, actor: Actor, wanted: Criteria, at: datetime) -> int:
    """Keep a search of the actor. Returns its number. Raises NotPermitted."""
    actor.authorise(Permission.SEE_TICKETS)
    return searches.store(connection, actor.person_id, SEARCH, wanted, at)


def kept(connection: Connection, actor: Actor, search_id: int) -> Criteria | None:
    """A search of the actor; None where there is none that this version can read. Raises NotPermitted."""
    actor.authorise(Permission.SEE_TICKETS)
    return searches.find(connection, actor.person_id, SEARCH, search_id, Criteria)


def count(connection: Connection, actor: Actor, wanted: Criteria, before: int | None = None) -> int:
    """How many tickets a search finds, or how many of them are older than the ticket `before`. Raises
    NotPermitted.
    """
    actor.authorise(Permission.SEE_TICKETS)
    query = select(func.count()).select_from(tickets).where(_seen_by(actor), *_that_hold(actor, wanted))
    if before is not None:
        query = query.where(tickets.c.id < before)
    return int(connection.execute(query).scalar_one())


def newest(
    connection: Connection, actor: Actor, wanted: Criteria, limit: int, before: int | None = None
) -> list[Line]:
    """The newest tickets that a search finds, or those older than the ticket `before`, newest first. Raises
    NotPermitted.
    """
    actor.authorise(Permission.SEE_TICKETS)
    query = select(tickets).where(_seen_by(actor), *_that_hold(actor, wanted))
    if before is not None:
        query = query.where(tickets.c.id < before)
    rows = connection.execute(query.order_by(tickets.c.id.desc()).limit(limit)).all()
    return _lines(connection, rows)


def requesters(connection: Connection, actor: Actor, limit: int) -> list[str]:
    """The names of those who opened tickets that the actor may see, those who did so last first. Raises
    NotPermitted.
    """
    actor.authorise(Permission.SEE_TICKETS)
    last = func.max(tickets.c.id)
    query = select(tickets.c.requester_id).where(_seen_by(actor)).group_by(tickets.c.requester_id)
    ids = list(connection.scalars(query.order_by(last.desc()).limit(limit)))
    names = identity.names_of(connection, ids)
    return list(dict.fromkeys(name for each in ids if (name := names.get(each, ""))))


def integrators_like(connection: Connection, actor: Actor, text: str) -> list[Integrator]:
    """The integrators whose business name holds these words, or whose partita IVA begins so. Raises
    NotPermitted.
    """
    actor.authorise(Permission.ANSWER_TICKETS)
    return identity.integrators_like(connection, text)


def record_export(connection: Connection, actor: Actor, at: datetime, **detail: object) -> None:
    """Record that the actor was given tickets as a file. Raises NotPermitted."""
    actor.authorise(Permission.SEE_TICKETS)
    record(
        connection,
        at,
        AuditAction.TICKETS_EXPORTED,
        subject=actor.subject,
        integrator_id=actor.membership.integrator_id if actor.membership is not None else None,
        detail=detail,
    )


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """The tickets that the actor may see: the same as `service.get` shows."""
    if actor.may(Permission.ANSWER_TICKETS):
        return true()
    own: ColumnElement[bool] = tickets.c.requester_id == actor.person_id
    member = actor.membership
    if member is None or not member.enabled:
        return own
    return or_(own, tickets.c.integrator_id == member.integrator_id)


def _that_hold(actor: Actor, wanted: Criteria) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (tickets.c.id, wanted.number),
        (tickets.c.sid, wanted.sid),
        (tickets.c.nid, wanted.nid),
        (tickets.c.state, wanted.state.value if wanted.state is not None else None),
        (tickets.c.integrator_id, wanted.integrator_id),
    ):
        if value is not None:
            yield column == value
    if wanted.opened is not None:
        yield within(tickets.c.opened_at, wanted.opened)
    if wanted.closed is not None:
        yield within(tickets.c.closed_at, wanted.closed)
    if wanted.pod is not None:
        yield _same_point(tickets.c.pod, wanted.pod)
    if wanted.production_pod is not None:
        yield _same_point(tickets.c.production_pod, wanted.production_pod)
    if wanted.any_pod is not None:
        both = (tickets.c.pod, tickets.c.production_pod)
        yield or_(*(_same_point(each, wanted.any_pod) for each in both))
    if wanted.requester is not None:
        yield holds(identity.name_of(tickets.c.requester_id), wanted.requester)
    if wanted.words is not None:
        said = select(ticket_messages.c.id).where(
            ticket_messages.c.ticket_id == tickets.c.id, holds(ticket_messages.c.text, wanted.words)
        )
        if not actor.may(Permission.ANSWER_TICKETS):
            said = said.where(ticket_messages.c.kind != MessageKind.NOTE.value)
        yield said.exists()


def _same_point(column: ColumnElement[Any], pod: str) -> ColumnElement[bool]:
    return func.substr(column, 1, POINT_LENGTH) == pod[:POINT_LENGTH]


def _lines(connection: Connection, rows: Sequence[Any]) -> list[Line]:
    names = identity.names_of(connection, {row.requester_id for row in rows})
    return [
        Line(
            id=row.id,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            pod=row.pod,
            production_pod=row.production_pod,
            sid=row.sid,
            nid=row.nid,
            state=TicketState(row.state),
            requester=names.get(row.requester_id, ""),
        )
        for row in rows
    ]
