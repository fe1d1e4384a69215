"""Inserts that may meet a row that is there already, written once for both databases."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

UpsertInsert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_for(connection: Connection, table: Table) -> UpsertInsert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update` for the database at hand."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
