"""Writing small tables for people: CSV in a dialect, or a workbook. No cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from backend.tabular.dialect import SEPARATORS, Dialect

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a formula may begin with, for one of the programs that open such files."""


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


def written(lines: Iterable[Sequence[str]], dialect: Dialect | None) -> bytes:
    """The table as a file: a workbook where `dialect` is None."""
    return _workbook(lines) if dialect is None else _csv(lines, dialect)


def _csv(lines: Iterable[Sequence[str]], dialect: Dialect) -> bytes:
    text = io.StringIO()
    if dialect.directive:
        text.write(f"sep={dialect.separator}{dialect.newline}")
    rows = [[safe_cell(cell) for cell in line] for line in lines]
    others = [each for each in SEPARATORS if each != dialect.separator]  # where another program would split
    split = any(other in cell for row in rows for cell in row for other in others)
    writer = csv.writer(
        text,
        delimiter=dialect.separator,
        lineterminator=dialect.newline,
        quoting=csv.QUOTE_ALL if split else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return text.getvalue().encode(dialect.encoding, errors="replace")


def _workbook(lines: Iterable[Sequence[str]]) -> bytes:
    from xlsxwriter import Workbook  # only who needs it pays for its import

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell)
        sheet.autofit()
    return content.getvalue()
