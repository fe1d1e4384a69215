"""Inserts that may meet a row that is there already, written once for both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from backend.core.db.statements import Statement

UpsertInsert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_for(connection: Connection, table: Table) -> UpsertInsert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update` for the database at hand."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def upsert(table: Table, complete: Callable[[Any], Executable]) -> Statement:
    """An insert that says what to do with a row that is there already, as a statement built once."""
    return Statement(lambda insert: complete(insert(table)))
