"""Handing SQL straight to the driver, past what SQLAlchemy does for each statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def run(connection: Connection, sql: str, values: Sequence[Any], *, many: bool = False) -> Any:
    """Run it with these values, or with `many` of them. Returns the cursor. Raises DBAPIError, as
    `Connection.execute` does.
    """
    dialect: Any = connection.dialect
    cursor = connection.connection.cursor()
    try:
        if many:
            dialect.do_executemany(cursor, sql, values)
        else:
            dialect.do_execute(cursor, sql, values)
    except dialect.loaded_dbapi.Error as error:
        gone = dialect.is_disconnect(error, connection.connection, cursor)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        ) from error
    return cursor
