"""A view of the statements that reach a database's driver, and a way to let them fail there."""

from __future__ import annotations

import re
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
    """The query plans of these statements. On PostgreSQL those in which it
    scans a table only if no index serves, whatever the values are.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    cursor = connection.connection.cursor()
    if not is_sqlite:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    found = []
    for statement in statements:
        if statement.split(" ", 1)[0] not in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            continue
        if is_sqlite:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?"))
        else:
            number = len(set(re.findall(r"\$\d+", statement)))
            cursor.execute(f"PREPARE explained AS {statement}")
            values = f"({', '.join(['NULL'] * number)})" if number else ""
            cursor.execute(f"EXPLAIN EXECUTE explained{values}")
        found.append("; ".join(str(row[-1]) for row in cursor.fetchall()))
        if not is_sqlite:
            cursor.execute("DEALLOCATE explained")
    return found
