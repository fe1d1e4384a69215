"""Bulk requests: from the file to its SCP files, and look-ups while many requests are processed.

The product is a process of its own; the Bot API and the people are in this one, on the same processors.
"""

from __future__ import annotations

import asyncio
import csv
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psutil
from pydantic import SecretStr
from sqlalchemy import Connection, func, select

from backend.bulk.models import bulk_requests
from backend.bulk.values import RequestState
from backend.core.db.database import Database
from backend.core.db.migrate import migrate
from backend.core.keys.store import KeyStore
from backend.devices.importer import import_devices
from backend.supplies.central import CentralSystem
from backend.supplies.importer import import_register
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer
from benchmarks import registers
from benchmarks.databases import another_database
from benchmarks.figures import Figure, below
from benchmarks.product import UNLIMITED, let_in
from bot import app as application
from bot.app import Ports
from bot.core import logs
from bot.core.settings import Settings, load
from sandbox import showcase
from sandbox.client import Screen, Shown, UserClient
from sandbox.demo import stage

ROWS = 100
QUEUED = 50
"""Requests at the same time, each of another person."""
BEFORE = 3
"""Requests that were measured one by one before."""
LOOK_UPS_PER_SECOND = 10
PATIENCE = 600.0
GOAL_SECONDS = {"SQLite": 1.0, "PostgreSQL": 2.0}
GOAL_SLOW_SECONDS = 8.0
GOAL_LOOK_UP_MS = 200.0
GOAL_GROWTH_MB = 20.0


class Slow:
    """Another central system, which takes `seconds` for each question."""

    def __init__(self, seconds: float, inner: CentralSystem) -> None:
        self._seconds = seconds
        self._inner = inner

    def is_local(self, pod: Pod) -> bool:
        """See `CentralSystem`."""
        return False

    async def look_up(self, pod: Pod) -> CentralAnswer:
        """See `CentralSystem`."""
        await asyncio.sleep(self._seconds)
        return await self._inner.look_up(pod)


async def figures(name: str, folder: Path, url: str) -> list[Figure]:
    """Measure on one database, which is made for it."""
    folder = folder / "bulk"
    folder.mkdir()
    url = await another_database(url, "bulk") if url else ""
    found = []
    async with stage(limits=False) as (api, bot, _):
        people = [api.add_user(f"Persona {number}", language_code="it") for number in range(QUEUED + 1)]
        settings = load(
            bot_token=SecretStr(bot.token),
            bot_api=api.base_url,
            data=folder,
            database_url=url,
            listen_port=0,
            **UNLIMITED,
        )
        await _prepare(settings, folder, [person.id for person in people])
        *loading, looking = [partial(UserClient, api.base_url, person.id) for person in people]
        async with loading[0]() as phone:
            async with _product(settings, 0):
                await _whole(phone, 10)  # everything is loaded once
                seconds = await _whole(phone, 0)
                found.append(below(f"{ROWS} rows, file to archive, {name}", seconds, "s", GOAL_SECONDS[name]))
            async with _product(settings, 1.0):
                seconds = await _whole(phone, 1)
                label = f"{ROWS} rows, file to archive, central system of 1 s, {name}"
                found.append(below(label, seconds, "s", GOAL_SLOW_SECONDS))
        async with _product(settings, 0) as process, Database(settings.database) as database:
            found += await _queued(name, loading, looking, psutil.Process(process.pid), database)
    return found


async def _whole(phone: UserClient, number: int) -> float:
    """Seconds from sending the file of a number to the archive of its SCP files."""
    began = time.perf_counter()
    card = last = await _load(phone, number)
    done = await phone.wait_for(partial(_done, card), PATIENCE)
    while True:  # some SCP files may still be made
        await phone.press(data=_data(done, "File SCP"), message_id=card)
        archive = await phone.wait_for(partial(_archive, last), PATIENCE)
        if "in arrivo" not in archive.text:
            await phone.download(archive)
            return time.perf_counter() - began
        last = archive.message_id


async def _load(phone: UserClient, number: int) -> int:
    """Send the file of a number, and load it. Returns the id of the message that shows the request."""
    name = f"impianti-{number}.csv"
    await phone.send_file(_file(number), name=name)
    checked = await phone.wait_for(_last(f"Controllo di {name}", "Carica le"), PATIENCE)
    await phone.press(data=_data(checked, "Carica le"), message_id=checked.message_id)
    return checked.message_id


def _file(number: int) -> bytes:
    first = (number + 1) * ROWS
    rows = [
        f"{showcase.pod_number(each)};{showcase.sid('MOME', each)};Standard"
        for each in range(first, first + ROWS)
    ]
    return "\r\n".join(["POD;MOME-ID/SID;Tipo di Configurazione", *rows]).encode()


def _data(shown: Shown, label: str) -> str:
    return next(button.data for button in shown.buttons if label in button.text and button.data)


