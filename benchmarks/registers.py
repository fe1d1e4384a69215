"""The register: how long a look-up takes in it at several sizes, and loading it beside the databases' own
loaders.
"""

from __future__ import annotations

import asyncio
import csv
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.supplies.csvline import COLUMNS
from backend.supplies.importer import import_register
from backend.supplies.register import register_for
from benchmarks.figures import Figure, below, beside
from sandbox import showcase

SIZES = sorted({1_000, 1_000_000, int(os.environ.get("SUPPLIES", "1000000"))})
LOOK_UPS = 2_000
PLAIN = (1, 1, 1, "e-distribuzione", "", 3000, 3300, 0)  # the columns from low_voltage on
GOALS_MS = {"SQLite": 0.1, "PostgreSQL": 0.3}  # with 32 million supplies, and so with fewer
GOAL_RATIO = 0.9


def write(path: Path, number: int) -> None:
    """A register file of so many plain supplies."""
    with path.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for each in range(number):
            serial = f"{each:09}"
            rows.writerow((showcase.pod_number(each), serial, f"M{serial}", "M1", "2G", *PLAIN))


async def figures(name: str, folder: Path, url: str) -> list[Figure]:
    """Load registers of each size into one database, look supplies up in each, and load as others do."""
    database_url = url or f"sqlite:///{folder / 'bench.db'}"
    await migrate(database_url)
    found: list[Figure] = []
    register_file = folder / "bench-register.db"
    async with Database(database_url) as database:
        for size in SIZES:
            source = folder / f"supplies-{size}.csv"
            write(source, size)
            began = time.perf_counter()
            await import_register(source, database=database, register_path=register_file)
            seconds = time.perf_counter() - began
            found += await _look_ups(name, database, register_file, size)
        for peer, taken in (
            await asyncio.to_thread(_sqlite_import, source) if not url else await _copy(url, source)
        ):
            label = f"register import, {size:,} supplies, {name}"
            found.append(beside(label, size / seconds, "rows/s", peer, taken / seconds, GOAL_RATIO))
    return found


async def _look_ups(name: str, database: Database, path: Path, size: int) -> Iterator[Figure]:
    register = register_for(database, path)
    taken = []
    for turn in range(LOOK_UPS):
        point = showcase.pod_number(turn * 7919 % size)[:14]
        began = time.perf_counter()
        if await register.supply(point) is None:
            raise RuntimeError("a supply that was loaded is not found")
        taken.append((time.perf_counter() - began) * 1000)
    await register.close()
    quantiles = statistics.quantiles(taken, n=100)
    label = f"in the register, {size:,} supplies, {name}"
    return iter(
        (
            Figure(f"{label}: p50", quantiles[49], "ms"),
            below(f"{label}: p99", quantiles[98], "ms", GOALS_MS[name]),
        )
    )


def _sqlite_import(source: Path) -> list[tuple[str, float]]:
    """Seconds that the `sqlite3` command takes for the same file; nothing where there is no such command."""
    command = shutil.which("sqlite3")
    if command is None:
        return []
    target = source.with_suffix(".peer.db")
    columns = ", ".join("pod TEXT PRIMARY KEY" if name == "pod" else name for name in COLUMNS)
    script = f"CREATE TABLE supplies ({columns}) WITHOUT ROWID;\n.import --csv --skip 1 {source} supplies\n"
    began = time.perf_counter()
    subprocess.run([command, str(target)], input=script, text=True, check=True)  # noqa: S603 - found above
    return [("sqlite3 .import", time.perf_counter() - began)]


async def _copy(url: str, source: Path) -> list[tuple[str, float]]:
    """Seconds that COPY takes for the same file into a plain table with the same key."""
    connection = await asyncpg.connect(url)
    try:
        columns = ", ".join("pod text PRIMARY KEY" if name == "pod" else f"{name} text" for name in COLUMNS)
        await connection.execute(f"CREATE TABLE bench_peer ({columns})")
        began = time.perf_counter()
        await connection.copy_to_table("bench_peer", source=source, format="csv", header=True)
        return [("COPY", time.perf_counter() - began)]
    finally:
        await connection.execute("DROP TABLE bench_peer")
        await connection.close()
