"""Reading CSV files as people really make them, of any size, line by line.

The separator (`;`, `,` or a tab, or what Excel's first line `sep=` says), the encoding (UTF-8 with or without
BOM, UTF-16, CP1252) and gzip are detected; memory is bounded by the longest line allowed. A line that cannot
be read is reported and the rest goes on.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self, TextIO, TypeAlias

LINE_LIMIT = 16 * 1024
"""Longest line that is read, in characters."""

_PIECE = 1024 * 1024
_SEPARATORS = (";", ",", "\t")
_DIRECTIVE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_GZIP = b"\x1f\x8b"
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


class Reason(StrEnum):
    """Why a line is rejected. The value is the key of its text."""

    TOO_LONG = "too_long"
    """It is longer than `limit` characters."""
    NOT_CSV = "not_csv"
    """Its quotes do not match."""
    WIDTH = "width"
    """It has `found` columns instead of `expected`."""
    MANGLED = "mangled"
    """A spreadsheet has turned the value into a number."""
    NOT_A_POD = "not_a_pod"
    """The value is not a POD."""
    NOT_A_SID = "not_a_sid"
    """The value is not a SID."""
    NOT_A_NID = "not_a_nid"
    """The value is not 12 hexadecimal characters."""
    NOT_AN_ENELTEL = "not_an_eneltel"
    """The value is not 9 digits."""
    NOT_A_SERIAL = "not_a_serial"
    """The value is not 6 to 32 letters and digits."""
    NOT_WATTS = "not_watts"
    """The value is not a whole number of watts."""
    NOT_BOOLEAN = "not_boolean"
    """The value is neither true nor false."""
    NONE_OF = "none_of"
    """The value is none of `allowed`."""
    EXCHANGE_POD_UNWANTED = "exchange_pod_unwanted"
    """Only a production supply (M2) has an exchange POD."""
    EXCHANGE_POD_MISSING = "exchange_pod_missing"
    """A production supply (M2) needs its exchange POD."""
    DUPLICATE = "duplicate"
    """An earlier line has the same supply point."""
    CONTRADICTION = "contradiction"
    """Line `earlier` says something else of this SID."""
    OTHER_NID = "other_nid"
    """Another device has this NID."""
    INTEGRATOR_UNKNOWN = "integrator_unknown"
    """No System Integrator has this partita IVA."""


class BadLine(Exception):
    """A fault of a line: the column (empty for the whole line), the reason, and the values of its text."""

    def __init__(self, column: str, reason: Reason, **values: object) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class Bad:
    """A rejected line."""

    line: int
    column: str
    reason: Reason
    values: Mapping[str, object] = field(default_factory=dict)


class Words(Protocol):
    """Says a reason in words."""

    def __call__(self, reason: Reason, **values: object) -> str: ...


def bare_words(reason: Reason, **values: object) -> str:
    """The reason's key, for whoever has no texts."""
    return str(reason)


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

    Raises ImportFailed when the file is not text, has no heading, or lacks one of `columns` (others are
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
        encoding = encoding_of(self._path)
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
        directive = _DIRECTIVE.fullmatch(first.rstrip("\r\n"))
        if directive is not None:
            first, self._first = file.readline(LINE_LIMIT + 2), 3
        if len(first) > LINE_LIMIT or not first.strip():
            raise ImportFailed("the file has no heading")
        found = max(_SEPARATORS, key=first.count)
        self.separator = directive[1] if directive is not None and directive[1] in _SEPARATORS else found
        names = next(csv.reader([first.rstrip("\r\n")], delimiter=self.separator))
        self.heading = [name.strip().lower() for name in names]
        if missing := [name for name in self._columns if name not in self.heading]:
            raise ImportFailed(f"columns missing: {', '.join(missing)}")

    def __iter__(self) -> Iterator[CsvRow | Bad]:
        for piece in self.pieces():
            yield from self.rows(piece)

    def pieces(self) -> Iterator[Piece]:
        """The lines after the heading, in pieces of about a megabyte."""
        file, line = self._file, self._first
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
                yield Bad(line, "", Reason.TOO_LONG, {"limit": LINE_LIMIT})
            elif text.strip(f"{self.separator} \t"):  # spreadsheets leave lines of separators only
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
        except csv.Error:
            return Bad(line, "", Reason.NOT_CSV)
    else:
        cells = text.split(separator)  # without quotes it comes to the same, and costs less
    if len(cells) != width:
        return Bad(line, "", Reason.WIDTH, {"found": len(cells), "expected": width})
    return CsvRow(line, {name: cells[position].strip() for name, position in positions.items()})


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    """The content, without compression."""
    packed = raw.read(len(_GZIP)) == _GZIP
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[return-value]


def encoding_of(path: Path) -> str:
    """The encoding: UTF-16 with a BOM, UTF-8 (with or without BOM) if the whole file is, otherwise CP1252.

    Raises ImportFailed for what is no text, and for what cannot be decompressed.
    """
    with path.open("rb") as raw, _unpacked(raw) as file:
        try:
            return _encoding(file)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ImportFailed("the file is compressed and damaged") from error


def _encoding(file: IO[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    piece = file.read(_PIECE)
    if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
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
