"""Building the register's SQLite file. Plain sqlite3, because of the number of rows."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from backend.csvfile import Bad
from backend.supplies.csvline import FIELDS, SupplyFields
from backend.supplies.errors import ImportFailed
from backend.supplies.models import by_exchange_point, supplies

DUPLICATE = "the point stands on an earlier line"

_DIALECT = sqlite.dialect()
_INSERT = (
    f"INSERT OR IGNORE INTO {supplies.name} ({', '.join(FIELDS)}) "  # noqa: S608 - names of our own
    f"VALUES ({', '.join('?' * len(FIELDS))})"
)


def load_sqlite(
    path: Path, batches: Iterable[list[tuple[int, SupplyFields]]], report: Callable[[Bad], None]
) -> int:
    """Build the register beside `path` and rename it into its place; returns how many supplies it holds.

    Raises ImportFailed when there is none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            loaded = _fill(connection, batches, report)
        if not loaded:
            raise ImportFailed("the file has no good line")
        _sync(beside)
        beside.replace(path)
        _sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return loaded


def _fill(
    connection: sqlite3.Connection,
    batches: Iterable[list[tuple[int, SupplyFields]]],
    report: Callable[[Bad], None],
) -> int:
    # Until the rename nobody reads this file, and after a crash it is thrown away: no journal is needed.
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(str(CreateTable(supplies).compile(dialect=_DIALECT)))
    loaded = 0
    for batch in batches:
        # Sorted, the B-tree is written in order.
        ordered = sorted(batch, key=lambda numbered: (str(numbered[1][0]), numbered[0]))
        connection.execute("BEGIN")
        for line, fields in ordered:
            added = connection.execute(_INSERT, fields).rowcount
            loaded += added
            if not added:
                report(Bad(line, "pod", DUPLICATE))
        connection.execute("COMMIT")
    connection.execute(str(CreateIndex(by_exchange_point).compile(dialect=_DIALECT)))
    return loaded


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
