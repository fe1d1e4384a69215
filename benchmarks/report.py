"""The report on associations as files, beside the databases' own tools with the same query, and look-ups
while they are made.

The job runs as in the product: a child process writes the file, this process stores it and answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from csv import writer
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from sqlalchemy import Connection, make_url
from sqlalchemy.dialects import postgresql, sqlite

from backend.associations import extract, report
from backend.associations import service as associations
from backend.associations.report import Criteria
from backend.core.child import run_in_child
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.keys.vault import Vault
from backend.core.searches import service as searches
from backend.identity import service as identity
from backend.identity.values import Actor
from backend.tabular.cells import csv_cells, quoted
from backend.tabular.reports import Format
from backend.tabular.spooling import LIMITS, spool
from benchmarks.databases import another_database
from benchmarks.figures import Figure, below, beside
from benchmarks.product import let_in

NUMBER = int(os.environ.get("ASSOCIATIONS", "1000000"))
USER = 1001
START = datetime(2024, 1, 1, tzinfo=UTC)
WANTED = Criteria(live=True)
KEY = b"c2l4dGVlbiBieXRlcyBhcmUgbm90IDMyIGJ5dGVzISE="
GOAL_RATIO = round(1 / 1.5, 2)
GOAL_GROWTH_MB = 40.0
GOAL_LOOK_UP_MS = 200.0
LOOK_UPS_PER_SECOND = 20


async def figures(name: str, folder: Path, url: str) -> list[Figure]:
    """Measure on one database, which is made for it."""
    folder = folder / "report"
    folder.mkdir()
    url = await another_database(url, "report") if url else f"sqlite:///{folder / 'report.db'}"
    await migrate(url)
    async with Database(url) as database:
        actor = await database.write(_people)
        await _fill(database, actor)
        found = []
        ours, peer, peer_name = await _lines(database, folder, actor)
        label = f"report as CSV, {NUMBER:,} associations, {name}"
        found.append(beside(label, NUMBER / ours, "lines/s", peer_name, peer / ours, GOAL_RATIO))
        for kind in Format:
            found += await _job(f"report as {kind.value.upper()}, whole job, {name}", database, actor, kind)
        return found


def _people(connection: Connection) -> Actor:
    let_in(connection, [USER])
    actor = identity.actor_of(connection, USER)
    if actor is None:
        raise RuntimeError("the member is not there")
    return actor


_DEVICES = """
    INSERT INTO devices (id, sid, nid, type, integrator_id)
    SELECT i, {sid}, {nid}, CASE WHEN i % 3 = 0 THEN 'SMART_INFO' ELSE 'MOME' END, {integrator} FROM {numbers}
"""
_ASSOCIATIONS = """
    INSERT INTO associations (integrator_id, point, pod, production_pod, device_id, device_type,
        configuration, eneltel, meter_serial, gesis, over_65_kw, created_at, created_by, confirmed_at)
    SELECT {integrator}, {pod}, {pod}, CASE WHEN i % 4 = 0 THEN {production} END, i,
        CASE WHEN i % 3 = 0 THEN 'SMART_INFO' ELSE 'MOME' END,
        CASE WHEN i % 4 = 0 THEN 'PROSUMER' ELSE 'STANDARD' END,
        '100000001', '20G2A000000001', false, false, {at}, {person}, CASE WHEN i % 2 = 0 THEN {at} END
    FROM {numbers}
