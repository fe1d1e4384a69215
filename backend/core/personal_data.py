"""What a table keeps about a person. Each module of tables says it in its `KEPT`; `backend.product` gathers
it all for the export and the erasure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table


@dataclass(frozen=True)
class Data:
    """Under what a person is known: their row, their random id in the audit, their Telegram number, the lane
    of their private chat.
    """

    person_id: int
    subject: str
    telegram_user_id: int
    lane: str


@dataclass(frozen=True)
class Kept:
    """Rows about a person: those whose `column` is what `known_as` gives. Those that are not erased are
    evidence of what was done; the person in them is nobody any more.
    """

    column: Column[Any]
    known_as: Callable[[Data], object]
    erased: bool

    @property
    def table(self) -> Table:
        """The table of the column."""
        return self.column.table


def person_id(data: Data) -> int:
    """Known by the person's row."""
    return data.person_id


def telegram_user_id(data: Data) -> int:
    """Known by the number of the Telegram user, which is that of their private chat too."""
    return data.telegram_user_id


def lane(data: Data) -> str:
    """Known by the lane of the private chat."""
    return data.lane


def subject(data: Data) -> str:
    """Known by the random id in the audit."""
    return data.subject
