"""Large files of what a query finds, written by a child process into a folder: this is the child's side.

The database builds the lines: SQLite as an expression, PostgreSQL by COPY. A file for people that would be
larger than allowed is zipped, and divided where that is not enough.
"""

from __future__ import annotations

import asyncio
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import asyncpg
from sqlalchemy import Connection, Select, make_url
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from backend.core.db.database import Database, async_url
from backend.tabular.cells import SEPARATOR, CellKind, Column, csv_cells, csv_line, quoted, sheet_cells
from backend.tabular.reports import TIME_LETTERS, Format, set_widths

SHEET_LINES = 400_000
"""The most lines of a workbook: 60 bytes of each cannot be pressed together, and a sheet holds a million."""
TELL_SECONDS = 0.25
_ROWS = 5_000
_PIECE = 1 << 20
_SLACK = 256 * 1024
"""Bytes that may still be on their way into a zip, or end it."""
LEAST_PART = 2 * _SLACK
"""The fewest bytes that a part may have."""
_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]
_BOM = b"\xef\xbb\xbf"

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Extract:
    """What is to be written: the rows of `source` (whose own columns do not matter) under these columns.
    `name` is that of the files, `part_bytes` the most that one may have. `sheet` is the name of a workbook's,
    and `numbers` makes numbers of the text in its columns of these titles.
    """

    url: str
    source: Select[Any]
    columns: Sequence[Column]
    name: str
    part_bytes: int
    sheet_lines: int = SHEET_LINES
    sheet: str = "Report"
    numbers: Mapping[str, Callable[[str], float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The names of the files in the folder, in order, and how many lines they have together."""

    files: tuple[str, ...]
    lines: int


def write(extract: Extract, kind: Format, folder: Path, tell: Tell) -> Written:
    """Write the files. `tell` hears the number of lines so far, now and then, and at the end."""
    now_and_then = _now_and_then(tell)
    if kind is Format.WORKBOOK:
        written = asyncio.run(_write_sheets(extract, folder, now_and_then))
        tell(written.lines)
        return written
    path = folder / f"{extract.name}.csv"
    with path.open("wb") as file:
        file.write(heading(extract.columns))
        lines = asyncio.run(write_lines(extract, file, now_and_then))
    tell(lines)
    return Written(tuple(packed(path, heading(extract.columns), extract.part_bytes)), lines)


def _now_and_then(tell: Tell) -> Tell:
    """The same, but not more often than somebody would look."""
    told_at = 0.0

    def say(lines: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= TELL_SECONDS:
            told_at = now
            tell(lines)

    return say


def heading(columns: Sequence[Column]) -> bytes:
    """The first line, with the mark that Excel knows UTF-8 by."""
    return _BOM + SEPARATOR.join(column.title for column in columns).encode() + b"\n"


async def write_lines(extract: Extract, file: BinaryIO, tell: Tell) -> int:
    """Write the lines as CSV, as the database builds them. Returns how many there are."""
    url = async_url(extract.url)
    if url.get_backend_name() == "sqlite":
        async with Database(url) as database:
            return await database.long_read(partial(_lines_of_sqlite, extract=extract, file=file, tell=tell))
    done = 0

    async def take(piece: bytes) -> None:
        nonlocal done
        file.write(piece)
        done += piece.count(b"\n")  # nearly: few cells hold any
        tell(done)

    connection = await _postgres(extract.url)
    try:
        statement, values = _plain(extract.source.with_only_columns(*csv_cells(extract.columns)))
        status = await connection.copy_from_query(
            statement,
            *values,
            output=take,
            format="csv",
            delimiter=SEPARATOR,
            force_quote=quoted(extract.columns),
        )
    finally:
        await connection.close()
    return int(status.split()[-1])


def _lines_of_sqlite(connection: Connection, extract: Extract, file: BinaryIO, tell: Tell) -> int:
    found = connection.execute(extract.source.with_only_columns(csv_line(extract.columns))).scalars()
    done = 0
    while lines := found.fetchmany(_ROWS):
        file.write("".join(lines).encode())
        done += len(lines)
        tell(done)
    return done


async def _postgres(url: str) -> asyncpg.Connection:
    """A connection of asyncpg's own: SQLAlchemy does not know COPY."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(plain)


def _plain(query: Select[Any]) -> tuple[str, list[Any]]:
    """A statement and its values, as asyncpg takes them."""
    compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    processors: Any = compiled._bind_processors  # noqa: SLF001 - what SQLAlchemy itself would apply
    return str(compiled), [
        processors[name](value) if name in processors else value
        for name in compiled.positiontup or ()
        for value in (compiled.params[name],)
    ]


# ── zipped, and divided ───────────────────────────────────────────────────────────────────────────────


def packed(path: Path, first_line: bytes, part_bytes: int) -> list[str]:
    """Zip a CSV file that is larger than `part_bytes`, into as many zips as that takes, each with a whole
    file that begins with this line; the original is gone then. Returns the names of the files that there are
    now. Raises ValueError for parts of less than `LEAST_PART`.
    """
    if path.stat().st_size <= part_bytes:
        return [path.name]
    if part_bytes < LEAST_PART:
        raise ValueError(f"{part_bytes} bytes are too few for a part")
    made = list[Path]()
    with path.open("rb") as file:
        file.seek(len(first_line))
        pieces = records(file, min(_PIECE, part_bytes // 8))
        following = next(pieces, None)
        while following is not None:
            name = f"{path.stem}-{len(made) + 1}"
            made.append(path.with_name(f"{name}.zip"))
            with (
                made[-1].open("wb") as target,
                zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
                archive.open(f"{name}.csv", "w") as part,
            ):
                part.write(first_line)
                while following is not None:
                    part.write(following)
                    following = next(pieces, None)
                    if target.tell() + len(following or b"") + _SLACK > part_bytes:
                        break
    path.unlink()
    if len(made) == 1:
        made = [made[0].rename(path.with_suffix(".zip"))]
    return [each.name for each in made]


def records(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The rest of a CSV file in pieces of whole records, of about `size` bytes: a line end within quotes ends
    no record.
    """
    held = b""
    while more := file.read(size):
        held += more
        end = held.rfind(b"\n")
        while end >= 0 and held.count(b'"', 0, end) % 2:
            end = held.rfind(b"\n", 0, end)
        if end >= 0:
            yield held[: end + 1]
            held = held[end + 1 :]
    if held:
        yield held


# ── workbooks ─────────────────────────────────────────────────────────────────────────────────────────


async def _write_sheets(extract: Extract, folder: Path, tell: Tell) -> Written:
    """Write workbooks of at most so many lines each."""
    books = _Books(extract, folder, tell)
    query = extract.source.with_only_columns(*sheet_cells(extract.columns))
    if async_url(extract.url).get_backend_name() == "sqlite":

        def read(connection: Connection) -> None:
            found = connection.execute(query)
            while rows := found.fetchmany(_ROWS):
                books.write(rows)

        async with Database(extract.url) as database:
            await database.long_read(read)
    else:
        connection = await _postgres(extract.url)
        try:
            statement, values = _plain(query)
            async with connection.transaction(readonly=True):
                cursor = await connection.cursor(statement, *values)
                while rows := await cursor.fetch(_ROWS):
                    books.write(rows)
        finally:
            await connection.close()
    return books.ended()


class _Books:
    """Workbooks of one sheet, of which one line at a time is in memory."""

    def __init__(self, extract: Extract, folder: Path, tell: Tell) -> None:
        self._extract, self._folder, self._tell = extract, folder, tell
        self._made = list[Path]()
        self._lines = self._of_part = 0
        self._begin()

    def _begin(self) -> None:
        from xlsxwriter import Workbook  # only who needs it pays for its import

        columns = self._extract.columns
        self._made.append(self._folder / f"{self._extract.name}-{len(self._made) + 1}.xlsx")
        options = {
            "constant_memory": True,
            "tmpdir": str(self._folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = Workbook(str(self._made[-1]), options)
        self._sheet = self._book.add_worksheet(self._extract.sheet)
        times = self._book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        bold = self._book.add_format({"bold": True})
        for number, column in enumerate(columns):
            self._sheet.write_string(0, number, column.title, bold)
        self._sheet.freeze_panes(1, 0)
        self._writers: list[Callable[[int, int, Any], Any]] = [
            partial(_with_format, self._sheet.write_number, times)
            if column.kind is CellKind.TIME
            else partial(_as_number, self._sheet.write_number, self._extract.numbers[column.title])
            if column.title in self._extract.numbers
            else self._sheet.write_string
            for column in columns
        ]
        self._longest = [len(column.title) for column in columns]
        self._of_part = 0

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add these lines; a sheet that is full gives way to another one."""
        for row in rows:
            if self._of_part == self._extract.sheet_lines:
                self._end()
                self._begin()
            self._of_part += 1
            for number, (put, value) in enumerate(zip(self._writers, row, strict=True)):
                if value is not None:
                    put(self._of_part, number, value)
                    letters = len(value) if isinstance(value, str) else TIME_LETTERS
                    self._longest[number] = max(self._longest[number], letters)
        self._lines += len(rows)
        self._tell(self._lines)

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, self._of_part, len(self._extract.columns) - 1)
        set_widths(self._sheet, self._longest)
        self._book.close()
        if (size := self._made[-1].stat().st_size) > self._extract.part_bytes:
            raise ValueError(f"a workbook of {self._of_part} lines has {size} bytes")

    def ended(self) -> Written:
        """Finish the last one."""
        self._end()
        if len(self._made) == 1:
            self._made = [self._made[0].rename(self._folder / f"{self._extract.name}.xlsx")]
        return Written(tuple(each.name for each in self._made), self._lines)


def _as_number(
    put: Callable[..., Any], read: Callable[[str], float], row: int, column: int, value: str
) -> None:
    put(row, column, read(value))


def _with_format(put: Callable[..., Any], form: Any, row: int, column: int, value: Any) -> None:
    put(row, column, value, form)
