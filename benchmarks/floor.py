"""The floor: a durable transaction by the database's own driver and an HTTP call, and nothing else.

The updates of one poll share a transaction. Nothing is checked, told twice or tried again.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from benchmarks.usual import CARD, ELIGIBLE, POINT, REGISTER

TABLE = "CREATE TABLE IF NOT EXISTS floor_entries (user_id bigint NOT NULL, point text NOT NULL)"
COLUMNS = "pod, eneltel, meter_serial, generation, contractual_power_w"
Asked = tuple[int, str]
"""A Telegram user, and the point that the user asks for."""


class Floor(ABC):
    """A database as its driver gives it."""

    @abstractmethod
    async def work(self, asked: Sequence[Asked]) -> dict[str, Sequence[Any]]:
        """Note who asked for what, in one transaction, and read the supplies. Returns them by point."""


class SqliteFloor(Floor):
    """One thread with one connection: a hop to it takes far less than the disk, and calls go on meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._own = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE):
            self._own.execute(statement)
        register = f"file:{folder.absolute() / REGISTER}?mode=ro&immutable=1"
        self._register = sqlite3.connect(register, uri=True, check_same_thread=False)

    async def work(self, asked: Sequence[Asked]) -> dict[str, Sequence[Any]]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, asked)

    def _work(self, asked: Sequence[Asked]) -> dict[str, Sequence[Any]]:
        self._own.execute("BEGIN IMMEDIATE")
        self._own.executemany("INSERT INTO floor_entries VALUES (?, ?)", asked)
        query = f"SELECT {COLUMNS} FROM register_supplies WHERE point = ?"  # noqa: S608 - names of our own
        found = {point: self._register.execute(query, (point,)).fetchone() for _, point in asked}
        self._own.execute("COMMIT")
        return found


class PostgresFloor(Floor):
    """One statement, which is a transaction of its own: one round trip."""

    _WORK = f"""
        WITH noted AS (INSERT INTO floor_entries SELECT * FROM unnest($1::bigint[], $2::text[]))
        SELECT point, {COLUMNS} FROM register_supplies WHERE point = ANY($2)
    """  # noqa: S608 - names of our own

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def work(self, asked: Sequence[Asked]) -> dict[str, Sequence[Any]]:
        rows = await self._connection.fetch(self._WORK, *map(list, zip(*asked, strict=True)))
        return {row[0]: row[1:] for row in rows}


@asynccontextmanager
async def _floor(folder: Path, url: str) -> AsyncIterator[Floor]:
    if not url:
        yield SqliteFloor(folder)
        return
    connection = await asyncpg.connect(url)
    await connection.execute(TABLE)
    yield PostgresFloor(connection)
    await connection.close()


async def main(folder: Path, url: str, api: str) -> None:
    """Poll and answer until told to stop."""
    calls: set[asyncio.Task[None]] = set()
    bot = f"{api}/bot7000000001:LOCAL-bench"
    async with aiohttp.ClientSession() as http, _floor(folder, url) as floor:

        async def send(chat: int, supply: Sequence[Any]) -> None:
            pod, eneltel, serial, generation, watts = supply
            text = CARD.format(
                outcome=ELIGIBLE,
                kind="Fornitura",
                pod=pod,
                eneltel=eneltel,
                serial=serial,
                generation=generation,
                power=watts / 1000,
            )
            fields = {"chat_id": chat, "text": text, "parse_mode": "HTML"}
            async with http.post(f"{bot}/sendMessage", json=fields) as response:
                await response.read()

        offset = 0
        while True:
            async with http.post(f"{bot}/getUpdates", json={"offset": offset, "timeout": 5}) as response:
                updates = (await response.json())["result"]
            if not updates:
                continue
            offset = updates[-1]["update_id"] + 1
            messages = [update["message"] for update in updates]
            asked = [(message["from"]["id"], message["text"][:POINT]) for message in messages]
            found = await floor.work(asked)
            for chat, point in asked:
                calls.add(call := asyncio.create_task(send(chat, found[point])))
                call.add_done_callback(calls.discard)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
