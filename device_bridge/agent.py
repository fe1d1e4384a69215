"""`a486-bridge run`: keeps the link to the gateway, does what the chat asks, tells what the journal holds."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from device_bridge.home import Home, Pairing
from device_bridge.journal import Journal
from device_bridge.link import Link, NoLink, TurnedAway, opened
from device_bridge.loaders.registry import MakeLoader
from device_bridge.programmer import Step
from device_bridge.reasons import Gone, reason_of
from device_bridge.wire.messages import Answer, Command, JobOrder, Jobs, Progress, Received
from device_bridge.wire.signing import SigningKeys
from device_bridge.work import FAILURES, Ports, Work

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the next try to connect: anything up to twice as long after each failure."""
PROGRESS_SECONDS = 0.5
FINAL = ("revoked", "unknown", "declined")
"""Reasons after which the laptop is not paired any more."""

Heard = Callable[[str, dict[str, Any]], None]
"""`(event, values)`: what happens, for the display and the log."""


def quiet(event: str, values: dict[str, Any]) -> None:
    """Nobody watches."""


def utc_now() -> datetime:
    """The laptop's clock."""
    return datetime.now(UTC)


class Agent:
    """A bridge that runs. It needs the laptop's work for itself: see `Home.at_work`."""

    def __init__(
        self,
        home: Home,
        ports: Ports,
        make_loader: MakeLoader,
        *,
        heard: Heard = quiet,
        now: Callable[[], datetime] = utc_now,
        host: str = "",
        context: ssl.SSLContext | None = None,
        first_pause: float = FIRST_PAUSE,
        **options: Any,
    ) -> None:
        self._home = home
        self._key: SigningKeys = home.key()
        self._pairing: Pairing = home.pairing()
        self._heard = heard
        self._host = host
        self._context = context
        self._first_pause = first_pause
        self._link: Link | None = None
        self._journal = Journal(home.journal)
        self._loaded: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.work = Work(
            self._journal,
            ports,
            make_loader,
            self._key,
            lambda: self._pairing.trusted,
            now,
            files=home.files,
            loaded=self._by_hand,
            **options,
        )
        self._journal.cut_off(now())
        home.forget_files()

    async def run(self) -> None:
        """Keep the link until it is cancelled. Raises TurnedAway where the laptop is not paired any more,
        after it has forgotten what it held, or speaks another version; NotOurServer where somebody else
        answers.
        """
        failures = 0
        try:
            while True:
                try:
                    async with opened(
                        self._pairing, self._key, host=self._host, context=self._context
                    ) as link:
                        failures = 0
                        await self._serve(link)
                except NoLink as error:
                    self._heard("offline", {"why": error.word})
                except TurnedAway as error:
                    self._heard("turned_away", {"reason": error.reason})
                    if error.reason == "version":
                        raise
                    if error.reason in FINAL:
                        self._journal.strip()  # what it holds is not its any more
                        self._home.forget(journal=not self._journal.untold())
                        raise
                finally:
                    self._link = None
                pause = min(LONGEST_PAUSE, self._first_pause * 2**failures)
                failures = min(failures + 1, 10)
                await asyncio.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311 - spreads bridges out
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, link: Link) -> None:
        for key in link.keys:
            self._pairing = self._home.trust(key)
        self._heard("online", {"person": link.welcome.person, "clock": link.welcome.now})
        self._link = link
        await self.tell()
        while True:
            match await link.receive():
                case Jobs(jobs=jobs):
                    self._journal.hold(jobs)
                    self._heard("jobs", {"number": len(jobs)})
                case Received() as received:
                    self._journal.received(received)
                case Command() as command:
                    self._start(self._obey(link, command))
                case _:
                    raise NoLink("an unexpected message")

    async def tell(self) -> None:
        """Tell the server what it does not know yet."""
        link = self._link
        if link is not None:
            for message in self._journal.untold():
                await link.send(message)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _obey(self, link: Link, command: Command) -> None:
        try:
            result = await self._result(command)
            answer = Answer(command=command.command, result=result)
        except FAILURES as error:
            reason = reason_of(error)
            answer = Answer(
                command=command.command, result={}, reason=reason.word, values=dict(reason.values)
            )
        except Exception as error:  # a defect: the chat must not wait for it
            self._heard("failed", {"error": type(error).__name__})
            answer = Answer(command=command.command, result={}, reason="failed")
        with suppress(NoLink):
            await link.send(answer)

    async def _result(self, command: Command) -> dict[str, Any]:
        match command.kind:
            case "identify":
                return {"devices": await self.work.devices()}
            case "read":
                return await self.work.read(command.nid, command.log)
            case "blink":
                return await self.work.blink(command.nid)
            case "loaded":
                if (waiting := self._loaded.get(command.job)) is None:
                    raise Gone
                waiting.set()
                return {}
            case "program":
                if self._journal.get(command.job) is None:
                    raise Gone
                self._start(self.program(command.job))
                return {}

    async def program(self, job: int) -> None:
        """Carry a job out, and tell how far it is and how it ended, as far as there is a link."""
        told_at, last = 0.0, ""
        loop = asyncio.get_running_loop()

        def told(order: JobOrder, attempt: int, step: Step, done: int, of: int) -> None:
            nonlocal told_at, last
            self._heard("progress", {"job": job, "step": step.value, "done": done, "of": of})
            if step == last and loop.time() - told_at < PROGRESS_SECONDS:
                return
            told_at, last = loop.time(), step.value
            message = Progress(job=job, attempt=attempt, step=step.value, done=done, of=of)
            self._start(self._send(message))

        self._heard("begun", {"job": job})
        begun = asyncio.create_task(self.work.program(job, told))
        await asyncio.sleep(0)
        with suppress(NoLink):
            await self.tell()
        try:
            report = await begun
            self._heard("done", {"job": job, "outcome": report.outcome.value})
        except FAILURES as error:
            reason = reason_of(error)
            self._heard("ended", {"job": job, "reason": reason.word, "values": dict(reason.values)})
        with suppress(NoLink):
            await self.tell()

    async def _send(self, message: Progress) -> None:
        if self._link is not None:
            with suppress(NoLink):
                await self._link.send(message)

    async def _by_hand(self, file: Path, job: int = 0) -> None:
        waiting = self._loaded[job] = asyncio.Event()
        try:
            self._heard("by_hand", {"file": str(file)})
            await waiting.wait()
        finally:
            del self._loaded[job]
