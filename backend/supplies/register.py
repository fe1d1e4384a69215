"""Reading the register of supplies: a file of its own beside SQLite, tables inside PostgreSQL."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    Select,
    bindparam,
    create_engine,
    func,
    inspect,
    or_,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from backend.core.db.database import Database
from backend.core.db.errors import DatabaseUnavailable
from backend.core.db.statements import Statement
from backend.supplies.errors import CentralUnavailable, RegisterMissing
from backend.supplies.models import supplies
from backend.supplies.pod import Pod
from backend.supplies.values import Manufacturer, MeterGeneration, MeterRole, Supply

T = TypeVar("T")

_Stamp: TypeAlias = tuple[int, int, int]


def _household() -> Select[Any]:
    asked = supplies.alias("asked")
    point: BindParameter[str] = bindparam("at_point", type_=supplies.c.point.type)
    exchange = func.coalesce(
        select(asked.c.exchange_point).where(asked.c.point == point).scalar_subquery(), point
    )
    return select(supplies).where(
        or_(supplies.c.point == point, supplies.c.point == exchange, supplies.c.exchange_point == exchange)
    )


_HOUSEHOLD = Statement(_household())
"""Built once: every look-up asks for it."""


class Register(ABC):
    """The register of supplies, open for reading. Every method is one consistent read.

    Raises RegisterMissing where no register was loaded, CentralUnavailable where it cannot be read now.
    """

    async def supply(self, point: str) -> Supply | None:
        """The supply of a point (the first 14 characters of its POD), or None."""
        found = await self._read(
            lambda c: c.execute(select(supplies).where(supplies.c.point == point)).first()
        )
        return None if found is None else supply_of(found)

    async def production_of(self, point: str) -> list[Supply]:
        """The production supplies of an exchange point by POD, in alphabetical order, ceased ones too."""
        query = select(supplies).where(supplies.c.exchange_point == point).order_by(supplies.c.pod)
        return [supply_of(row) for row in await self._read(lambda c: c.execute(query).all())]

    async def household(self, point: str) -> list[Supply]:
        """The supply of a point, its exchange supply, and that one's production supplies: in one
        statement.
        """
        rows = await self._read(lambda c: _HOUSEHOLD.all(c, {"at_point": point}))
        return [supply_of(row) for row in rows]

    async def count(self) -> int:
        """The number of supplies in it."""
        return await self._read(lambda c: c.execute(select(func.count()).select_from(supplies)).scalar_one())

    @abstractmethod
    async def _read(self, work: Callable[[Connection], T]) -> T: ...

    @abstractmethod
    async def close(self) -> None:
        """Let go of what is open."""


class SqliteRegister(Register):
    """A file of its own, opened read-only, and opened again once another one was renamed into its place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self._stamp: _Stamp | None = None

    async def _read(self, work: Callable[[Connection], T]) -> T:
        # On the spot, like `Database.short_read`: a hop to a thread takes longer than finding a supply.
        try:
            return work(self._current())
        except DBAPIError as error:
            raise CentralUnavailable("the register cannot be read") from error

    async def close(self) -> None:
        self._dispose()

    def _current(self) -> Connection:
        try:
            status = self.path.stat()
        except FileNotFoundError as error:
            raise RegisterMissing("no register of supplies was loaded") from error
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._connection is None or stamp != self._stamp:
            self._dispose()
            self._engine = create_engine("sqlite://", creator=self._connect, poolclass=StaticPool)
            self._connection = self._engine.connect()
            self._stamp = stamp
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        # `immutable`: nobody writes to the file in place, so no lock is taken and no journal looked for.
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

    def _dispose(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


class PostgresRegister(Register):
    """Tables in the bot's own PostgreSQL database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self.database.short_read(work)
        except (DatabaseUnavailable, DBAPIError) as error:
            if await self._is_missing():
                raise RegisterMissing("no register of supplies was loaded") from error
            raise CentralUnavailable("the register cannot be read") from error

    async def _is_missing(self) -> bool:
        try:
            return not await self.database.long_read(lambda c: inspect(c).has_table(supplies.name))
        except (DatabaseUnavailable, DBAPIError):
            return False

    async def close(self) -> None:
        """Nothing: the database is closed by whoever opened it."""


def register_for(database: Database, path: Path) -> Register:
    """The register that belongs to a database: the file at `path` beside SQLite, tables inside PostgreSQL."""
    return SqliteRegister(path) if database.is_sqlite else PostgresRegister(database)


def supply_of(row: Any) -> Supply:
    """Read a row of the register."""
    return Supply(
        pod=Pod(row.pod, row.pod),
        eneltel=row.eneltel,
        meter_serial=row.meter_serial,
        meter_role=MeterRole(row.meter_role),
        generation=MeterGeneration(row.generation),
        low_voltage=row.low_voltage,
        remotely_managed=row.remotely_managed,
        reachable=row.reachable,
        manufacturer=Manufacturer(row.manufacturer),
        exchange_point=row.exchange_point,
        contractual_power_w=row.contractual_power_w,
        available_power_w=row.available_power_w,
        ceased=row.ceased,
    )
