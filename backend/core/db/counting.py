"""Counting rows by when something happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case


def span_of(column: ColumnElement[Any], edges: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the span that a row's time lies in, as a column of its query: 0 before the first edge, 1
    from there to before the second, and so on. The edges are in order, the earliest first.
    """
    return case(*((column < edge, number) for number, edge in enumerate(edges)), else_=len(edges))


def by_span(counted: Iterable[tuple[int, int]], spans: int) -> tuple[int, ...]:
    """Spans and how many rows lie in each, as the numbers of all spans: 0 where there is none."""
    found = dict(counted)
    return tuple(found.get(number, 0) for number in range(spans))
