"""Reading CSV files as people really make them, of any size, line by line.

The separator (`;` or `,`) and the encoding (UTF-8 with or without BOM, CP1252) are found out; memory is
bounded by the longest line allowed. A line that cannot be read is reported and the rest goes on.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO, TypeAlias

LINE_LIMIT = 16 * 1024
"""Longest line that is read, in characters."""

_PIECE = 1024 * 1024
_MANGLED = re.compile(r"[0-9][.,][0-9]+E\+[0-9]+", re.IGNORECASE)


class ImportFailed(Exception):
    """A file as a whole cannot be loaded; what was there stays as it was. `reason` says why in words for the
    operator.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A line's cells by column, stripped. `line` counts from 1, the heading included."""

    line: int
    cells: Mapping[str, str]


class BadLine(Exception):
    """A fault of a line: the column (empty for the whole line) and the reason, both for the
    operator.
    """

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that was left out."""

    line: int
    column: str
    reason: str


Progress: TypeAlias = Callable[[int, int], None]
"""Told the bytes read and the lines read so far, now and then."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import. `bad_lines` is the file that lists the rejected lines (None if there were
    none).
    """

    loaded: int
    bad: int
    bad_lines: Path | None


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

    Raises ImportFailed when the file is not text, has no heading, or lacks one of `columns` (others are
    ignored).
    """

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self._path = path
        self._columns = columns
        self._file: TextIO | None = None
        self.separator = ","
        self.heading: list[str] = []
        """The file's columns in their order, known once it is open."""

    @property
    def bytes_read(self) -> int:
        """Bytes taken from the file so far."""
        return 0 if self._file is None or self._file.closed else self._file.buffer.tell()

    def __enter__(self) -> Self:
        # CP1252 leaves five bytes without a meaning.
        self._file = self._path.open(encoding=encoding_of(self._path), errors="replace", newline="")
        try:
            self._read_heading(self._file)
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _read_heading(self, file: TextIO) -> None:
        first = file.readline(LINE_LIMIT + 2)
        if len(first) > LINE_LIMIT or not first.strip():
            raise ImportFailed("the file has no heading")
        self.separator = ";" if first.count(";") >= first.count(",") else ","
        names = next(csv.reader([first.rstrip("\r\n")], delimiter=self.separator))
        self.heading = [name.strip().lower() for name in names]
        if missing := [name for name in self._columns if name not in self.heading]:
            raise ImportFailed(f"columns missing: {', '.join(missing)}")

    def __iter__(self) -> Iterator[CsvRow | Bad]:
        for piece in self.pieces():
            yield from self.rows(piece)

    def pieces(self) -> Iterator[Piece]:
        """The lines after the heading, in pieces of about a megabyte."""
        file, line = self._file, 2
        if file is None:
            raise RuntimeError("the file is not open")
        begun = ""
        while text := begun + file.read(_PIECE):
            begun = ""
            if not text.endswith("\n"):
                text += _to_its_end(file)
            if text.endswith("\r") and (begun := file.read(1)) == "\n":
                text, begun = text + begun, ""
            piece = Piece(line, text)
            yield piece
            line += piece.lines

    def rows(self, piece: Piece) -> Iterator[CsvRow | Bad]:
        """The rows of one piece. A row does not span lines here."""
        positions = {name: self.heading.index(name) for name in self._columns}
        for line, ended in enumerate(StringIO(piece.text, newline=""), start=piece.line):
            text = ended.rstrip("\r\n")
            if len(text) > LINE_LIMIT:
                yield Bad(line, "", f"longer than {LINE_LIMIT} characters")
            elif text.strip():
                yield _row(line, text, self.separator, positions, len(self.heading))


def _to_its_end(file: TextIO) -> str:
    """The rest of a line that was begun; of one that is too long only so much that this shows."""
    rest = file.readline(LINE_LIMIT + 2)
    more = rest
    while more and not more.endswith(("\n", "\r")):
        more = file.readline(LINE_LIMIT + 2)
    return rest if more is rest else rest + more[-1:]


def _row(line: int, text: str, separator: str, positions: Mapping[str, int], width: int) -> CsvRow | Bad:
    if '"' in text:
        try:
            cells = next(csv.reader([text], delimiter=separator, strict=True))
        except csv.Error as error:
            return Bad(line, "", f"not CSV: {error}")
    else:
        cells = text.split(separator)  # without quotes it comes to the same, and costs less
    if len(cells) != width:
        return Bad(line, "", f"{len(cells)} columns instead of {width}")
    return CsvRow(line, {name: cells[position].strip() for name, position in positions.items()})


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without BOM) where the whole file is, else CP1252. Raises ImportFailed for what is
    no text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        piece = file.read(_PIECE)
        if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise ImportFailed("the file is UTF-16: save it as CSV UTF-8")
        if piece.startswith(b"PK\x03\x04"):
            raise ImportFailed("the file is a workbook or an archive: save it as CSV")
        signed = piece.startswith(codecs.BOM_UTF8)
        text = True
        while piece:
            if b"\0" in piece:
                raise ImportFailed("the file is not text")
            if text and not (piece.isascii() and decoder.getstate()[0] == b""):
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    text = False
            piece = file.read(_PIECE)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        text = False
    if not text:
        return "cp1252"
    return "utf-8-sig" if signed else "utf-8"


def is_mangled(text: str) -> bool:
    """True if a spreadsheet has turned a long identifier into a number such as `1,23E+16`."""
    return _MANGLED.fullmatch(text) is not None


class BadLines(AbstractContextManager["BadLines"]):
    """The file that lists the lines left out: `line;column;reason`, without the lines themselves.

    It is made when the first one comes, and a file of an earlier run is removed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self.count = 0
        path.unlink(missing_ok=True)

    def add(self, bad: Bad) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            self._file.write("line;column;reason\r\n")
        self.count += 1
        csv.writer(self._file, delimiter=";").writerow((bad.line, bad.column, bad.reason))

    @property
    def path(self) -> Path | None:
        """The file, or None where no line was left out."""
        return self._path if self.count else None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def bad_lines_of(path: Path) -> Path:
    """The path of the list of rejected lines: beside the file."""
    return path.with_name(f"{path.stem}.bad-lines.csv")
