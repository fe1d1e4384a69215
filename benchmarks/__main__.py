"""Runs the benchmarks, prints one table and writes `benchmarks/results.json`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from benchmarks import bridges, bulk, chats, labels, lines, outbox, registers, report
from benchmarks.databases import places
from benchmarks.figures import Figure, publish

PARTS = ("chats", "registers", "outbox", "bulk", "bridges", "report", "labels")


def main(parts: Sequence[str]) -> None:
    """Measure these parts; the figures of others stay as they were."""
    figures: list[Figure] = []
    if "bridges" in parts:
        figures += asyncio.run(lines.figures())
    if "labels" in parts:
        figures += labels.figures()
    with tempfile.TemporaryDirectory(prefix="a486-bench-") as root, places(Path(root)) as databases:
        if "chats" in parts:
            figures += chats.figures(databases)
        for name, folder, url in map(astuple, databases):
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
