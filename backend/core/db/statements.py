"""The statements that every turn runs: built and compiled once, then handed straight to the driver.

SQLAlchemy builds the SQL and knows how values are written and read. Its own way to run a statement costs
several times what the database needs for a look-up by key, so the hot path goes past it; what a turn rarely
does uses `Connection.execute` as always.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Connection, Executable, FromClause, Insert, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement, UpdateBase
from sqlalchemy.types import JSON, BigInteger, String

from backend.core.db import driver, together
from backend.core.db.metadata import metadata, register_metadata
from backend.core.db.together import Asked

Parameters: TypeAlias = Mapping[str, Any]
Build: TypeAlias = Callable[[Any], Executable]

PORTION = 500
"""Rows that one transaction deletes of what is old: this bounds how long it keeps other writers waiting."""
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Statement:
    """One statement for both databases.

    `build` is the statement, or a function that makes it of the database's own `insert`, which knows what to
    do with a row that is there already. The parameters have the same names at every call. Lists of values are
    compared with `is_one_of` or `among`: what `in_` writes depends on their length.

    `disjoint`: it meets no row that a statement asked for just before it writes, though it be of the same
    table, so it need not wait for that one.
    """

    def __init__(self, build: Executable | Build, *, disjoint: bool = False) -> None:
        self._build = build
        self._disjoint = disjoint
        self._compiled: dict[str, _Compiled] = {}

    def ask(
        self, connection: Connection, parameters: Parameters, then: Callable[[Asked], None] | None = None
    ) -> Asked:
        """Ask for it: it runs with others, at the latest when its answer is wanted or the work ends (see
        `together`). `then` goes on with the answer; it may run any statements.
        """
        compiled = self._for(connection, parameters)
        asked = Asked(connection, compiled, compiled.values(parameters), then)
        together.ask(connection, asked)
        return asked

    def all(self, connection: Connection, parameters: Parameters) -> list[Any]:
        """Its rows, with the columns as attributes."""
        return self.ask(connection, parameters).all()

    def first(self, connection: Connection, parameters: Parameters) -> Any:
        """Its first row; None where there is none."""
        return self.ask(connection, parameters).first()

    def scalar(self, connection: Connection, parameters: Parameters) -> Any:
        """The first column of its first row; None where there is none."""
        return self.ask(connection, parameters).scalar()

    def run(self, connection: Connection, parameters: Parameters) -> int:
        """Run it for what it changes. Returns how many rows it met."""
        return self.ask(connection, parameters).count()

    def run_each(self, connection: Connection, each: Sequence[Parameters]) -> None:
        """Run it with each of these, in this order, at the price of one call."""
        if len(each) < 2:
            for parameters in each:
                self.ask(connection, parameters)
            return
        together.settle(connection)
        compiled = self._for(connection, each[0])
        values = [compiled.values(parameters) for parameters in each]
        driver.run(connection, compiled.sql, values, many=True)

    def _for(self, connection: Connection, parameters: Parameters) -> _Compiled:
        dialect = connection.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            statement = self._build
            if not isinstance(statement, Executable):
                statement = statement(_INSERTS[dialect.name])
            found = _Compiled(statement, dialect, parameters, disjoint=self._disjoint)
            self._compiled[dialect.name] = found
        return found


class _Compiled:
    """A statement in one database's SQL, with the way in for its values and the way out for its rows."""

    def __init__(
        self, statement: Any, dialect: Dialect, parameters: Parameters, *, disjoint: bool = False
    ) -> None:
        columns = list(getattr(statement, "exported_columns", ()))
        if isinstance(statement, Insert) and not columns:
            statement = statement.inline()  # else SQLAlchemy would have it return the key
        compiled = statement.compile(dialect=dialect, column_keys=list(parameters))
        self.sql = str(compiled)
        tables = metadata.tables.keys() | register_metadata.tables.keys()
        self.touches = frozenset(re.findall(r"\w+", self.sql)) & tables
        self.writes = frozenset((_table_of(statement),) if isinstance(statement, UpdateBase) else ())
        self.minds = frozenset() if disjoint else self.touches
        # Of each value in its place: what it is called, what it is where it never changes, how it is written.
        self._places: list[tuple[str | None, Any, Callable[[Any], Any] | None]] = []
        for name in compiled.positiontup:
            bound: BindParameter[Any] = compiled.binds[name]
            write = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if bound.required:
                self._places.append((name, None, write))
            else:
                fixed = compiled.params[name]
                self._places.append((None, write(fixed) if write else fixed, None))
        self.places = len(self._places)
        self.answers = bool(columns)
        self._row: Any = _row_of([str(column.key) for column in columns])
        self._read = [
            (position, read)
            for position, column in enumerate(columns)
            if (read := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def values(self, parameters: Parameters) -> tuple[Any, ...]:
        values = []
        for name, value, write in self._places:
            if name is not None:
                value = parameters[name]
                if write is not None:
                    value = write(value)
            values.append(value)
        return tuple(values)

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        if not self._read:
            return [self._row._make(row) for row in found]
        made = []
        for row in found:
            values = list(row)
            for position, read in self._read:
                values[position] = read(values[position])
            made.append(self._row._make(values))
        return made


def _table_of(changes: Any) -> str:
    """The table that an INSERT, UPDATE or DELETE writes."""
    return str(changes.table.name)


def _row_of(names: Sequence[str]) -> Any:
    return namedtuple("Row", names, rename=True)  # the names are known when it runs


def plain(connection: Connection, sql: str) -> None:
    """Run a statement that has neither values nor rows, and begins, ends or undoes something."""
    if sql.startswith("ROLLBACK"):
        together.drop(connection)
    else:
        together.settle(connection)
    driver.run(connection, sql, ())


def is_one_of(column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    """`is_one_of(column, bindparam("ids", type_=NUMBERS))`: whether the column's value is in a list of any
    length, in one parameter, so that the statement stays the same.
    """
    return column.op("IN", is_comparison=True)(_each_of(values))


class _each_of(FunctionElement[Any]):  # noqa: N801 - reads like the SQL function that it is
    """The values of a list, as rows."""

    inherit_cache = True


@compiles(_each_of, "sqlite")
def _each_of_sqlite(element: _each_of, compiler: Any, **kw: Any) -> str:
    values = compiler.process(element.clause_expr, **kw)
    return f"(SELECT value FROM json_each{values})"  # noqa: S608 - written by SQLAlchemy


@compiles(_each_of, "postgresql")
def _each_of_postgresql(element: _each_of, compiler: Any, **kw: Any) -> str:
    return f"(SELECT unnest{compiler.process(element.clause_expr, **kw)})"


def values_of(insert: Any, values: BindParameter[Any]) -> FromClause:
    """`values_of(insert, bindparam("names", type_=WORDS)).c.value`: the values of a list, as a table.
    `insert` is the one that `build` is given: it says which database it is.
    """
    if insert is sqlite.insert:
        return func.json_each(values).table_valued("value")
    return func.unnest(values).table_valued("value").render_derived()


def table_of(insert: Any, columns: Mapping[str, BindParameter[Any]]) -> Mapping[str, ColumnElement[Any]]:
    """Lists of numbers of one length as the columns of a table, by name. `insert` as for `values_of`."""
    if insert is sqlite.insert:
        # Walked by the places of the first list; the others are read there.
        first, *_ = columns
        places = func.json_each(columns[first]).table_valued("key", "value", name="places")
        return {
            name: func.json_extract(values, func.printf("$[%d]", places.c.key), type_=BigInteger())
            for name, values in columns.items()
        }
    table = func.unnest(*columns.values()).table_valued(*columns, name="columns").render_derived()
    return {name: table.c[name] for name in columns}


class words_of(FunctionElement[str]):  # noqa: N801 - reads like the SQL function that it is
    """`words_of(column)`: the column's values of all rows, with spaces between them; NULL for no row.

    SQLAlchemy's `aggregate_strings` cannot be compiled before its values are known.
    """

    inherit_cache = True
    type = String()


@compiles(words_of, "sqlite")
def _words_of_sqlite(element: words_of, compiler: Any, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)}, ' ')"


@compiles(words_of, "postgresql")
def _words_of_postgresql(element: words_of, compiler: Any, **kw: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **kw)}, ' ')"


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """True if the column's value is one of these, which never change."""
    return or_(*(column == value for value in values))


NUMBERS = JSON().with_variant(postgresql.ARRAY(BigInteger()), "postgresql")
WORDS = JSON().with_variant(postgresql.ARRAY(String()), "postgresql")
