"""Cells that the database builds: they say what Python's cells say, and no spreadsheet runs them."""

from __future__ import annotations

import asyncio
import csv
import io
import random
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Column as TableColumn
from sqlalchemy import Connection, DateTime, Integer, MetaData, String, Table, insert, select

from backend.core.clock import ROME
from backend.core.db.database import Database
from backend.tabular.cells import YEARS, CellKind, Column, words
from backend.tabular.dialect import Dialect
from backend.tabular.extracts import SHEET_LINES, Extract, write
from backend.tabular.reports import Format
from backend.tabular.writing import written

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a formula may begin with, for one of the programs that open such files."""

HOSTILE = (
    "=1+1",
    "+39 333",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("http://x";"y")',
    "=cmd|' /C calc'!A0",
    '"; =1+1',
    'quo"te""s',
    '"',
    '""',
    "a;b\n=1+1",
    "a\r\nb",
    "'=1+1",
    "",
    " =1",
    "%s%w%n",
    "\\.",
    "ordinario",
    "perché È così · 💡",
    "1E5",
    "0012",
    "12345678901234567",
)
TIMES = MetaData()
TABLE = Table(
    "bench_cells",
    TIMES,
    TableColumn("id", Integer, primary_key=True),
    TableColumn("text", String, nullable=True),
    TableColumn("word", String, nullable=False),
    TableColumn("at", DateTime(timezone=True), nullable=True),
)
COLUMNS = (
    Column("TESTO", CellKind.TEXT, TABLE.c.text),
    Column("PAROLA", CellKind.WORD, words(TABLE.c.word, {"a": "Alfa", "b": "Beta"})),
    Column("DATA", CellKind.TIME, TABLE.c.at),
)


def moments() -> list[datetime]:
    """Times around every change of the clocks, and others."""
    chance = random.Random(5)  # noqa: S311 - the same times each run
    found = []
    for year in YEARS:
        for month in (3, 10):
            day = datetime(year, month, 31, 1, tzinfo=UTC)
            while day.weekday() != 6:
                day -= timedelta(days=1)
            found += [day + timedelta(seconds=each) for each in (-1, -0.000001, 0, 0.000001, 3599, 3599.9997)]
        found.append(datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(365 * 1440)))
    return found


def fill(connection: Connection, rows: list[dict[str, object]]) -> None:
    TIMES.create_all(connection)
    if connection.dialect.name == "sqlite":
        rows = [row | {"at": row["at"].replace(tzinfo=None)} if row["at"] else row for row in rows]  # type: ignore[attr-defined]
    connection.execute(insert(TABLE), rows)


def extract(database: Database, part_bytes: int = 50_000_000, sheet_lines: int = SHEET_LINES) -> Extract:
    url = database.url.render_as_string(hide_password=False)
    query = select(TABLE.c.id).order_by(TABLE.c.id)
    return Extract(url, query, COLUMNS, "celle", part_bytes, sheet_lines, sheet="Celle")


def in_a_thread(database: Database, kind: Format, folder: Path, **others: int) -> list[Path]:
    made = write(extract(database, **others), kind, folder, lambda lines: None)
    return [folder / name for name in made.files]


@pytest.fixture
async def hostile(database: Database) -> Database:
    rows: list[dict[str, object]] = [{"text": text, "word": "a", "at": None} for text in HOSTILE]
    rows += [{"text": None, "word": "b", "at": at} for at in moments()]
    await database.write(partial(fill, rows=rows))
    return database


async def test_the_database_builds_the_cells_that_python_writes(hostile: Database, tmp_path: Path) -> None:
    (path,) = await asyncio.to_thread(in_a_thread, hostile, Format.CSV, tmp_path)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    by_database = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    head, *cells = by_database
    assert head == ["TESTO", "PAROLA", "DATA"]
    lines = [[text, "Alfa", ""] for text in HOSTILE]
    lines += [["", "Beta", at.astimezone(ROME).strftime("%d/%m/%Y %H:%M")] for at in moments()]
    by_python = written(lines, Dialect()).decode("utf-8-sig")
    assert cells == list(csv.reader(io.StringIO(by_python, newline=""), delimiter=";"))
    texts = [row[0] for row in cells[: len(HOSTILE)]]
    assert not any(text.startswith(RISKY) for text in texts)
    for text, said in zip(texts, HOSTILE, strict=True):
        assert text == (f"'{said}" if said.startswith(RISKY) else said)


async def test_both_databases_write_the_same_bytes(hostile: Database, tmp_path: Path) -> None:
    (path,) = await asyncio.to_thread(in_a_thread, hostile, Format.CSV, tmp_path)
    lines = path.read_bytes().split(b"\n")
    assert lines[1:4] == [b'"\'=1+1";Alfa;', b'"\'+39 333";Alfa;', b'"\'-2+3";Alfa;']
    assert b'"\'=HYPERLINK(""http://x"";""y"")";Alfa;' in lines
    assert lines[-2].startswith(b'"";Beta;')


async def test_a_workbook_holds_the_values_themselves_and_divides_after_so_many_lines(
    hostile: Database, tmp_path: Path
) -> None:
    paths = await asyncio.to_thread(in_a_thread, hostile, Format.WORKBOOK, tmp_path, sheet_lines=60)
    rows = list[Any]()
    for path in paths:
        book = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        head, *body = book.to_python()
        assert head == ["TESTO", "PAROLA", "DATA"]
        assert book.name == "Celle"
        assert len(body) <= 60
        rows += body
    assert len(paths) == -(-len(rows) // 60)
    assert [path.name for path in paths][:2] == ["celle-1.xlsx", "celle-2.xlsx"]
    assert [row[0] for row in rows[: len(HOSTILE)]] == list(HOSTILE)
    times = [row[2].replace(microsecond=0) for row in rows[len(HOSTILE) :]]
    wanted = [at.astimezone(ROME).replace(tzinfo=None) for at in moments()]
    assert all(abs(one - other) <= timedelta(seconds=1) for one, other in zip(times, wanted, strict=True))
