"""The job runner: calls that leave the machine, or take their time, made outside of turns."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError, LeaseLost
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobKind, JobQueue, Outcome, PutOff
from backend.core.jobs.values import Job
from bot.core.jobs.progress import Reporter
from bot.core.request import TooLarge

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
LEASE_MS = 60_000
RENEW_SECONDS = 20.0
TYPING_SECONDS = 4.0  # Telegram shows "typing…" for five
CARD_SECONDS = 1.0
AT_ONCE = 64
FAILED: dict[str, Any] = {"failed": True}
"""The result of a job that failed for good."""


def _will_pass(error: Exception) -> bool:
    """True if nobody has to mend anything: the work, or Telegram, could not be reached just now."""
    refused = isinstance(error, BadRequest | TooLarge)
    return isinstance(error, PutOff | RetryAfter | NetworkError) and not refused


class JobRunner:
    """Runs the jobs of one bot. Raises ValueError where two kinds have one name, or two queues.

    `ticks` is a clock that never goes back, in seconds.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bot: Bot,
        kinds: Sequence[JobKind],
        *,
        chance: random.Random | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._kinds: dict[str, JobKind] = {}
        self._queues: dict[str, JobQueue] = {}
        for kind in kinds:
            if self._kinds.setdefault(kind.name, kind) is not kind:
                raise ValueError(f"two kinds of jobs share the name {kind.name!r}")
            if self._queues.setdefault(kind.queue.name, kind.queue) != kind.queue:
                raise ValueError(f"two queues of jobs share the name {kind.queue.name!r}")
        self._chance = chance or random.SystemRandom()
        self._ticks = ticks
        self._tasks: dict[asyncio.Task[None], Job] = {}

    async def run(self) -> None:
        """Take jobs as they come, until cancelled; then give them back."""
        keeping = asyncio.create_task(self._keep_leases(), name="job-leases")
        try:
            while True:
                if not await self._claim():
                    await self._database.signals.wait(jobs.SIGNAL, IDLE_SECONDS)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await asyncio.shield(self._stop())

    async def _stop(self) -> None:
        while True:
            tasks = dict(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # This goes behind a transaction under way that takes jobs for us still: those it begins are left
            # then.
            await self._give_back(tasks.values(), "interrupted")
            if not self._tasks:
                return

    def _free(self) -> dict[JobQueue, int]:
        """The places left in each queue, the most urgent first. Together they may be more than there are."""
        left = AT_ONCE - len(self._tasks)
        found = {}
        for queue in sorted(self._queues.values(), key=lambda queue: -queue.priority):
            taken = sum(self._kinds[job.kind].queue == queue for job in self._tasks.values())
            places = min(queue.concurrency - taken, left)
            if places > 0:
                found[queue] = places
        return found

    async def _claim(self) -> bool:
        """Take what is due. Returns whether there was any."""
        free = self._free()
        try:
            wanted = [kind.name for kind in self._kinds.values() if kind.queue in free]
            due = await self._database.short_read(partial(jobs.due_kinds, kinds=wanted))
            if not due:
                return False
            running = [job.id for job in self._tasks.values()]
            taken: Sequence[Job] = await self._database.write(
                lambda connection: self._take(connection, free, due, running), then=self._begin
            )
            return bool(taken)
        except DatabaseError as error:
            log.debug("jobs.wait", error=str(error))
            await asyncio.sleep(IDLE_SECONDS)
            return True

    def _take(
        self, connection: Connection, free: Mapping[JobQueue, int], due: Collection[str], running: list[int]
    ) -> Sequence[Job]:
        token, taken = secrets.token_hex(16), list[Job]()
        left = AT_ONCE - len(running)
        for queue, places in free.items():
            places = min(places, left)  # a place that an urgent queue does not need is another's
            kinds = [name for name in due if self._kinds[name].queue == queue]
            self._chance.shuffle(kinds)  # no kind stands before another for ever
            for kind in kinds:
                got = jobs.claim(connection, token, LEASE_MS, places, kind=kind, running=running)
                places -= len(got)
                left -= len(got)
                taken += got
        return taken

    def _begin(self, taken: Sequence[Job]) -> None:
        for job in taken:
            task = asyncio.create_task(self._work(job), name=f"job-{job.kind}-{job.id}")
            self._tasks[task] = job
            task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._database.signals.notify([jobs.SIGNAL])  # a place is free

    async def _keep_leases(self) -> None:
        """Renew the leases of what runs, whatever it does; stop what was cancelled or taken over."""
        renew_at = self._ticks() + RENEW_SECONDS
        while True:
            await self._database.signals.wait(jobs.CANCELLED_SIGNAL, max(0.0, renew_at - self._ticks()))
            running = dict(self._tasks)
            mine = list(running.values())
            due = self._ticks() >= renew_at
            if due:
                renew_at = self._ticks() + RENEW_SECONDS
            if not mine:
                continue
            try:
                if due:
                    held = await self._database.write(partial(jobs.renew, held=mine, lease_ms=LEASE_MS))
                else:
                    held = await self._database.short_read(partial(jobs.still_held, held=mine))
            except DatabaseError as error:
                log.warning("jobs.not_renewed", error=str(error))
                continue
            for task, job in running.items():
                if job.id not in held:
                    task.cancel()

    async def _work(self, job: Job) -> None:
        kind = self._kinds[job.kind]
        with structlog.contextvars.bound_contextvars(correlation=job.correlation, job=job.id, kind=job.kind):
            typing = asyncio.create_task(self._type(job, kind), name=f"job-typing-{job.id}")
            try:
                await self._run(job, kind)
            except LeaseLost:
                log.info("job.dropped")  # cancelled by the user, or taken over
            except DatabaseError as error:
                log.warning("job.interrupted", error=str(error.__cause__ or error))
                await asyncio.sleep(IDLE_SECONDS)
                await self._give_back([job], "interrupted")
            finally:
                typing.cancel()
                await asyncio.gather(typing, return_exceptions=True)

    async def _run(self, job: Job, kind: JobKind) -> None:
        try:
            if job.attempt > kind.retry.attempts:
                raise RuntimeError("it was begun several times and never came to an end")
            reporter = Reporter(self._database, job, self._ticks)
            async with asyncio.timeout(kind.seconds):
                outcome = await kind.run(job, reporter)
            await self._conclude(job, kind, outcome)
        except (DatabaseError, asyncio.CancelledError):
            raise
        except Exception as error:
            if _will_pass(error):
                log.info("job.put_off", attempt=job.attempt, reason=str(error))
            else:
                log.exception("job.failed", attempt=job.attempt)
            if job.attempt < kind.retry.attempts:
                wait = kind.retry.seconds(job.attempt, self._chance)
                await self._give_back([job], f"{type(error).__name__}: {error}", int(wait * 1000))
                return
            gave_up = partial(kind.gave_up, job=job) if kind.gave_up is not None else None
            await self._conclude(job, kind, Outcome(FAILED, gave_up))

    async def _conclude(self, job: Job, kind: JobKind, outcome: Outcome) -> None:
        def end(connection: Connection) -> None:
            result = outcome.result if kind.returns else None
            jobs.end(connection, job, result, self._clock.now())
            if outcome.change is not None:
                outcome.change(connection)

        await self._database.write(end, patient=kind.queue.priority == 0)
        log.info("job.ended")

    async def _give_back(
        self, left: Collection[Job], error: str, after_failure_ms: int | None = None
    ) -> None:
        """Give jobs up with their work undone; with a wait, because they failed, and the try counts."""
        failed = after_failure_ms is not None

        def work(connection: Connection) -> None:
            for job in left:
                jobs.give_back(connection, job, after_failure_ms or 0, error, counted=failed)

        try:
            await self._database.write(work)
        except DatabaseError as failure:
            log.warning("jobs.not_given_back", jobs=[job.id for job in left], error=str(failure))

    async def _type(self, job: Job, kind: JobKind) -> None:
        """Let the chat say "typing…" while somebody waits. Best effort."""
        if not kind.awaited:
            return
        # The card that says "one moment…" must come first: a message ends "typing…".
        await asyncio.sleep(CARD_SECONDS)
        while True:
            try:
                await self._bot.send_chat_action(
                    job.destination.chat_id,
                    ChatAction.TYPING,
                    message_thread_id=job.destination.thread_id or None,
                )
            except TelegramError as error:
                log.info("typing.not_shown", error=str(error))
            await asyncio.sleep(TYPING_SECONDS)
