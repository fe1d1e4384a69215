"""Building the register's SQLite file. Plain sqlite3, because of the number of rows."""

from __future__ import annotations

import fcntl
import itertools
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from backend.supplies.csvline import Batch, Lines
from backend.supplies.models import by_exchange_point, orphans_in, supplies
from backend.supplies.pod import POINT_LENGTH
from backend.tabular.reasons import Bad, FileReason, FileRefused, Reason

AT_ONCE = 50  # supplies by one statement: a fifth less work, and within every SQLite's number of parameters

_DIALECT = sqlite.dialect()


def load_sqlite(
    path: Path,
    lines: Lines,
    batches: Iterable[Batch],
    report: Callable[[Bad], None],
    orphan: Callable[[str], None],
) -> int:
    """Build the register beside `path` and rename it into its place; returns how many supplies it holds.

    `orphan` is told each production POD whose exchange point is not there. Raises FileRefused when there is
    no supply.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # until it is in its place
            with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
                loaded = _fill(connection, lines, batches, report)
                for (pod,) in connection.execute(orphans_in(supplies.name)):
                    orphan(pod)
            if not loaded:
                raise FileRefused(FileReason.NO_LINE)
            _sync(beside)
            beside.replace(path)
            _sync(path.parent)
    except sqlite3.OperationalError as error:
        raise FileRefused(FileReason.NOT_STORED, error=str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    return loaded


def _sweep(path: Path) -> None:
    """Throw away what loads that died have left beside `path`; one that is under way holds a lock on its
    file.
    """
    for left in path.parent.glob(f".{path.name}.*"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _fill(
    connection: sqlite3.Connection,
    lines: Lines,
    batches: Iterable[Batch],
    report: Callable[[Bad], None],
) -> int:
    # Until the rename nobody reads this file, and after a crash the next load throws it away.
    connection.execute("PRAGMA journal_mode=MEMORY")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(str(CreateTable(supplies).compile(dialect=_DIALECT)))
    one, many = _insert(lines.columns, 1), _insert(lines.columns, AT_ONCE)
    separator, width = lines.separator, len(lines.columns)
    loaded = 0
    for batch in batches:
        connection.execute("BEGIN")
        ordered = _by_pod(batch.text.splitlines(), lines)
        cells = separator.join(ordered).split(separator)
        groups = zip(*[iter(cells)] * (AT_ONCE * width), strict=False)
        added = connection.executemany(many, groups).rowcount if len(ordered) >= AT_ONCE else 0
        rest = ordered[len(ordered) - len(ordered) % AT_ONCE :]
        added += connection.executemany(one, [line.split(separator) for line in rest]).rowcount if rest else 0
        if added < len(ordered):
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")
            added = 0
            for number, line in zip(batch.numbers, batch.text.splitlines(), strict=True):
                is_new = connection.execute(one, line.split(separator)).rowcount
                added += is_new
                if not is_new:
                    report(Bad(number, "pod", Reason.DUPLICATE))
        connection.execute("COMMIT")
        loaded += added
    connection.execute(str(CreateIndex(by_exchange_point).compile(dialect=_DIALECT)))
    return loaded


def _by_pod(texts: list[str], lines: Lines) -> list[str]:
    """Lines in the order in which the B-tree is written fastest, which most files have."""
    position, separator = lines.columns.index("pod"), lines.separator
    return sorted(
        texts, key=(lambda line: line.split(separator, position + 1)[position]) if position else None
    )


def _insert(columns: Sequence[str], rows: int) -> str:
    """A statement for so many lines; one whose point is there already is passed over. The columns' types make
    numbers of texts.
    """
    fields = [{"exchange_pod": "exchange_point"}.get(column, column) for column in columns]
    number = itertools.count(1)
    values = ", ".join(f"({', '.join(_values(columns, number))})" for _ in range(rows))
    return f"INSERT OR IGNORE INTO {supplies.name} (point, {', '.join(fields)}) VALUES {values}"  # noqa: S608 - names of our own


def _values(columns: Sequence[str], number: Iterator[int]) -> list[str]:
    """The placeholders of one line in a statement: its point, and a parameter for each column."""
    at = {column: f"?{next(number)}" for column in columns}
    exchange = at["exchange_pod"]
    point = f"substr({at['pod']}, 1, {POINT_LENGTH})"
    at["exchange_pod"] = f"CASE {exchange} WHEN '' THEN NULL ELSE substr({exchange}, 1, {POINT_LENGTH}) END"
    return [point, *at.values()]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