"""
_OF_SQLITE = {
    "numbers": (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {NUMBER})"  # noqa: S608 - ours
        " SELECT i FROM n)"
    ),
    "sid": "printf('%017d', i * 7919777 % 100000000000000000)",
    "nid": "printf('%012X', i * 7919777 % 281474976710656)",
    "pod": "printf('IT001E%08d', i)",
    "production": "printf('ITP0A%09d', i)",
    "at": "strftime('%Y-%m-%d %H:%M:%f000', '2024-01-01', '+' || i || ' minutes')",
}
_OF_POSTGRES = {
    "numbers": f"(SELECT i::bigint AS i FROM generate_series(1, {NUMBER}) AS i) AS n",  # noqa: S608 - ours
    "sid": "lpad((i * 7919777 % 100000000000000000)::text, 17, '0')",
    "nid": "lpad(upper(to_hex(i * 7919777 % 281474976710656)), 12, '0')",
    "pod": "'IT001E' || lpad(i::text, 8, '0')",
    "production": "'ITP0A' || lpad(i::text, 9, '0')",
    "at": "timestamptz '2024-01-01 00:00+00' + i * interval '1 minute'",
}


async def _fill(database: Database, actor: Actor) -> None:
    """Devices and associations, made by the database itself."""
    ids = {"integrator": str(actor.integrator_id), "person": str(actor.person_id)}
    values = ids | (_OF_SQLITE if database.is_sqlite else _OF_POSTGRES)
    statements = [each.format(**values) for each in (_DEVICES, _ASSOCIATIONS)]
    if database.is_sqlite:

        def fill() -> None:
            connection = sqlite3.connect(str(database.url.database))
            with connection:
                for statement in statements:
                    connection.execute(statement)
            connection.close()

        await asyncio.to_thread(fill)
        return
    connection = await asyncpg.connect(_plain(_address(database)))
    try:
        for statement in (*statements, "ANALYZE"):
            await connection.execute(statement)
    finally:
        await connection.close()


# ── the lines themselves ──────────────────────────────────────────────────────────────────────────────


async def _lines(database: Database, folder: Path, actor: Actor) -> tuple[float, float, str]:
    """Seconds that the child takes for the file, and the database's own tool; the tool's name. Each is done
    twice, and the better one counts: the first reads the disk.
    """
    ours, peer, name = list[float](), list[float](), ""
    for _ in range(2):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            began = time.perf_counter()
            order = extract.order(_address(database), actor, WANTED, datetime.now(UTC), part_bytes=1 << 40)
            content = json.dumps(order).encode()
            await run_in_child(extract.WORK, content, LIMITS, folder=place, kind=Format.CSV.value)
            ours.append(time.perf_counter() - began)
        seconds, name = await (_sqlite if database.is_sqlite else _copy)(database, folder, actor)
        peer.append(seconds)
    return min(ours), min(peer), name


def _address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def _query(actor: Actor, dialect: Any) -> str:
    """The query of the report, with cells instead of lines."""
    source, columns = report.source(actor, WANTED, datetime.now(UTC))
    cells = source.with_only_columns(*csv_cells(columns))
    return str(cells.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


async def _sqlite(database: Database, folder: Path, actor: Actor) -> tuple[float, str]:
    path, target = str(database.url.database), folder / "peer.csv"
    query = _query(actor, sqlite.dialect())
    command = shutil.which("sqlite3")

    def by_command() -> None:
        with target.open("wb") as file:
            subprocess.run([str(command), "-csv", "-separator", ";", path, query], stdout=file, check=True)  # noqa: S603

    def by_python() -> None:
        with target.open("w", encoding="utf-8", newline="") as file:
            writer(file, delimiter=";").writerows(sqlite3.connect(path).execute(query))

    began = time.perf_counter()
    await asyncio.to_thread(by_command if command else by_python)
    return time.perf_counter() - began, "sqlite3 -csv" if command else "Python's sqlite3 and csv"


async def _copy(database: Database, folder: Path, actor: Actor) -> tuple[float, str]:
    columns = report.source(actor, WANTED, datetime.now(UTC))[1]
    query = _query(actor, postgresql.dialect())  # type: ignore[no-untyped-call]
    began = time.perf_counter()
    connection = await asyncpg.connect(_plain(_address(database)))
    try:
        await connection.copy_from_query(
            query.replace("%%", "%"),
            output=folder / "peer.csv",
            format="csv",
            delimiter=";",
            force_quote=quoted(columns),
        )
    finally:
        await connection.close()
    return time.perf_counter() - began, "COPY"


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


# ── the whole job ─────────────────────────────────────────────────────────────────────────────────────


async def _job(label: str, database: Database, actor: Actor, kind: Format) -> list[Figure]:
    """Make and store the files, while others look supplies up."""
    process, seconds = psutil.Process(), 0.0
    order = extract.order(_address(database), actor, WANTED, datetime.now(UTC))

    async def progress(lines: int) -> None:
        return

    before = process.memory_info().rss
    async with _looking(database, actor) as (taken, memory):
        began = time.perf_counter()
        made = await spool(database, Vault([KEY]), extract.WORK, order, kind, progress)
        seconds = time.perf_counter() - began
    if made.lines != NUMBER:
        raise RuntimeError(f"{made.lines} lines in place of {NUMBER}")
    p99 = statistics.quantiles(taken, n=100)[98]
    growth = (max(memory) - before) / 2**20
    return [
        Figure(label, seconds, "s"),
        below(f"{label}: growth of the process", growth, "MB", GOAL_GROWTH_MB),
        below(f"{label}: a look-up's read and write meanwhile, p99", p99, "ms", GOAL_LOOK_UP_MS),
    ]


@asynccontextmanager
async def _looking(database: Database, actor: Actor) -> AsyncIterator[tuple[list[float], list[int]]]:
    """Meanwhile, somebody reads by key and writes a row many times a second; how many milliseconds that
    takes, and the memory of this process.
    """
    taken, memory, process = list[float](), list[int](), psutil.Process()

    async def look() -> None:
        at = 0
        while True:
            at = (at + 7_919) % NUMBER
            point = f"IT001E{at + 1:08}"
            began = time.perf_counter()
            await database.short_read(partial(associations.standing_of, actor=actor, point=point))
            store: Callable[[Connection], int] = partial(
                searches.store, person_id=actor.person_id, kind="bench", criteria={}, at=START
            )
            writing: Awaitable[int] = database.write(store)
            await writing
            taken.append((time.perf_counter() - began) * 1000)
            memory.append(process.memory_info().rss)
            await asyncio.sleep(1 / LOOK_UPS_PER_SECOND)

    task = asyncio.create_task(look())
    try:
        yield taken, memory
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
