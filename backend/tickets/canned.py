"""Canned answers: what the staff has ready for what is asked often. Each raises NotPermitted for others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.tickets.errors import CannedGone, TooManyCanned
from backend.tickets.models import canned_answers

MOST = 20
"""All of them are buttons of one question."""
MOST_TITLE = 40
"""Characters: they stand on a button."""


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer. `language` is that of its text, where it was said."""

    id: int
    title: str
    text: str
    language: str | None


def answers(connection: Connection, actor: Actor) -> list[Canned]:
    """All of them, by title."""
    actor.authorise(Permission.ANSWER_TICKETS)
    query = select(canned_answers).order_by(func.lower(canned_answers.c.title), canned_answers.c.id)
    return [_read(row) for row in connection.execute(query)]


def answer(connection: Connection, actor: Actor, canned_id: int) -> Canned:
    """One of them. Raises CannedGone."""
    actor.authorise(Permission.ANSWER_TICKETS)
    row = connection.execute(select(canned_answers).where(canned_answers.c.id == canned_id)).first()
    if row is None:
        raise CannedGone
    return _read(row)


def add(connection: Connection, actor: Actor, title: str, text: str, language: str | None) -> Canned:
    """Keep another one. Raises TooManyCanned."""
    actor.authorise(Permission.ANSWER_TICKETS)
    if (connection.scalar(select(func.count()).select_from(canned_answers)) or 0) >= MOST:
        raise TooManyCanned(MOST)
    row = insert(canned_answers).values(title=title[:MOST_TITLE], text=text, language=language)
    return _read(connection.execute(row.returning(*canned_answers.c)).one())


def change(
    connection: Connection, actor: Actor, canned_id: int, title: str, text: str, language: str | None
) -> Canned:
    """Put this in place of what it said. Raises CannedGone."""
    actor.authorise(Permission.ANSWER_TICKETS)
    row = update(canned_answers).where(canned_answers.c.id == canned_id)
    values = {"title": title[:MOST_TITLE], "text": text, "language": language}
    if connection.execute(row.values(**values)).rowcount != 1:
        raise CannedGone
    return answer(connection, actor, canned_id)


def remove(connection: Connection, actor: Actor, canned_id: int) -> list[Canned]:
    """Delete one, where it is still there. Returns those that are left."""
    actor.authorise(Permission.ANSWER_TICKETS)
    connection.execute(delete(canned_answers).where(canned_answers.c.id == canned_id))
    return answers(connection, actor)


def _read(row: Any) -> Canned:
    return Canned(row.id, row.title, row.text, row.language)
