"""Due checks: each is one function that looks at rows with a date, in a transaction of
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True)
class DueCheck:
    """`look(connection, at)` does what is due at that time, or a portion of it. Returns how many there were.

    What cannot wait for half a minute `wakes_on` a wake-up; then it is made again until nothing is left.
    """

    name: str
    look: Callable[[Connection, datetime], int]
    wakes_on: str | None = None
