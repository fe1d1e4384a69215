"""Seeing what reaches a database's driver, and letting it fail there: every statement passes this door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect


def at_the_door(dialect: Dialect, before: Callable[[str], None], after: Callable[[str], None]) -> None:
    """Call `before` with each statement that this dialect hands to its driver, and `after` once it ran."""
    many, one = dialect.do_executemany, dialect.do_execute

    def executemany(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        before(statement)
        many(cursor, statement, parameters, context)
        after(statement)

    def execute(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        before(statement)
        one(cursor, statement, parameters, context)
        after(statement)

    dialect.do_executemany = executemany  # type: ignore[method-assign]  # the last place before the driver
    dialect.do_execute = execute  # type: ignore[method-assign]


@contextmanager
def seen(dialect: Dialect) -> Iterator[list[str]]:
    """The statements that ran inside the block."""
    found: list[str] = []
    before = dialect.do_executemany, dialect.do_execute
    at_the_door(dialect, lambda statement: None, found.append)
    try:
        yield found
    finally:
        dialect.do_executemany, dialect.do_execute = before  # type: ignore[method-assign]


def plans_of(connection: Connection, statements: Iterable[str]) -> list[str]:
    """How SQLite goes about each of these statements: its query plans."""
    cursor = connection.connection.cursor()
    found = []
    for statement in statements:
        if statement.split(" ", 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?"))
            found.append("; ".join(str(row[-1]) for row in cursor.fetchall()))
    return found
