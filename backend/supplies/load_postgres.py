"""Loading the register into PostgreSQL: COPY into a table beside the one in use, then a swap in one
transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from io import BytesIO

import asyncpg
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from backend.csvfile import Bad
from backend.db.database import Database
from backend.supplies.csvline import Batch
from backend.supplies.errors import ImportFailed
from backend.supplies.load_sqlite import DUPLICATE
from backend.supplies.models import by_exchange_point, supplies

INCOMING = "register_supplies_incoming"
_KEY = f"ALTER TABLE {INCOMING} ADD CONSTRAINT pk_{INCOMING} PRIMARY KEY (point)"

_LOCK = 486_486  # one load at a time: the second one waits for the first
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


async def load_postgres(
    database: Database, fields: Sequence[str], batches: Iterable[Batch], report: Callable[[Bad], None]
) -> int:
    """Load the register and put it in the place of the one in use; returns how many supplies it holds.

    Raises ImportFailed when there is none, or when the database refuses.
    """
    dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError) as error:
        raise ImportFailed("the database cannot be reached") from error
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        return await _load(connection, fields, iter(batches), report)
    except asyncpg.PostgresError as error:
        raise ImportFailed(f"the database refused: {type(error).__name__}") from error
    finally:
        await connection.close()


async def _load(
    connection: asyncpg.Connection,
    fields: Sequence[str],
    batches: Iterator[Batch],
    report: Callable[[Bad], None],
) -> int:
    incoming = f"""
        DROP TABLE IF EXISTS {INCOMING};
        CREATE TABLE {INCOMING} (LIKE {supplies.name} INCLUDING DEFAULTS);
        ALTER TABLE {INCOMING} ADD COLUMN line integer;
    """
    await connection.execute(_if_missing())
    await connection.execute(incoming)
    loaded = 0
    async with aclosing(_read_ahead(batches)) as texts:
        async for lines, text in texts:
            await connection.copy_to_table(INCOMING, source=text, columns=["line", *fields], format="csv")
            loaded += lines
    try:
        await connection.execute(_KEY)
    except asyncpg.UniqueViolationError:
        loaded -= await _without_duplicates(connection, report)
        await connection.execute(_KEY)
    if not loaded:
        await connection.execute(f"DROP TABLE {INCOMING}")
        raise ImportFailed("the file has no good line")
    await connection.execute(f"""
        ALTER TABLE {INCOMING} DROP COLUMN line;
        CREATE INDEX ix_{INCOMING} ON {INCOMING} (exchange_point) WHERE exchange_point IS NOT NULL;
        ANALYZE {INCOMING};
    """)
    async with connection.transaction():
        await connection.execute(f"""
            DROP TABLE {supplies.name};
            ALTER TABLE {INCOMING} RENAME TO {supplies.name};
            ALTER TABLE {supplies.name} RENAME CONSTRAINT pk_{INCOMING} TO pk_{supplies.name};
            ALTER INDEX ix_{INCOMING} RENAME TO {by_exchange_point.name};
        """)
    return loaded


async def _read_ahead(batches: Iterator[Batch]) -> AsyncGenerator[tuple[int, BytesIO]]:
    """How many lines, and they as COPY reads them; the next are read while the database takes these."""
    coming = asyncio.create_task(asyncio.to_thread(_as_csv, batches))
    try:
        while (lines := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(_as_csv, batches))
            yield lines
    finally:
        await asyncio.gather(coming, return_exceptions=True)  # the file is closed after this


def _as_csv(batches: Iterator[Batch]) -> tuple[int, BytesIO] | None:
    """The next batch; no value holds a separator or a quote, and an empty one is none."""
    batch = next(batches, None)
    if batch is None:
        return None
    numbered = zip(batch.lines, batch.supplies, strict=True)
    text = "".join([f"{line},{','.join(supply)}\n" for line, supply in numbered])
    return len(batch.lines), BytesIO(text.encode())


async def _without_duplicates(connection: asyncpg.Connection, report: Callable[[Bad], None]) -> int:
    """Take out the lines whose point stands on an earlier one. Returns how many."""
    found = 0
    async with connection.transaction():
        # A cursor, so that a file full of duplicates stays out of memory.
        async for row in connection.cursor(
            f"""
            DELETE FROM {INCOMING} WHERE ctid IN (
                SELECT ctid FROM (
                    SELECT ctid, row_number() OVER (PARTITION BY point ORDER BY line) AS place FROM {INCOMING}
                ) AS numbered WHERE place > 1
            ) RETURNING line
            """  # noqa: S608 - names of our own
        ):
            found += 1
            report(Bad(row["line"], "pod", DUPLICATE))
    return found


def _if_missing() -> str:
    return str(CreateTable(supplies, if_not_exists=True).compile(dialect=_DIALECT))
