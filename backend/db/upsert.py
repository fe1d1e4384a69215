"""Inserts that may meet a row that is there already, written once for both databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

UpsertInsert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_for(connection: Connection, table: Table) -> UpsertInsert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update` for the database at hand."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


class Upsert:
    """An upsert that is built once for each database: building a statement costs more than running it."""

    def __init__(self, table: Table, complete: Callable[[Any], Any]) -> None:
        self._table = table
        self._complete = complete

    def on(self, connection: Connection) -> UpsertInsert:
        """The statement for the database at hand."""
        return self._sqlite if connection.dialect.name == "sqlite" else self._postgresql

    @cached_property
    def _sqlite(self) -> UpsertInsert:
        made: UpsertInsert = self._complete(sqlite.insert(self._table))
        return made

    @cached_property
    def _postgresql(self) -> UpsertInsert:
        made: UpsertInsert = self._complete(postgresql.insert(self._table))
        return made
