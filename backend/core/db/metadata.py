"""Shared by all tables: the metadata, the column types, the database's clock.

Each feature declares its tables in its own `models.py` on this metadata; `backend.product` gathers them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)
"""The bot's own database: everything that is the product's truth."""

register_metadata = MetaData(naming_convention=NAMING)
"""The register of supplies: a replica that is rebuilt and swapped as a whole (on SQLite a file of its own).
"""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""An automatic 64-bit key. SQLite numbers rows by itself only where the type reads INTEGER."""

Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. A naive one is refused where it is written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class now_ms(FunctionElement[int]):  # noqa: N801 - reads like the SQL function that it is
    """Milliseconds since the Unix epoch by the database's clock, at the time the statement runs."""

    type: TypeEngine[int] = BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _now_ms_sqlite(element: now_ms, compiler: Any, **kw: Any) -> str:
    # julianday has been in SQLite for ever; unixepoch('subsec') is younger than some systems' SQLite.
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(now_ms, "postgresql")
def _now_ms_postgresql(element: now_ms, compiler: Any, **kw: Any) -> str:
    # clock_timestamp, not now(): a transaction that groups many turns must not see a clock that stands still.
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
