"""The dialect of a CSV file: encoding, separator, line ends; and its records."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import IO

from backend.tabular.reasons import Reason

LINE_LIMIT = 16 * 1024
"""Longest record that is read, in characters."""

SEPARATORS = (";", ",", "\t", "|")
_DIRECTIVE = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)  # saved again, it has the separators of a row
_SHOWN = 1_000  # characters of a line that is rejected
_BEGINNING_LINES = 10
_BEGINNING_LOOKED_AT = 1_000  # lines, blank ones included
_PIECE = 1024 * 1024
_ZIP = b"PK\x03\x04"


class UnreadableText(Exception):
    """It is no text; the message is the value of a `FileReason`."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written. `encoding` is Python's name; `directive`: it begins with Excel's `sep=`."""

    separator: str = ";"
    encoding: str = "utf-8-sig"
    newline: str = "\r\n"
    directive: bool = False


def dialect_of(content: bytes) -> tuple[Dialect, str, int]:
    """The dialect, the text without Excel's first line, and the number of its first line.

    Raises UnreadableText.
    """
    encoding = encoding_of(BytesIO(content))
    text = content.decode(encoding, errors="replace")  # CP1252 leaves five bytes without a meaning
    if "\0" in text:
        raise UnreadableText("not_text")
    first, _, rest = text.partition("\n")
    newline = "\r\n" if first.endswith("\r") else "\n"
    if not rest and "\r" in text:
        newline = "\r"
    separator = directive(first.rstrip("\r"))
    if encoding == "utf-8" and content.isascii():
        # What is added to it may not be ASCII. Excel knows UTF-8 by its BOM, but not below `sep=`.
        encoding = "utf-8-sig" if separator is None else "cp1252"
    if separator is not None:
        return Dialect(_or_found(separator, _beginning(rest)), encoding, newline, directive=True), rest, 2
    return Dialect(separator_of(_beginning(text)), encoding, newline), text, 1


def directive(line: str) -> str | None:
    """The separator that Excel's first line `sep=` names, where this is one."""
    found = _DIRECTIVE.fullmatch(line)
    return found[1] if found is not None else None


def is_blank(line: str) -> bool:
    """True if a line has nothing but separators and spaces, as spreadsheets leave them."""
    return not line.strip("".join(SEPARATORS) + ' "\r\n')


def _beginning(text: str) -> str:
    """The first lines that are not blank: a title may stand above the heading."""
    lines = islice(StringIO(text), _BEGINNING_LOOKED_AT)
    return "".join(islice((line for line in lines if not is_blank(line)), _BEGINNING_LINES))


def _or_found(separator: str, heading: str) -> str:
    return separator if separator in SEPARATORS else separator_of(heading)


def separator_of(beginning: str) -> str:
    """The separator that stands in most of the first lines, and most often in them."""
    lines = beginning.splitlines()
    return max(SEPARATORS, key=lambda each: (sum(each in line for line in lines), beginning.count(each)))


def encoding_of(file: IO[bytes]) -> str:
    """The encoding: UTF-16 with a BOM, UTF-8 (with or without BOM) if the whole file is, otherwise CP1252.

    Raises UnreadableText for what is no text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    piece = file.read(_PIECE)
    if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if piece.startswith(_ZIP):
        raise UnreadableText("workbook")
    signed = piece.startswith(codecs.BOM_UTF8)
    text = True
    while piece:
        if b"\0" in piece:
            raise UnreadableText("not_text")
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


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is rejected, and its beginning as it is written."""

    reason: Reason
    text: str


def records(text: str, separator: str, first: int) -> Iterator[tuple[int, list[str] | Unread]]:
    """The records of a text, or why one is rejected, each with the number of its first line.

    A quoted cell may hold line ends. Where it is not closed within `LINE_LIMIT` characters, its first line is
    rejected, and the next line is a record of its own.
    """
    source = enumerate(StringIO(text, newline=""), start=first)
    back = deque[tuple[int, str]]()  # lines that were taken for one record, and are not
    while (found := back.popleft() if back else next(source, None)) is not None:
        number, ended = found
        line = ended.rstrip("\r\n")
        if len(line) > LINE_LIMIT:
            yield number, Unread(Reason.TOO_LONG, line[:_SHOWN])
        elif is_blank(line):
            continue
        elif '"' not in line:
            yield number, line.split(separator)  # without quotes it comes to the same, and costs less
        else:
            taken, size, quotes = [(number, ended)], len(ended), ended.count('"')
            while (
                quotes % 2
                and size <= LINE_LIMIT
                and (more := back.popleft() if back else next(source, None)) is not None
            ):
                taken.append(more)
                size, quotes = size + len(taken[-1][1]), quotes + taken[-1][1].count('"')
            cells = _cells([each for _, each in taken], separator)
            if cells is None:
                back.extendleft(reversed(taken[1:]))
            yield number, Unread(Reason.NOT_CSV, line[:_SHOWN]) if cells is None else cells


def _cells(lines: list[str], separator: str) -> list[str] | None:
    try:
        found = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
