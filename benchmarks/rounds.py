"""Measuring several in turns, so that whatever else the machine does meets them all alike."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

ROUNDS = int(os.environ.get("ROUNDS", "5"))

Key = TypeVar("Key", bound=Hashable)
Report = dict[str, float]


def in_turns(measured: Mapping[Key, Callable[[], Report]], rounds: int = ROUNDS) -> dict[Key, Report]:
    """Measure each once, then each once more, for so many rounds. Returns the median of every figure."""
    reports: dict[Key, list[Report]] = {key: [] for key in measured}
    for _ in range(rounds):
        for key, measure in measured.items():
            reports[key].append(measure())
    return {key: _medians(taken) for key, taken in reports.items()}


def _medians(reports: list[Report]) -> Report:
    return {name: statistics.median(report[name] for report in reports) for name in reports[0]}