def _last(text: str, label: str) -> Callable[[Screen], Shown | None]:
    def look(screen: Screen) -> Shown | None:
        found = [each for each in screen.from_bot if text in each.text]
        return found[-1] if found and any(label in each for each in found[-1].labels) else None

    return look


def _done(card: int, screen: Screen) -> Shown | None:
    shown = screen.message(card)
    return shown if shown is not None and "Elaborata" in shown.text else None


def _archive(after: int, screen: Screen) -> Shown | None:
    files = [each for each in screen.from_bot if each.kind == "document"]
    return files[-1] if files and files[-1].message_id > after else None


async def _queued(
    name: str,
    loading: Sequence[Callable[[], UserClient]],
    looking: Callable[[], UserClient],
    process: psutil.Process,
    database: Database,
) -> list[Figure]:
    """Load a request for each of these people, and time the look-ups of another one until all are done."""
    before = process.memory_info().rss
    over = asyncio.Event()
    timed = asyncio.create_task(_look_ups(looking, over))
    began = time.perf_counter()

    async def load_one(phone: Callable[[], UserClient], number: int) -> None:
        async with phone() as opened:  # closed again: what many phones draw would be measured too
            await _load(opened, number)

    await asyncio.gather(*(load_one(phone, 11 + number) for number, phone in enumerate(loading)))
    while await database.long_read(_not_done):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.25)
    seconds = time.perf_counter() - began
    over.set()
    quantiles = statistics.quantiles(await timed, n=100)
    growth = (process.memory_info().rss - before) / 1e6
    label = f"{QUEUED} requests of {ROWS} rows at once, {name}"
    return [
        Figure(label, QUEUED * ROWS / seconds, "rows/s"),
        Figure(f"{label}: look-up p50", quantiles[49] * 1000, "ms"),
        below(f"{label}: look-up p99", quantiles[98] * 1000, "ms", GOAL_LOOK_UP_MS),
        below(f"{label}: memory grown by", growth, "MB", GOAL_GROWTH_MB),
    ]


def _not_done(connection: Connection) -> int:
    """Requests that are loaded, or are about to be, and not done."""
    done = select(func.count()).where(bulk_requests.c.state == RequestState.DONE)
    return QUEUED + BEFORE - int(connection.scalar(done) or 0)


async def _look_ups(person: Callable[[], UserClient], over: asyncio.Event) -> list[float]:
    """Seconds of look-ups, so many begun a second, each of another POD."""
    async with person() as phone:
        return await _timed(phone, over)


async def _timed(phone: UserClient, over: asyncio.Event) -> list[float]:
    taken: list[float] = []
    at = (QUEUED + 20) * ROWS
    while not over.is_set():
        pod, began = showcase.pod_number(at + len(taken) % ROWS), time.perf_counter()
        mine = await phone.type(pod)

        def answered(screen: Screen, after: int = mine.message_id) -> Shown | None:
            return next((each for each in screen.from_bot if each.message_id > after), None)

        await phone.wait_for(answered, PATIENCE)
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, 1 / LOOK_UPS_PER_SECOND - taken[-1]))
    return taken


@asynccontextmanager
async def _product(settings: Settings, seconds: float) -> AsyncIterator[asyncio.subprocess.Process]:
    """The product, with a central system that takes so long."""
    url = settings.database_url
    command = (str(settings.data), url, settings.bot_api, settings.bot_token.get_secret_value(), str(seconds))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bulk", *command, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError("the product ended before its time")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _prepare(settings: Settings, folder: Path, people: Sequence[int]) -> None:
    """Supplies and devices for all requests, and people who have accepted the declaration."""
    KeyStore(settings.keys).init()
    await migrate(settings.database)
    number = (QUEUED + 21) * ROWS
    supplies_file, devices_file = folder / "supplies.csv", folder / "devices.csv"
    registers.write(supplies_file, number)
    with devices_file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("sid", "nid", "type", "integrator"))
        for each in range(number):
            writer.writerow((showcase.sid("MOME", each), showcase.nid("MOME", each), "MOME", showcase.OURS))

    async with Database(settings.database) as database:
        await import_register(supplies_file, database=database, register_path=settings.register_file)
        await database.write(partial(let_in, people=people))
        await import_devices(devices_file, database=database)


async def run(folder: Path, database_url: str, api: str, token: str, seconds: float) -> None:
    """Run until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load(
        bot_token=SecretStr(token),
        bot_api=api,
        data=folder,
        database_url=database_url,
        listen_port=0,
        **UNLIMITED,
    )
    ports = Ports(limits=False, central=partial(Slow, seconds)) if seconds else Ports(limits=False)
    async with application.running(settings, ports):
        print("ready", flush=True)  # noqa: T201 - read by who started it
        await stop.wait()


if __name__ == "__main__":
    logs.configure("json", "warning")
    data, database, api_url, bot_token, delay = sys.argv[1:]
    asyncio.run(run(Path(data), database, api_url, bot_token, float(delay)))
