"""The test's side of `tests.crash.bot`: bots as processes, and a supervisor that starts them again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash.bot import Death, Order
from tests.log_watch import saw_file

STOP_SECONDS = 20.0


@dataclass
class Supervised:
    """A bot that is started again after it was killed, as a service manager would."""

    server: ForkServer
    order: Order
    deaths: Iterator[Death] = field(default_factory=lambda: iter(()))
    """How the next ones die; when there are no more, the bot lives."""
    deaths_at: list[float] = field(default_factory=list)
    """When processes died by our hand (monotonic, seconds)."""
    stopping: bool = False
    hung: bool = False
    """It did not stop when it was asked to."""
    ended: list[int] = field(default_factory=list)
    """How each process ended."""
    ended_at: list[float] = field(default_factory=list)
    """And when (monotonic, seconds)."""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def keep_running(self) -> None:
        """Run the bot until it dies as ordered, and again until no death is left."""
        while not self.stopping:
            death = next(self.deaths, Death())
            code = await self.server.run(replace(self.order, death=death))
            self.ended.append(code)
            self.ended_at.append(time.monotonic())
            if code == -signal.SIGKILL:
                async with self._news:
                    self.deaths_at.append(time.monotonic())
                    self._news.notify_all()

    async def died(self, times: int) -> None:
        """Return when processes have been killed so often."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.deaths_at) >= times)

    @property
    def killed(self) -> bool:
        return bool(self.deaths_at)

    def tables(self) -> list[str]:
        """The tables that the deadly transaction wrote to."""
        notes = Path(self.order.notes)
        return list(json.loads(notes.read_text())) if notes.exists() else []


class ForkServer:
    """One process that forks bots, one at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._child = 0
        self._stopping = False

    async def run(self, order: Order) -> int:
        """Run a bot to its end; returns its exit code, negative for a signal."""
        self._writer.write(order.line())
        await self._writer.drain()
        self._child = int(await self._reader.readline())
        if self._stopping:  # the request came before this child was known
            self.send(signal.SIGTERM)
        code = int(await self._reader.readline())
        self._child = 0
        return code

    def begin(self) -> None:
        """Forget that an earlier bot was asked to stop."""
        self._stopping = False

    def stop_child(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask the bot that runs, or is about to, to stop in good order."""
        self._stopping = True
        self.send(how)

    def megabytes(self) -> float:
        """The memory in use by the running bot."""
        pages = int(Path(f"/proc/{self._child}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def send(self, how: signal.Signals) -> None:
        """Send a signal to the bot that runs; one that has died this moment needs none."""
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, how)

    async def close(self) -> None:
        """End the server and the bot that it runs."""
        self.stop_child(signal.SIGKILL)
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


@asynccontextmanager
async def fork_servers(number: int) -> AsyncIterator[asyncio.Queue[ForkServer]]:
    """`number` servers, ready to run bots, in a queue to borrow them from."""
    servers: asyncio.Queue[ForkServer] = asyncio.Queue()
    started = []
    with TemporaryDirectory(prefix="a486-crash-") as folder:
        path = f"{folder}/socket"
        first = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.bot", path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        try:
            if first.stdout is None or await first.stdout.readline() != b"ready\n":
                raise RuntimeError("the fork server did not start")
            for _ in range(number):
                started.append(ForkServer(*await asyncio.open_unix_connection(path)))
                servers.put_nowait(started[-1])
            yield servers
        finally:
            await asyncio.gather(*(server.close() for server in started))
            await first.communicate(b"")


@asynccontextmanager
async def supervised(
    server: ForkServer, order: Order, deaths: Iterable[Death] = ()
) -> AsyncIterator[Supervised]:
    """A bot that runs, dies and runs again until the block ends; then it stops in good order."""
    server.begin()
    bot = Supervised(server, order, iter(deaths))
    task = asyncio.create_task(bot.keep_running(), name="supervisor")
    try:
        yield bot
    finally:
        bot.stopping = True
        server.stop_child()
        _, late = await asyncio.wait({task}, timeout=STOP_SECONDS)
        if late:
            bot.hung = True
            server.stop_child(signal.SIGKILL)
        await task
        saw_file(Path(order.folder) / f"{order.name}.log")
