"""The bot as a process that can be killed at a commit.

    python -m tests.crash.bot SOCKET

The process imports everything once, so that a start costs little, and says "ready". Each connection to its
Unix socket gets a server of its own, which forks a bot per order. An order is a line of JSON (see `Order`).
The answer is a line with the child's process id and, when it has ended, a line with how: its exit code, or
the negative number of the signal that ended it. All end with standard input.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from select import select
from socket import AF_UNIX, socket
from typing import Literal, Self

from pydantic import SecretStr
from sqlalchemy.engine import URL, Engine

from backend.core.db.database import Database
from backend.supplies.central import CentralSystem, CentralSystemWithFaults, Fault, FaultKind
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer
from bot import app as application
from bot.app import Ports
from bot.core import leadership as elections
from bot.core import logs
from bot.core.jobs import runner as job_runner
from bot.core.roles import ProcessRole
from bot.core.settings import load
from bot.core.watchdog import watching
from conversations.product import FEATURES
from sandbox import showcase
from tests.acceptance import probe
from tests.statements import at_the_door

When = Literal["before", "after"]

WRITES = re.compile(r"(?:^\s*|AS \()(?:UPDATE|INSERT INTO|DELETE FROM)\s+(\w+)")
"""What a statement writes, alone or with others."""

POISONS = {
    showcase.pod_number(number): poison
    for number, poison in enumerate(("raises", "hangs", "exhausts memory", "kills its process"), 301)
}
"""PODs that break the turn of whoever asks for them."""

SLOW_POD = showcase.cases()[5].pod
"""An eligible supply that the central system has to be asked for: its look-up is a job."""


@dataclass(frozen=True)
class Death:
    """How a process dies: at its `nth` commit, or `after` so many seconds; with neither it lives."""

    nth: int = 0
    when: When = "before"
    after: float = 0.0


@dataclass(frozen=True)
class DiskError:
    """The disk fails once: at the `nth` commit, before it is carried out or after, or at the `nth` statement
    that writes.
    """

    nth: int = 0
    at: Literal["before", "after", "write"] = "before"


@dataclass(frozen=True)
class Order:
    """Orders to run the bot and let it die. `notes` names the tables that the deadly transaction wrote to."""

    token: str
    api: str
    folder: str
    database_url: str
    notes: str
    death: Death = Death()
    disk: DiskError = DiskError()
    stuck_seconds: float = 60.0
    webhook_port: int = 0
    """Where updates are delivered to; 0: they are asked for."""
    roles: tuple[str, ...] = tuple(ProcessRole)
    name: str = "bot"
    workers: int = 16
    """So many lanes at once."""
    patient: bool = False
    """Whether leadership leases last as long as in production."""

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: str) -> Self:
        fields = json.loads(line)
        death, disk = Death(**fields.pop("death")), DiskError(**fields.pop("disk"))
        return cls(**fields, death=death, disk=disk)


class Mortal(Database):
    """A database whose process dies at a commit of its writer."""

    order: Order

    def __init__(self, url: str | URL) -> None:
        super().__init__(url)
        _arm(self.engines.writer, self.order)


class Poisoned:
    """A remote central system that breaks the turn that asks it about certain PODs."""

    def __init__(self, inner: CentralSystem) -> None:
        self._inner = inner

    def is_local(self, pod: Pod) -> bool:
        """Raise, compute for ever, use up the memory, or end the process."""
        match POISONS.get(pod.code):
            case "raises":
                raise RuntimeError("a turn that fails")
            case "hangs":
                while True:
                    pass
            case "exhausts memory":
                _use_up_memory()
            case "kills its process":
                _die()
        return self._inner.is_local(pod)

    async def look_up(self, pod: Pod) -> CentralAnswer:
        return await self._inner.look_up(pod)


def _use_up_memory() -> None:
    """Raises MemoryError, as a machine without memory would, but soon."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 128 * 1024**2, -1))
    hoard = []
    try:
        while True:
            hoard.append(bytearray(1024**2))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))


def _arm(engine: Engine, order: Order) -> None:
    commits = writes = 0
    tables: list[str] = []

    def note_down() -> None:
        Path(order.notes).write_text(json.dumps(tables or ["nothing"]))

    def before(statement: str) -> None:
        nonlocal commits, writes
        if statement.startswith("BEGIN"):
            tables.clear()
        if written := WRITES.findall(statement):
            tables.extend(table for table in written if table not in tables)
            writes += 1
            if order.disk.at == "write" and writes == order.disk.nth:
                note_down()
                raise _disk_error()
        if statement == "COMMIT":
            commits += 1
            strike("before")

    def after(statement: str) -> None:
        if statement == "COMMIT":
            strike("after")

    def strike(when: When) -> None:
        if order.disk.at == when and commits == order.disk.nth:
            note_down()
            raise _disk_error()
        if order.death.when == when and commits == order.death.nth:
            note_down()
            _die()

    at_the_door(engine.dialect, before, after)


def _disk_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    error.sqlite_errorname = "SQLITE_IOERR"
    return error


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _serve(order: Order, test: socket) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_reader(test, stop.set)  # no order comes while a bot runs: this is the end of the test's process
    settings = load(
        bot_token=SecretStr(order.token),
        bot_api=order.api,
        data=Path(order.folder),
        database_url=order.database_url,
        listen_port=order.webhook_port,
        webhook_url=f"http://127.0.0.1:{order.webhook_port}" if order.webhook_port else "",
        webhook_secret=SecretStr("segreto"),
        lease_seconds=1.5,
        stuck_seconds=order.stuck_seconds,
        workers=order.workers,
        person_look_ups_hour=0,  # a crowd of a few looks up a great deal
        person_look_ups_day=0,
        integrator_look_ups_hour=0,
        integrator_look_ups_day=0,
    )
    faults = {Pod(SLOW_POD, SLOW_POD): Fault(FaultKind.SLOW, 0.05)}
    ports = Ports(
        central=lambda inner: Poisoned(CentralSystemWithFaults(inner, faults)),
        limits=False,
        features=(*FEATURES, probe.FEATURE),
        running=(probe.WITHOUT_CHECKS,),
    )
    async with (
        watching(settings.stuck_seconds),
        application.running(settings, ports, [ProcessRole(role) for role in order.roles]),
    ):
        await stop.wait()


def _run(order: Order, test: socket) -> None:
    Mortal.order = order
    application.Database = Mortal  # type: ignore[attr-defined]  # in this process only
    # A dead process's leases must run out before another takes over: on one machine a second or two will do.
    if not order.patient:
        elections.LEASE_MS, elections.RENEW_SECONDS = 1200, 0.4
    job_runner.LEASE_MS, job_runner.RENEW_SECONDS = 1500, 0.5
    if order.death.after:
        threading.Timer(order.death.after, _die).start()
    with (Path(order.folder) / f"{order.name}.log").open("a") as log:
        logs.configure("json", "info", log)
        asyncio.run(_serve(order, test))


def _forked(work: Callable[[], None]) -> int:
    """Do it in a child process; returns the child's id."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def _take_orders(test: socket) -> None:
    """One server: bots one after the other, until the connection ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for line in test.makefile("r"):
        child = _forked(partial(_run, Order.read(line), test))
        test.sendall(f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        test.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def main() -> None:
    """Add servers until standard input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a server ended
    with socket(AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        print("ready", flush=True)  # noqa: T201
        while listener in select([listener, sys.stdin], [], [])[0]:
            test, _ = listener.accept()
            _forked(partial(_take_orders, test))
            test.close()


if __name__ == "__main__":
    main()
