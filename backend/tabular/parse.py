"""Parsing a table that somebody sent: the work of a child process (`backend.tabular.table`).

It imports little, because every file starts a child.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

from backend.core.child_main import Refusal
from backend.tabular.dialect import Dialect, Unread, UnreadableText, dialect_of, records

MOST_CELLS = 100_000
"""Cells of a table, the empty ones between others included."""
MOST_LINES = 200_000
"""Lines of a table, the blank ones included."""
MOST_INFLATED = 64 * 1024 * 1024
"""Bytes of a workbook's parts, unpacked."""
MOST_PARTS = 2_000

_ZIP = b"PK"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"%PDF", b"GIF8", b"RIFF")
_PAGE = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")
_LONGEST_EXACT = 1e15
"""From here on a spreadsheet's number no longer holds every digit of a code."""


def parse(content: bytes, sheet: int | None) -> dict[str, Any]:
    """The lines of a table, as `backend.tabular.table.Table` has them. Raises Refusal (a FileReason)."""
    if content.startswith(_PICTURES):
        raise Refusal("not_text")
    if content.startswith((_ZIP, _COMPOUND)):
        return _workbook(content, sheet)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower().startswith(_PAGE):
        raise Refusal("page")
    return _csv(content)


def _csv(content: bytes) -> dict[str, Any]:
    try:
        dialect, text, first = dialect_of(content)
    except UnreadableText as error:
        raise Refusal(str(error)) from error
    if text.count(dialect.newline) > MOST_LINES:
        raise Refusal("too_large")
    lines: list[tuple[int, list[str]]] = []
    broken: list[list[Any]] = []
    cells = 0
    for number, found in records(text, dialect.separator, first):
        if isinstance(found, Unread):
            broken.append([number, found.reason.value, found.text])
            continue
        cells += len(found)
        if cells > MOST_CELLS or len(broken) > MOST_CELLS:
            raise Refusal("too_large")
        stripped = [cell.strip() for cell in found]
        if any(stripped):
            lines.append((number, stripped))
    return _table(dialect, (), None, lines, broken)


def _workbook(content: bytes, chosen: int | None) -> dict[str, Any]:
    _look_inside(content)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        sheets = {name: book.get_sheet_by_name(name) for name in names}
    except PasswordError as error:
        raise Refusal("password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("damaged") from error
    filled = {name: found for name, found in sheets.items() if found.total_height}
    if not filled:
        raise Refusal("empty")
    names = list(filled)
    if chosen is None and len(names) > 1:
        return _table(None, names, None, (), ())
    if chosen is not None and not 0 <= chosen < len(names):
        raise Refusal("no_sheet")
    name = names[chosen or 0]
    found = filled[name]
    if found.total_height * found.total_width > MOST_CELLS:
        raise Refusal("too_large")
    rows = found.to_python(skip_empty_area=False)
    lines = [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    return _table(None, names, name, [(number, row) for number, row in lines if any(row)], ())


def _table(
    dialect: Dialect | None,
    sheets: Iterable[str],
    sheet: str | None,
    lines: Iterable[tuple[int, list[str]]],
    broken: Iterable[list[Any]],
) -> dict[str, Any]:
    return {
        "dialect": None if dialect is None else dialect.__dict__,
        "sheets": list(sheets),
        "sheet": sheet,
        "lines": [[number, _to_last(cells)] for number, cells in lines],
        "broken": list(broken),
    }


def _to_last(cells: list[str]) -> list[str]:
    """The cells up to the last that is not empty."""
    length = len(cells)
    while length and not cells[length - 1]:
        length -= 1
    return cells[:length]


def _look_inside(content: bytes) -> None:
    """Refuse what a workbook's own reader should not have to meet."""
    if content.startswith(_COMPOUND):
        if _ENCRYPTED in content:
            raise Refusal("password")
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise Refusal("macros")
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refusal("damaged") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
        raise Refusal("too_large")
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal("password")
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Refusal("macros")
    if not names & {"[Content_Types].xml", "content.xml"}:
        raise Refusal("not_text")


def _text(cell: object) -> str:
    """A cell as somebody would have typed it. A number too long to be exact shows that it was mangled."""
    match cell:
        case bool():
            return "VERO" if cell else "FALSO"
        case float() if abs(cell) >= _LONGEST_EXACT:
            return f"{cell:.2E}".replace(".", ",")
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if (cell.hour, cell.minute, cell.second) != (0, 0, 0):
            return cell.strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
        case None:
            return ""
        case _:
            return str(cell).replace("\0", "").strip()
