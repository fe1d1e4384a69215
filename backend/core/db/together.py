"""Statements that wait for each other: on PostgreSQL each is a round trip, and several may share one.

What was asked for runs at the latest when an answer is wanted, when another statement would see or change
what it changes, when the work ends. So it is as if each had run where it was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import ConnectionPoolEntry

from backend.core.db import driver

_WAITING = "a486-waiting"


class Compiled(Protocol):
    """A statement in one database's SQL."""

    sql: str
    answers: bool
    """Whether it gives rows."""
    places: int
    """The number of its values."""
    touches: frozenset[str]
    writes: frozenset[str]
    """The tables that it reads or writes, and those that it writes: not what a foreign key has deleted."""
    minds: frozenset[str]
    """The tables of whose rows it wants to see what was done before."""

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """The rows as they are read."""


class Asked:
    """A statement that was asked for, and its answer."""

    def __init__(
        self,
        connection: Connection,
        compiled: Compiled,
        values: Sequence[Any],
        then: Callable[[Asked], None] | None = None,
    ) -> None:
        self.compiled, self.values = compiled, values
        self._connection = connection
        self._then = then
        self._context: Context | None = copy_context() if then is not None else None
        self._rows: list[Any] | None = None
        self._count = 0

    def all(self) -> list[Any]:
        """Its rows, with the columns as attributes."""
        if self._rows is None:
            settle(self._connection)
        if self._rows is None:
            raise RuntimeError("the transaction in which it was asked for is over")
        return self._rows

    def first(self) -> Any:
        """Its first row; None where there is none."""
        rows = self.all()
        return rows[0] if rows else None

    def scalar(self) -> Any:
        """The first column of its first row; None where there is none."""
        rows = self.all()
        return rows[0][0] if rows else None

    def count(self) -> int:
        """How many rows it met."""
        self.all()
        return self._count

    def answered(self, found: Sequence[Sequence[Any]], count: int) -> None:
        """It has run."""
        self._rows = self.compiled.rows(found) if self.compiled.answers else []
        self._count = count

    def go_on(self) -> None:
        """Do what is to be done with the answer, in the context of who asked."""
        if self._then is not None and self._context is not None:
            self._context.run(self._then, self)


@dataclass
class _Waiting:
    """What was asked for on a connection and has not run yet."""

    asked: list[Asked] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    def clear(self) -> None:
        self.asked, self.touched, self.written = [], set(), set()


def ask(connection: Connection, asked: Asked) -> None:
    """Run it with others, if they are worth waiting for."""
    waiting, compiled = _waiting(connection), asked.compiled
    if waiting is None:
        _run_alone(connection, asked)
        asked.go_on()
        return
    if not (
        compiled.minds.isdisjoint(waiting.written)
        and (compiled.writes & compiled.minds).isdisjoint(waiting.touched)
    ):
        settle(connection)
    waiting.asked.append(asked)
    waiting.touched |= compiled.touches
    waiting.written |= compiled.writes


def settle(connection: Connection) -> None:
    """Run what waits. Raises DBAPIError, and whatever is raised by who goes on with the answers."""
    waiting = _waiting(connection)
    while waiting is not None and waiting.asked:
        together = waiting.asked
        waiting.clear()
        if len(together) == 1:
            _run_alone(connection, together[0])
        else:
            _run_together(connection, together)
        for asked in together:
            asked.go_on()


def drop(connection: Connection) -> None:
    """What waits is not wanted any more: what it belonged to is undone."""
    waiting = None if connection.invalidated else _waiting(connection)
    if waiting is not None:
        waiting.clear()


def let_wait(engine: Engine) -> None:
    """Let statements wait for each other on the connections of this engine. What waits runs before whatever
    SQLAlchemy itself runs there.
    """

    def connected(_: object, record: ConnectionPoolEntry) -> None:
        record.info[_WAITING] = _Waiting()

    event.listen(engine, "connect", connected)
    event.listen(engine, "before_cursor_execute", lambda connection, *_: settle(connection))
    event.listen(engine, "savepoint", lambda connection, _: settle(connection))
    event.listen(engine, "release_savepoint", lambda connection, *_: settle(connection))
    event.listen(engine, "rollback_savepoint", lambda connection, *_: drop(connection))


def _waiting(connection: Connection) -> _Waiting | None:
    """What waits on it; None where each statement runs at once."""
    found: _Waiting | None = connection.info.get(_WAITING)
    return found


def _run_alone(connection: Connection, asked: Asked) -> None:
    cursor = driver.run(connection, asked.compiled.sql, asked.values)
    asked.answered(cursor.fetchall() if asked.compiled.answers else (), cursor.rowcount)


def _run_together(connection: Connection, together: Sequence[Asked]) -> None:
    values = [value for asked in together for value in asked.values]
    sql = _joined(tuple(asked.compiled for asked in together))
    (answers,) = driver.run(connection, sql, values).fetchall()
    for asked, rows in zip(together, answers, strict=True):
        asked.answered(rows, len(rows))


@lru_cache(512)
def _joined(statements: tuple[Compiled, ...]) -> str:
    """One statement that runs them all and gives a list of rows for each."""
    parts, answers, before = list[str](), list[str](), 0
    for number, statement in enumerate(statements):
        sql = statement.sql if statement.answers else f"{statement.sql} RETURNING 1"
        parts.append(f"s{number} AS ({_numbered_from(before, sql)})")
        answers.append(f"ARRAY(SELECT s{number} FROM s{number})")  # noqa: S608 - our own SQL
        before += statement.places
    return f"WITH {', '.join(parts)} SELECT {', '.join(answers)}"


def _numbered_from(before: int, sql: str) -> str:
    """The same SQL, with its values numbered behind so many others."""
    return re.sub(r"\$(\d+)", lambda place: f"${int(place[1]) + before}", sql)
