"""Cells of a file, built by the database: the SQL beside `backend.tabular.writing` and `reports`, whose rules
it follows. No cell runs as a formula.

SQLite builds whole lines of CSV; PostgreSQL has COPY for that and builds the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Float, String, case, func, literal, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from backend.core.clock import ROME
from backend.tabular.writing import RISKY

SEPARATOR = ";"
YEARS = range(2015, 2065)
"""In these SQLite knows the summer time of Rome."""
_PATTERN = "%d/%m/%Y %H:%M"
_PATTERN_POSTGRES = "DD/MM/YYYY HH24:MI"
_DAY_ZERO = 2415018.5  # the Julian day that workbooks count from


class CellKind(Enum):
    """What a column holds."""

    TEXT = "text"
    """Anything that somebody or some file has said."""
    WORD = "word"
    """One of a few words of the product's own, without signs."""
    TIME = "time"
    """A time; shown as that of Rome, to the minute."""


@dataclass(frozen=True)
class Column:
    """A column of a file: its title, what it holds, and the column of the query that gives it."""

    title: str
    kind: CellKind
    value: ColumnElement[Any]


class rome_text(GenericFunction[str]):  # noqa: N801 - reads like the SQL function that it is
    """A time of Rome in words: gg/mm/aaaa hh:mm."""

    type = String()
    inherit_cache = True


class rome_days(GenericFunction[float]):  # noqa: N801 - reads like the SQL function that it is
    """A time of Rome as workbooks count: days."""

    type = Float()
    inherit_cache = True


class safe_text(GenericFunction[str]):  # noqa: N801 - reads like the SQL function that it is
    """A text as a cell that no spreadsheet takes for a formula: `backend.tabular.writing.safe_cell`."""

    type = String()
    inherit_cache = True


def _of(element: Any, compiler: Any, **kw: Any) -> str:
    (of,) = element.clauses
    return str(compiler.process(of, **kw))


def _changes() -> list[tuple[str, int]]:
    """When the clocks of Rome are changed (UTC, as SQLite stores times), and how many hours they are ahead of
    UTC from then on.
    """
    found, hour = [], timedelta(hours=1)
    for year in YEARS:
        for month in (3, 10):
            at = datetime(year, month, 31, 1, tzinfo=UTC)
            while at.weekday() != 6:
                at -= timedelta(days=1)
            ahead = at.astimezone(ROME).utcoffset() or hour
            found.append((at.strftime("%Y-%m-%d %H:%M:%S"), ahead // hour))
    return found


def _hours_ahead(time: str, changes: Sequence[tuple[str, int]], before: int = 1) -> str:
    """The modifier that makes UTC the time of Rome: a search that halves what is left at each step."""
    if not changes:
        return f"'+{before} hours'"
    half = len(changes) // 2
    at, ahead = changes[half]
    later = _hours_ahead(time, changes[half + 1 :], ahead)
    return f"CASE WHEN {time} >= '{at}' THEN {later} ELSE {_hours_ahead(time, changes[:half], before)} END"


_CHANGES = _changes()


@compiles(rome_text, "sqlite")
def _rome_text_sqlite(element: rome_text, compiler: Any, **kw: Any) -> str:
    time = f"substr({_of(element, compiler, **kw)}, 1, 19)"  # of whole seconds: strftime rounds what is below
    return f"strftime('{_PATTERN}', {time}, {_hours_ahead(time, _CHANGES)})"


@compiles(rome_text, "postgresql")
def _rome_text_postgresql(element: rome_text, compiler: Any, **kw: Any) -> str:
    return f"to_char({_of(element, compiler, **kw)} AT TIME ZONE '{ROME.key}', '{_PATTERN_POSTGRES}')"


@compiles(rome_days, "sqlite")
def _rome_days_sqlite(element: rome_days, compiler: Any, **kw: Any) -> str:
    time = _of(element, compiler, **kw)
    return f"(julianday({time}, {_hours_ahead(time, _CHANGES)}) - {_DAY_ZERO})"


@compiles(rome_days, "postgresql")
def _rome_days_postgresql(element: rome_days, compiler: Any, **kw: Any) -> str:
    local = f"{_of(element, compiler, **kw)} AT TIME ZONE '{ROME.key}'"
    return f"CAST(extract(epoch FROM {local} - timestamp '1899-12-30') / 86400 AS double precision)"


@compiles(safe_text, "sqlite")
def _safe_text_sqlite(element: safe_text, compiler: Any, **kw: Any) -> str:
    text = _of(element, compiler, **kw)
    risky = ", ".join(f"char({ord(sign)})" for sign in RISKY)
    return f"CASE WHEN substr({text}, 1, 1) IN ({risky}) THEN '''' || {text} ELSE {text} END"


@compiles(safe_text, "postgresql")
def _safe_text_postgresql(element: safe_text, compiler: Any, **kw: Any) -> str:
    text = _of(element, compiler, **kw)
    risky = ", ".join(f"chr({ord(sign)})" for sign in RISKY)
    return f"CASE WHEN left({text}, 1) IN ({risky}) THEN '''' || {text} ELSE {text} END"


def csv_cells(columns: Sequence[Column]) -> list[ColumnElement[Any]]:
    """The cells for COPY, which puts those that are `quoted` in quotes: text, be it empty."""
    return [_cell(column).label(column.title) for column in columns]


def quoted(columns: Sequence[Column]) -> list[str]:
    """The titles of the columns whose cells stand in quotes, whatever they hold."""
    return [column.title for column in columns if column.kind is CellKind.TEXT]


def csv_line(columns: Sequence[Column]) -> ColumnElement[str]:
    """A line of CSV, for a database without COPY: the same signs as COPY writes. One call that writes
    the line as a whole costs SQLite a third of what joining its parts does; `%w` doubles the quotes within
    quotes.
    """
    form = SEPARATOR.join('"%w"' if column.kind is CellKind.TEXT else "%s" for column in columns)
    return func.printf(literal(f"{form}\n"), *map(_cell, columns), type_=String())


def sheet_cells(columns: Sequence[Column]) -> list[ColumnElement[Any]]:
    """The cells for a workbook, where text is text whatever it begins with, and times are numbers of days."""
    return [
        (rome_days(column.value) if column.kind is CellKind.TIME else column.value).label(column.title)
        for column in columns
    ]


def _cell(column: Column) -> ColumnElement[Any]:
    match column.kind:
        case CellKind.TEXT:
            return func.coalesce(safe_text(column.value), "")
        case CellKind.TIME:
            return rome_text(column.value)
        case CellKind.WORD:
            return column.value


def words(column: ColumnElement[Any], of: dict[str, str]) -> ColumnElement[str]:
    """A column's values in words of the product's own, which have no signs that CSV knows."""
    for word in of.values():
        if any(sign in word for sign in f'{SEPARATOR}"\r\n') or word.startswith(RISKY):
            raise ValueError(f"{word!r} needs quotes")
    return case(*((column == value, literal_column(f"'{word}'")) for value, word in of.items()))
