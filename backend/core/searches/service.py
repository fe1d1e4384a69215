"""Searches: stored once and never changed, so that an old button finds what it always found.

What a search finds is another matter: each service decides that anew, by who asks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from backend.core.db.statements import PORTION
from backend.core.searches.models import searches

KEPT_FOR = timedelta(days=30)


def store(connection: Connection, person_id: int, kind: str, criteria: dict[str, Any], at: datetime) -> int:
    """Keep what a person searches for (JSON). Returns its number."""
    row = insert(searches).values(kind=kind, person_id=person_id, criteria=criteria, created_at=at)
    return int(connection.execute(row.returning(searches.c.id)).scalar_one())


def find(connection: Connection, person_id: int, kind: str, search_id: int) -> dict[str, Any] | None:
    """What this search of this person is for; None where there is none of this kind, or it is another's."""
    found: dict[str, Any] | None = connection.scalar(
        select(searches.c.criteria).where(
            searches.c.id == search_id, searches.c.person_id == person_id, searches.c.kind == kind
        )
    )
    return found


def forget_old(connection: Connection, at: datetime) -> int:
    """Delete a portion of the searches that are older than a month. Returns how many."""
    old = select(searches.c.id).where(searches.c.created_at < at - KEPT_FOR).limit(PORTION)
    return connection.execute(delete(searches).where(searches.c.id.in_(old.scalar_subquery()))).rowcount
