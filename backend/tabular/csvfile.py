"""Reading CSV files of any size, record by record.

The dialect (`backend.tabular.dialect`) and gzip are detected; memory is bounded by the longest record.
A record that cannot be read is reported and the rest goes on.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TextIO, TypeAlias

from backend.tabular.dialect import (
    LINE_LIMIT,
    SEPARATORS,
    Unread,
    UnreadableText,
    directive,
    encoding_of,
    is_blank,
    records,
    separator_of,
)
from backend.tabular.reasons import Bad, FileReason, FileRefused, Reason, Words, bare_words

_PIECE = 1024 * 1024
_GZIP = b"\x1f\x8b"
_MANGLED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+|[0-9][.,][0-9]+E[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A line's cells by column, stripped. `line` counts from 1, the heading included."""

    line: int
    cells: Mapping[str, str]


Progress: TypeAlias = Callable[[int, int], None]
"""Told the bytes read and the lines read so far, now and then."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import. `bad_lines` is the file that lists the rejected lines (None if there were
    none); `without_exchange` lists production PODs that were loaded although their exchange POD is not in the
    file.
    """

    loaded: int
    bad: int
    bad_lines: Path | None
    orphans: int = 0
    without_exchange: Path | None = None


@dataclass(frozen=True)
class Piece:
    """Some whole lines of a file, with their ends (LF, CRLF or CR). `line` is the number of the first."""

    line: int
    text: str

    @cached_property
    def lines(self) -> int:
        """Their number."""
        text = self.text
        returns = text.count("\r") - text.count("\r\n") if "\r" in text else 0
        return text.count("\n") + returns + (not text.endswith(("\n", "\r")))


class CsvRows:
    """The rows of a file: iterate for `CsvRow` and `Bad`. Use as a context manager.

    Raises FileRefused when the file is not text, has no heading, or lacks one of `columns` (others are
    ignored).
    """

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self._path = path
        self._columns = columns
        self._file: TextIO | None = None
        self._raw: IO[bytes] | None = None
        self._first = 2
        self.separator = ","
        self.heading: list[str] = []
        """The file's columns in their order, known once it is open."""

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the file so far, as it is on disk: compressed ones where it is."""
        return 0 if self._raw is None or self._raw.closed else self._raw.tell()

    def __enter__(self) -> Self:
        encoding = _encoding_of(self._path)
        self._raw = self._path.open("rb")
        try:
            # CP1252 leaves five bytes without a meaning.
            self._file = io.TextIOWrapper(_unpacked(self._raw), encoding, errors="replace", newline="")
            self._read_heading(self._file)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._file, self._raw):
            if file is not None:
                file.close()

    def _read_heading(self, file: TextIO) -> None:
        first = file.readline(LINE_LIMIT + 2)
        named = directive(first.rstrip("\r\n"))
        if named is not None:
            first, self._first = file.readline(LINE_LIMIT + 2), 3
        while first and is_blank(first):
            first, self._first = file.readline(LINE_LIMIT + 2), self._first + 1
        if len(first) > LINE_LIMIT or not first:
            raise FileRefused(FileReason.EMPTY)
        self.separator = named if named in SEPARATORS else separator_of(first)
        names = next(csv.reader([first.rstrip("\r\n")], delimiter=self.separator))
        self.heading = [name.strip().lower() for name in names]
        if missing := [name for name in self._columns if name not in self.heading]:
            raise FileRefused(FileReason.COLUMNS, columns=", ".join(missing))

    def __iter__(self) -> Iterator[CsvRow | Bad]:
        for piece in self.pieces():
            yield from self.rows(piece)

    def pieces(self) -> Iterator[Piece]:
        """The lines after the heading, in pieces of about a megabyte. No record spans two pieces."""
        file, line = self._file, self._first
        if file is None:
            raise RuntimeError("the file is not open")
        begun = ""
        while text := begun + file.read(_PIECE):
            begun = ""
            if not text.endswith("\n"):
                text += _to_its_end(file)
            if '"' in text:
                text += _to_closing_quote(file, text.count('"'))
            if text.endswith("\r") and (begun := file.read(1)) == "\n":
                text, begun = text + begun, ""
            piece = Piece(line, text)
            yield piece
            line += piece.lines

    def rows(self, piece: Piece) -> Iterator[CsvRow | Bad]:
        """The rows of one piece."""
        positions = {name: self.heading.index(name) for name in self._columns}
        width = len(self.heading)
        for line, found in records(piece.text, self.separator, piece.line):
            if isinstance(found, Unread):
                limit = {"limit": LINE_LIMIT} if found.reason is Reason.TOO_LONG else {}
                yield Bad(line, "", found.reason, limit)
            elif len(found) != width:
                yield Bad(line, "", Reason.WIDTH, {"found": len(found), "expected": width})
            else:
                yield CsvRow(line, {name: found[at].strip() for name, at in positions.items()})


def _to_its_end(file: TextIO) -> str:
    """The rest of a line that was begun; of one that is too long only so much that this shows."""
    rest = file.readline(LINE_LIMIT + 2)
    more = rest
    while more and not more.endswith(("\n", "\r")):
        more = file.readline(LINE_LIMIT + 2)
    return rest if more is rest else rest + more[-1:]


def _to_closing_quote(file: TextIO, quotes: int) -> str:
    """The lines up to the one that closes a quote; a stray quote takes at most `LINE_LIMIT` characters."""
    taken = ""
    while quotes % 2 and len(taken) <= LINE_LIMIT and (line := file.readline(LINE_LIMIT + 2)):
        taken += line
        quotes += line.count('"')
    return taken if taken.endswith(("\n", "\r")) or not taken else taken + _to_its_end(file)


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    """The content, without compression."""
    packed = raw.read(len(_GZIP)) == _GZIP
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[return-value]


def _encoding_of(path: Path) -> str:
    with path.open("rb") as raw, _unpacked(raw) as file:
        try:
            return encoding_of(file)
        except UnreadableText as error:
            raise FileRefused(FileReason(str(error))) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileRefused(FileReason.DAMAGED) from error


def is_mangled(text: str) -> bool:
    """True if a spreadsheet has turned a long identifier into a number such as `1,23E+16`."""
    return _MANGLED.fullmatch(text) is not None


class Listing:
    """A CSV file that lists something about an import.

    It is made when the first line comes, and a file of an earlier run is removed.
    """

    def __init__(self, path: Path, *columns: str) -> None:
        self._path = path
        self._columns = columns
        self._file: TextIO | None = None
        self.count = 0
        path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def write(self, *cells: object) -> None:
        """Add a line."""
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file, delimiter=";").writerow(self._columns)
        self.count += 1
        csv.writer(self._file, delimiter=";").writerow(cells)

    @property
    def path(self) -> Path | None:
        """The file, or None if nothing was listed."""
        return self._path if self.count else None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


class BadLines(Listing):
    """The file that lists the rejected lines: `line;column;reason`, without the lines themselves."""

    def __init__(self, path: Path, words: Words = bare_words) -> None:
        super().__init__(path, "line", "column", "reason")
        self._words = words

    def add(self, bad: Bad) -> None:
        """Add a rejected line."""
        self.write(bad.line, bad.column, self._words(bad.reason, **bad.values))


def bad_lines_of(path: Path) -> Path:
    """The path of the list of rejected lines: beside the file."""
    return beside(path, "bad-lines")


def beside(path: Path, what: str) -> Path:
    """A path beside a file, named after it."""
    return path.with_name(f"{path.name.removesuffix('.gz').removesuffix('.csv')}.{what}.csv")
