"""Loading the register from a CSV file of any size: built beside the one in use, and swapped when it is
whole.

Where a point stands on several lines the first good one counts and the others are bad lines. Loading the same
file again gives the same register; a load that fails or is interrupted leaves the one in use as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from backend.core.db.database import Database
from backend.supplies.csvline import COLUMNS, Batch, Lines
from backend.supplies.load_postgres import load_postgres
from backend.supplies.load_sqlite import load_sqlite
from backend.tabular.csvfile import (
    BadLines,
    CsvRows,
    ImportReport,
    Listing,
    Piece,
    Progress,
    bad_lines_of,
    beside,
)
from backend.tabular.reasons import Bad, BadLine, FileReason, FileRefused, Words, bare_words


async def import_register(
    csv_path: Path,
    *,
    database: Database,
    register_path: Path,
    progress: Progress | None = None,
    words: Words = bare_words,
) -> ImportReport:
    """Load `csv_path` (columns: see `backend.supplies.csvline`) and put it in the place of the register in
    use.

    On SQLite the register is the file `register_path`. `progress` is called from another thread after each
    batch of lines. Raises FileRefused when the file as a whole cannot be read or has no good line.
    """
    tell = progress or (lambda bytes_read, lines: None)
    try:
        with (
            BadLines(bad_lines_of(csv_path), words) as bad_lines,
            Listing(beside(csv_path, "without-exchange"), "pod") as orphans,
            CsvRows(csv_path, COLUMNS) as rows,
        ):
            lines = Lines(rows.heading, rows.separator)
            batches = _batches(rows, lines, bad_lines, tell)
            if database.is_sqlite:
                loaded = await asyncio.to_thread(
                    load_sqlite, register_path, lines, batches, bad_lines.add, orphans.write
                )
            else:
                loaded = await load_postgres(database, lines, batches, bad_lines.add, orphans.write)
            return ImportReport(loaded, bad_lines.count, bad_lines.path, orphans.count, orphans.path)
    except OSError as error:
        raise FileRefused(FileReason.UNREADABLE, error=str(error.strerror)) from error


def _batches(rows: CsvRows, lines: Lines, bad_lines: BadLines, progress: Progress) -> Iterator[Batch]:
    """Good lines with their numbers, in batches."""
    for piece in rows.pieces():
        plain = lines.plain(piece)
        if plain is not None:
            yield Batch(range(piece.line, piece.line + piece.lines), plain)
        elif one_by_one := _read(rows, piece, lines, bad_lines):
            numbers, mended = zip(*one_by_one, strict=True)
            yield Batch(numbers, "".join(mended))
        progress(rows.bytes_read, piece.line + piece.lines - 1)


def _read(rows: CsvRows, piece: Piece, lines: Lines, bad_lines: BadLines) -> list[tuple[int, str]]:
    good = []
    for row in rows.rows(piece):
        if isinstance(row, Bad):
            bad_lines.add(row)
            continue
        try:
            good.append((row.line, lines.one(row.cells)))
        except BadLine as bad:
            bad_lines.add(Bad(row.line, bad.column, bad.reason, bad.values))
    return good
