"""Figures of associations, for `backend.statistics`, which asks for the permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from backend.associations.models import associations
from backend.core.db.counting import by_span, span_of


@dataclass(frozen=True, slots=True)
class AssociationFigures:
    """How many were created and deleted in each span, how many there are, and, of those that nobody has
    confirmed on site, how many were created in each span of ages.
    """

    created: tuple[int, ...]
    deleted: tuple[int, ...]
    live: int
    unconfirmed: tuple[int, ...]


_CREATED, _DELETED, _CONFIRMED, _UNCONFIRMED = range(4)


def figures(
    connection: Connection, integrator_id: int | None, edges: Sequence[datetime], ages: Sequence[datetime]
) -> AssociationFigures:
    """The figures of an integrator, or of all, in one statement. Spans lie between neighbouring edges; ages
    before, between and after theirs; the earliest first.
    """
    created, deleted = associations.c.created_at, associations.c.deleted_at
    own = true() if integrator_id is None else associations.c.integrator_id == integrator_id
    parts = [
        _count(_CREATED, span_of(created, edges), and_(own, _within(created, edges))),
        _count(_DELETED, span_of(deleted, edges), and_(own, _within(deleted, edges))),
        _count(_CONFIRMED, literal_column("0"), and_(own, _LIVE, associations.c.confirmed_at.is_not(None))),
        _count(_UNCONFIRMED, span_of(created, ages), and_(own, _LIVE, associations.c.confirmed_at.is_(None))),
    ]
    counted: dict[int, list[tuple[int, int]]] = {}
    for what, span, number in connection.execute(union_all(*parts)):
        counted.setdefault(what, []).append((int(span), int(number)))
    unconfirmed = by_span(counted.get(_UNCONFIRMED, ()), len(ages) + 1)
    return AssociationFigures(
        created=by_span(counted.get(_CREATED, ()), len(edges))[1:],
        deleted=by_span(counted.get(_DELETED, ()), len(edges))[1:],
        live=sum(number for _, number in counted.get(_CONFIRMED, ())) + sum(unconfirmed),
        unconfirmed=unconfirmed,
    )


_LIVE = associations.c.deleted_at.is_(None)


def _within(column: ColumnElement[Any], edges: Sequence[datetime]) -> ColumnElement[bool]:
    return and_(column >= edges[0], column < edges[-1])


def _count(what: int, span: ColumnElement[int], which: ColumnElement[bool]) -> Select[Any]:
    """How many rows lie in each span; a part of the statement."""
    # In a query of its own, for PostgreSQL takes each parameter for another one and would not know it again.
    rows = select(span.label("span")).where(which).subquery()
    return select(literal_column(str(what)), rows.c.span, func.count()).group_by(rows.c.span)
