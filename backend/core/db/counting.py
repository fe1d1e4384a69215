"""Counting rows by when something happened: one statement for as many spans as there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, true


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many of the rows hold this, as a column of their query."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def between(
    column: ColumnElement[Any], edges: Sequence[datetime | None], only: ColumnElement[bool] | None = None
) -> list[ColumnElement[int]]:
    """Of each span between two neighbouring edges, how many rows' times lie in it: from the first on, before
    the second. An edge that is None sets no limit. `only`: of rows that hold this.
    """
    made = []
    for begins, ends in pairwise(edges):
        conditions = [column.is_not(None), true() if only is None else only]
        if begins is not None:
            conditions.append(column >= begins)
        if ends is not None:
            conditions.append(column < ends)
        made.append(how_many(and_(*conditions)))
    return made
