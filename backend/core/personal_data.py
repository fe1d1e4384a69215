"""Personal data by table. Each module of tables lists them in its `KEPT`; `backend.product` gathers
it all for the export and the erasure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table


@dataclass(frozen=True)
class Data:
    """Under what a person is known: their row, their random id in the audit, their Telegram number, the lane
    of their private chat, their e-mail address ("" for none).
    """

    person_id: int
    subject: str
    telegram_user_id: int
    lane: str
    email: str = ""


@dataclass(frozen=True)
class Kept:
    """Rows about a person: those whose `column`, or what it holds `within` (a key of its JSON), is what
    `known_as` gives. Those that are not erased are evidence of what was done; the person in them is nobody
    any more.

    `only` are the columns that are handed over, where the others are about somebody else. The values of
    those `shown` may stand in messages to other people.
    """

    column: Column[Any]
    known_as: Callable[[Data], object]
    erased: bool
    within: str = ""
    only: tuple[Column[Any], ...] = ()
    shown: tuple[Column[Any], ...] = ()

    @property
    def table(self) -> Table:
        """The table of the column."""
        return self.column.table

    @property
    def name(self) -> str:
        """The table and the column, for the export."""
        return ".".join(part for part in (self.table.name, self.column.name, self.within) if part)

    def about(self, data: Data) -> ColumnElement[bool]:
        """The rows about this person."""
        column = self.column[self.within].as_string() if self.within else self.column
        return column == self.known_as(data)


def person_id(data: Data) -> int:
    """Known by the person's row."""
    return data.person_id


def telegram_user_id(data: Data) -> int:
    """Known by the number of the Telegram user, which is that of their private chat too."""
    return data.telegram_user_id


def lane(data: Data) -> str:
    """Known by the lane of the private chat."""
    return data.lane


def email(data: Data) -> str:
    """Known by the verified e-mail address."""
    return data.email


def subject(data: Data) -> str:
    """Known by the random id in the audit."""
    return data.subject
