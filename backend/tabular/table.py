"""A small table that somebody sent, CSV or a workbook: read in a child process, because it is hostile."""

from __future__ import annotations

from dataclasses import dataclass

from backend.core.child import ChildEnd, ChildFailed, ChildLimits, ChildRefused, run_in_child
from backend.core.json_values import from_json
from backend.tabular.dialect import Dialect
from backend.tabular.reasons import FileReason, FileRefused, Reason

LIMITS = ChildLimits(seconds=10, memory_bytes=512 * 1024 * 1024, output_bytes=16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a table that are not empty, each with its number in the file.

    `dialect` is None for a workbook. A workbook with several `sheets` has no lines until one is chosen.
    """

    dialect: Dialect | None
    sheets: tuple[str, ...]
    sheet: str | None
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    broken: tuple[tuple[int, Reason, str], ...] = ()
    """Lines that cannot be read: number, reason, and the line as it is written."""


async def read_table(content: bytes, sheet: int | None = None) -> Table:
    """Read a table; `sheet` is the position of the sheet to read. Raises FileRefused."""
    try:
        read = await run_in_child("backend.tabular.parse:parse", content, LIMITS, sheet=sheet)
    except ChildRefused as refused:
        raise FileRefused(FileReason(refused.key), **refused.values) from refused
    except ChildFailed as failed:
        large = failed.end in (ChildEnd.MEMORY, ChildEnd.OUTPUT)
        raise FileRefused(FileReason.TOO_LARGE if large else FileReason.TOO_SLOW) from failed
    return from_json(Table, read)
