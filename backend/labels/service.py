"""Pictures in which a code was read, kept for a month so that a request for assistance may still begin with
them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from backend.core.searches import service as searches
from backend.identity.permissions import Permission
from backend.identity.values import Actor

PICTURE = "label"
"""The kind of these searches."""

S = TypeVar("S")


def keep(connection: Connection, actor: Actor, sent: Any, at: datetime) -> int:
    """Keep what the actor has sent (a dataclass). Returns its number. Raises NotPermitted."""
    actor.authorise(Permission.OPEN_TICKETS)
    return searches.store(connection, actor.person_id, PICTURE, sent, at)


def kept(connection: Connection, actor: Actor, number: int, shape: type[S]) -> S | None:
    """What the actor has sent; None where there is no such number of theirs. Raises NotPermitted."""
    actor.authorise(Permission.OPEN_TICKETS)
    return searches.find(connection, actor.person_id, PICTURE, number, shape)
