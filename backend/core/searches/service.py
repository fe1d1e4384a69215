"""Searches: stored once and never changed, so that an old button finds what it always found.

What a search finds is another matter: each service decides that anew, by who asks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, insert, select

from backend.core.db.statements import PORTION
from backend.core.json_values import from_json, to_json
from backend.core.searches.models import searches

KEPT_FOR = timedelta(days=30)

C = TypeVar("C")


def store(connection: Connection, person_id: int, kind: str, criteria: Any, at: datetime) -> int:
    """Keep what a person searches for (a dataclass). Returns its number."""
    row = insert(searches).values(kind=kind, person_id=person_id, criteria=to_json(criteria), created_at=at)
    return int(connection.execute(row.returning(searches.c.id)).scalar_one())


def find(connection: Connection, person_id: int, kind: str, search_id: int, shape: type[C]) -> C | None:
    """What this search of this person is for; None where there is none of this kind, it is another's, or
    another version has written what this one cannot read.
    """
    found = connection.scalar(
        select(searches.c.criteria).where(
            searches.c.id == search_id, searches.c.person_id == person_id, searches.c.kind == kind
        )
    )
    try:
        return None if found is None else from_json(shape, found)
    except ValueError:
        return None


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of the searches that are older than a month. Returns how many."""
    old = select(searches.c.id).where(searches.c.created_at < at - KEPT_FOR).limit(PORTION)
    return connection.execute(delete(searches).where(searches.c.id.in_(old.scalar_subquery()))).rowcount
