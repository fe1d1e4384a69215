"""Figures: what was measured, beside which peer of the same run, and what it should be."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.product import settings_for

WIDTH = 140
RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Figure:
    """One figure. `ratio` is better the greater it is; `goal` says in words what `met` answers."""

    name: str
    value: float
    unit: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def beside(
    name: str, value: float, unit: str, peer: str, ratio: float, at_least: float | None = None
) -> Figure:
    """A figure beside a peer's; where there is a goal, it is this ratio."""
    if at_least is None:
        return Figure(name, value, unit, peer, ratio)
    return Figure(name, value, unit, peer, ratio, f"at least {at_least:g}x", ratio >= at_least)


def below(name: str, value: float, unit: str, limit: float) -> Figure:
    """A figure whose goal is an upper limit."""
    return Figure(name, value, unit, goal=f"below {limit:g} {unit}", met=value < limit)


CONDITIONS = {
    "Telegram's sending limits": "off",
    "log entries below warning": "off",
    "durable commits": "on (SQLite: WAL, synchronous=FULL; PostgreSQL: its defaults)",
    "acknowledged": "once on disk",
    "intake": "long polling, up to 100 updates a call, one call at a time",
    "lanes at once": str(settings_for(Path(), "").workers),
    "processes": "one; the Bot API is another",
    "peers that do the same work": "as durable, one transaction an update, answered after the commit",
}
"""The product's settings in the benchmark. The echo bots store nothing and have their own defaults."""


def publish(figures: Sequence[Figure]) -> None:
    """Print the table and write `benchmarks/results.json`; figures that were not measured stay there."""
    table = Table("What", "Value", "Unit", "Beside", "Ratio", "Goal", "Met")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}x"
        met = "" if figure.met is None else "yes" if figure.met else "no"
        table.add_row(figure.name, f"{figure.value:,.2f}", figure.unit, figure.peer, ratio, figure.goal, met)
    console = Console()
    console.width = max(console.width, WIDTH)  # a narrow table breaks its names into pieces
    console.print(table)
    for name, state in CONDITIONS.items():
        console.print(f"{name}: {state}")
    machine = {"processors": os.cpu_count(), "python": platform.python_version()}
    known = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    measured = {each.name for each in figures}
    kept = [each for each in known if each["name"] not in measured]
    rows = kept + [asdict(each) for each in figures]
    results = {"conditions": CONDITIONS, "machine": machine, "figures": rows}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
