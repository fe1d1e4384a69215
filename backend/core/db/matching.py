"""Finding words in columns, however they are capitalised."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func


def holds(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """True where the column's text holds these words, whatever stands in them (`%` is a sign like others).

    SQLite knows the capitals of ASCII only, and PostgreSQL those of its locale: the others that can matter
    here, those of the words themselves, are written small first.
    """
    small = words.lower()
    for letter in sorted(set(small)):
        capital = letter.upper()
        if not letter.isascii() and capital != letter and len(capital) == 1:
            column = func.replace(column, capital, letter)
    return func.lower(column).contains(small, autoescape=True)
