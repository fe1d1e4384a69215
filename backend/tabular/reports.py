"""Reports as files of any length: CSV or workbooks, written portion by portion into blobs. No cell runs as a
formula.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backend.core.blobs import service as blobs
from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.tabular.dialect import Dialect
from backend.tabular.writing import written

PART_LINES = 50_000
"""The most lines of one file: a sheet holds 65 530 links, and Telegram takes 50 MB."""
_PIECE = 1 << 20
_BODY = Dialect(encoding="utf-8")
"""Below the heading, which begins with the mark that Excel knows UTF-8 by."""
WIDEST = 60
"""Characters that a column of a workbook shows; what is longer is there all the same."""
TIME_LETTERS = len("01/01/2026 08:00")
_SPARE = 4  # characters: letters differ, and the heading has the filter's arrow beside it
_LONGEST_CELL = 32_767  # characters, of a workbook


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to an address."""

    address: str


Cell = str | int | datetime | Link | None
"""Times are shown as those of Rome; None is an empty cell."""
Portions = AsyncIterator[Sequence[Sequence[Cell]]]


class Format(Enum):
    """What kind of file; the value is the end of its name."""

    CSV = "csv"
    WORKBOOK = "xlsx"


MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def store_report(
    database: Database,
    vault: Vault,
    heading: Sequence[str],
    portions: Portions,
    kind: Format,
    part_lines: int = PART_LINES,
    sheet: str = "Report",
) -> tuple[list[str], int]:
    """Store the lines, in as many files as they take (one where there are none), each with the heading;
    returns the digests and the number of lines. A portion is not divided, so it should have far fewer lines
    than a file. `sheet` is the name of a workbook's.
    """
    digests: list[str] = []
    total = 0
    following = await anext(portions, None)

    async def part() -> Portions:
        nonlocal following, total
        lines = 0
        while following is not None and (not lines or lines + len(following) <= part_lines):
            yield following
            lines, total = lines + len(following), total + len(following)
            following = await anext(portions, None)

    while following is not None or not digests:
        if kind is Format.CSV:
            digests.append(await _store_csv(database, vault, heading, part()))
        else:
            digests.append(await _store_workbook(database, vault, heading, part(), sheet))
    return digests, total


async def _store_csv(database: Database, vault: Vault, heading: Sequence[str], portions: Portions) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        yield written([heading], Dialect())
        async for portion in portions:
            yield written([[_text(cell) for cell in line] for line in portion], _BODY)

    return await blobs.store(database, pieces(), MEDIA_TYPES[Format.CSV], vault)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.astimezone(ROME).strftime("%d/%m/%Y %H:%M")
        case Link():
            return cell.address
        case _:
            return str(cell)


async def _store_workbook(
    database: Database, vault: Vault, heading: Sequence[str], portions: Portions, name: str
) -> str:
    with TemporaryDirectory(prefix="a486-report-") as folder:
        path = Path(folder) / "report.xlsx"
        sheet = await asyncio.to_thread(_Sheet, path, heading, name)
        try:
            async for portion in portions:
                await asyncio.to_thread(sheet.write, portion)
        finally:
            await asyncio.to_thread(sheet.close)

        async def pieces() -> AsyncIterator[bytes]:
            with path.open("rb") as file:
                while piece := await asyncio.to_thread(partial(file.read, _PIECE)):
                    yield piece

        return await blobs.store(database, pieces(), MEDIA_TYPES[Format.WORKBOOK], vault)


class _Sheet:
    """A workbook of one sheet, of which one line at a time is in memory."""

    def __init__(self, path: Path, heading: Sequence[str], name: str) -> None:
        from xlsxwriter import Workbook  # only who needs it pays for its import

        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._book = Workbook(str(path), options)
        self._sheet = self._book.add_worksheet(name)
        self._times = self._book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        self._longest, self._lines = [len(title) for title in heading], 0
        bold = self._book.add_format({"bold": True})
        for column, title in enumerate(heading):
            self._sheet.write_string(0, column, title, bold)
        self._sheet.freeze_panes(1, 0)

    def write(self, lines: Sequence[Sequence[Cell]]) -> None:
        """Add these lines."""
        for line in lines:
            self._lines += 1
            for column, cell in enumerate(line):
                self._write(column, cell)

    def _write(self, column: int, cell: Cell) -> None:
        at = (self._lines, column)
        self._longest[column] = max(self._longest[column], len(_text(cell)))
        match cell:
            case None:
                pass
            case datetime():
                self._sheet.write_datetime(*at, cell.astimezone(ROME).replace(tzinfo=None), self._times)
            case Link():
                self._sheet.write_url(*at, cell.address)
            case int():
                self._sheet.write_number(*at, cell)
            case str():
                self._sheet.write_string(*at, cell[:_LONGEST_CELL])

    def close(self) -> None:
        """Finish the file."""
        self._sheet.autofilter(0, 0, self._lines, len(self._longest) - 1)
        set_widths(self._sheet, self._longest)
        self._book.close()


def set_widths(sheet: Any, longest: Sequence[int]) -> None:
    """Make each column of a sheet as wide as what it holds: `longest` are the most characters of each."""
    for column, letters in enumerate(longest):
        sheet.set_column(column, column, min(letters, WIDEST) + _SPARE)
