"""Building the register's SQLite file. Plain sqlite3, because of the number of rows."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import chain
from operator import itemgetter
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from backend.csvfile import Bad
from backend.supplies.csvline import Batch
from backend.supplies.errors import ImportFailed
from backend.supplies.models import by_exchange_point, supplies

AT_ONCE = 50  # supplies by one statement: a quarter less work, and within every SQLite's number of parameters
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
    one, many = _insert(fields, 1), _insert(fields, AT_ONCE)
    point = itemgetter(fields.index("point"))
    loaded = 0
    for batch in batches:
        connection.execute("BEGIN")
        # Sorted, the B-tree is written in order. The columns' types make numbers of the texts.
        ordered = sorted(batch.supplies, key=point)
        groups = zip(*[chain.from_iterable(ordered)] * (AT_ONCE * len(fields)), strict=False)
        added = connection.executemany(many, groups).rowcount if len(ordered) >= AT_ONCE else 0
        rest = ordered[len(ordered) - len(ordered) % AT_ONCE :]
        added += connection.executemany(one, rest).rowcount if rest else 0
        if added < len(batch.supplies):
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")
            added = 0
            for line, supply in zip(batch.lines, batch.supplies, strict=True):
                is_new = connection.execute(one, supply).rowcount
                added += is_new
                if not is_new:
                    report(Bad(line, "pod", DUPLICATE))
        connection.execute("COMMIT")
        loaded += added
    connection.execute(str(CreateIndex(by_exchange_point).compile(dialect=_DIALECT)))
    return loaded


def _insert(fields: Sequence[str], rows: int) -> str:
    """A statement for so many supplies; one whose point is there already is passed over."""
    row = ", ".join("nullif(?, '')" if name == "exchange_point" else "?" for name in fields)
    values = ", ".join([f"({row})"] * rows)
    return f"INSERT OR IGNORE INTO {supplies.name} ({', '.join(fields)}) VALUES {values}"  # noqa: S608 - names of our own


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
