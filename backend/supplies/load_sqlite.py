"""Building the register's SQLite file. Plain sqlite3, because of the number of rows."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from operator import itemgetter
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from backend.csvfile import Bad
from backend.supplies.csvline import Batch
from backend.supplies.errors import ImportFailed
from backend.supplies.models import by_exchange_point, supplies

DUPLICATE = "the point stands on an earlier line"

_DIALECT = sqlite.dialect()


def load_sqlite(
    path: Path, fields: Sequence[str], batches: Iterable[Batch], report: Callable[[Bad], None]
) -> int:
    """Build the register beside `path` and rename it into its place; returns how many supplies it holds.

    Raises ImportFailed when there is none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            loaded = _fill(connection, fields, batches, report)
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
    fields: Sequence[str],
    batches: Iterable[Batch],
    report: Callable[[Bad], None],
) -> int:
    # Until the rename nobody reads this file, and after a crash it is thrown away.
    connection.execute("PRAGMA journal_mode=MEMORY")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(str(CreateTable(supplies).compile(dialect=_DIALECT)))
    values = ", ".join("nullif(?, '')" if name == "exchange_point" else "?" for name in fields)
    insert = f"INSERT OR IGNORE INTO {supplies.name} ({', '.join(fields)}) VALUES ({values})"  # noqa: S608 - names of our own
    point = itemgetter(fields.index("point"))
    loaded = 0
    for batch in batches:
        connection.execute("BEGIN")
        # Sorted, the B-tree is written in order. The columns' types make numbers of the texts.
        added = connection.executemany(insert, sorted(batch.supplies, key=point)).rowcount
        if added < len(batch.supplies):
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")
            added = 0
            for line, supply in zip(batch.lines, batch.supplies, strict=True):
                is_new = connection.execute(insert, supply).rowcount
                added += is_new
                if not is_new:
                    report(Bad(line, "pod", DUPLICATE))
        connection.execute("COMMIT")
        loaded += added
    connection.execute(str(CreateIndex(by_exchange_point).compile(dialect=_DIALECT)))
    return loaded


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
