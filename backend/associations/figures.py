"""Figures of associations, for `backend.statistics`, which asks for the permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from backend.associations.models import associations
from backend.core.db.counting import between, how_many


@dataclass(frozen=True, slots=True)
class AssociationFigures:
    """How many were created and deleted in each span, how many there are, and, of those that nobody has
    confirmed on site, how many were created in each span of ages.
    """

    created: tuple[int, ...]
    deleted: tuple[int, ...]
    live: int
    unconfirmed: tuple[int, ...]


def figures(
    connection: Connection,
    integrator_id: int | None,
    spans: Sequence[datetime],
    ages: Sequence[datetime | None],
) -> AssociationFigures:
    """The figures of an integrator, or of all, in one statement. The edges of the spans and of the ages are
    in order, the earliest first.
    """
    live = associations.c.deleted_at.is_(None)
    unconfirmed = and_(live, associations.c.confirmed_at.is_(None))
    query = select(
        *between(associations.c.created_at, spans),
        *between(associations.c.deleted_at, spans),
        how_many(live),
        *between(associations.c.created_at, ages, unconfirmed),
    )
    if integrator_id is not None:
        query = query.where(associations.c.integrator_id == integrator_id)
    row = [int(number) for number in connection.execute(query).one()]
    weeks = len(spans) - 1
    return AssociationFigures(
        created=tuple(row[:weeks]),
        deleted=tuple(row[weeks : 2 * weeks]),
        live=row[2 * weeks],
        unconfirmed=tuple(row[2 * weeks + 1 :]),
    )
