"""Databases of their own for the parts that must not meet the rows of others."""

from __future__ import annotations

import asyncpg
from sqlalchemy import make_url


async def another_database(url: str, name: str) -> str:
    """Create a database of this name on the server of this one. Returns its address."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
