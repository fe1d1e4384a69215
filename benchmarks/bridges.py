"""The gateway with many bridges: its memory, how long a command takes, how soon all are back after a restart.

Three processes share the processors: the product, the laptops, and the Bot API, which has nothing to say.
The product asks the bridges itself, because on SQLite its signals do not leave its process. Each bridge
belongs to a technician of its own, which is the most work for the gateway.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert

from backend.bridges.models import bridges
from backend.bridges.values import BridgeState
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.keys.store import KeyStore
from backend.identity.permissions import Role
from benchmarks.api import FIRST_USER
from benchmarks.databases import another_database
from benchmarks.figures import Figure
from benchmarks.processes import Told, line, process, room_for_sockets, told
from benchmarks.product import let_in, settings_for
from device_bridge.wire.signing import SigningKeys

CROWDS = (500, 1000)
FILES = 4096
SETTLED_SECONDS = 3.0
"""Until what was begun at a start, or for the last bridge, is over."""
WINDOWS = {1: 300, 50: 3000}
"""How many commands are measured with so many at once."""
PATIENCE = 180.0

Seeds = Sequence[bytes]


async def figures(name: str, folder: Path, url: str) -> list[Figure]:
    """Measure on one database, which is made for it."""
    room_for_sockets(FILES)
    folder = folder / "bridges"
    folder.mkdir()
    url = await another_database(url, "bridges") if url else ""
    seeds = [secrets.token_bytes(32) for _ in range(max(CROWDS))]
    server_key = await _prepare(folder, url, seeds)
    found = []
    with process(sys.executable, "-m", "benchmarks.api", "0", "1", "1", "x", "0") as server:
        api = f"http://127.0.0.1:{line(server).strip()}"
        for number in CROWDS:
            keys = folder / "laptops.json"
            keys.write_text(json.dumps([seed.hex() for seed in seeds[:number]]))
            port = _free_port()
            product = ("benchmarks.gateway", str(folder), url, api, str(port))
            crowd = ("benchmarks.laptops", f"ws://127.0.0.1:{port}", server_key, str(keys))
            found += await _measured(f"{number:,} bridges, {name}", number, product, crowd)
    return found


async def _measured(
    label: str, number: int, product: tuple[str, ...], crowd: tuple[str, ...]
) -> list[Figure]:
    async with AsyncExitStack() as stack:
        gateway = await _started(stack, product)
        before = _memory(gateway)
        laptops = await stack.enter_async_context(told(*crowd))
        await _all_connected(laptops, 1)
        await asyncio.sleep(SETTLED_SECONDS)
        found = [
            Figure(f"{label}: memory before", before, "MB"),
            Figure(f"{label}: memory with them", _memory(gateway), "MB"),
            Figure(f"{label}: memory for each", (_memory(gateway) - before) / number * 1000, "kB"),
        ]
        for at_once, total in WINDOWS.items():
            quantiles = statistics.quantiles(json.loads(await gateway.tell(f"{total} {at_once}")), n=100)
            how = f"{label}: a command, {at_once} at once" if at_once > 1 else f"{label}: a command"
            found += [
                Figure(f"{how}: p50", quantiles[49] * 1000, "ms"),
                Figure(f"{how}: p99", quantiles[98] * 1000, "ms"),
            ]
        began = time.perf_counter()
        await gateway.end()
        stopped = time.perf_counter()
        gateway = await stack.enter_async_context(told(*product))
        await gateway.says()
        ready = time.perf_counter()
        await _all_connected(laptops, 2)
        again = time.perf_counter()
        return [
            *found,
            Figure(f"{label}: until the gateway has stopped", stopped - began, "s"),
            Figure(f"{label}: until it is ready again", ready - stopped, "s"),
            Figure(f"{label}: from then until all are connected again", again - ready, "s"),
        ]


async def _started(stack: AsyncExitStack, product: tuple[str, ...]) -> Told:
    """The product, when it is ready and has nothing left to do."""
    gateway = await stack.enter_async_context(told(*product))
    await gateway.says()
    await asyncio.sleep(SETTLED_SECONDS)
    return gateway


async def _all_connected(laptops: Told, times: int) -> None:
    """Wait until all are, each for so many times at least."""
    async with asyncio.timeout(PATIENCE):
        while int(await laptops.says()) < times:
            pass


async def _prepare(folder: Path, url: str, seeds: Seeds) -> str:
    """Technicians, each with a paired bridge. Returns the server's public key (hexadecimal)."""
    settings = settings_for(folder, url)
    keys = KeyStore(settings.keys)
    keys.init()
    await migrate(settings.database)
    async with Database(settings.database) as database:
        await database.write(partial(_pair, seeds=seeds))
    return keys.signing().public_key.public_bytes_raw().hex()


def _pair(connection: Connection, seeds: Seeds) -> None:
    people = let_in(connection, range(FIRST_USER, FIRST_USER + len(seeds)), Role.TECHNICIAN)
    at = datetime.now(UTC)
    keys = [SigningKeys(Ed25519PrivateKey.from_private_bytes(seed)) for seed in seeds]
    connection.execute(
        insert(bridges),
        [
            {
                "person_id": person,
                "key_id": key.key_id,
                "public_key": key.public_key.public_bytes_raw(),
                "host": "bench",
                "platform": "bench",
                "program": "bench",
                "state": BridgeState.ACTIVE.value,
                "asked_at": at,
                "decided_at": at,
            }
            for person, key in zip(people, keys, strict=True)
        ],
    )


def _memory(gateway: Told) -> float:
    """Its resident memory (MB)."""
    return float(psutil.Process(gateway.pid).memory_info().rss) / 1e6


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
