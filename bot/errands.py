"""The job runner: calls that leave the machine, or take their time, made outside of turns."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from backend.clock import Clock
from backend.db.database import Database
from backend.db.errors import DatabaseError, LeaseLost
from backend.jobs import service as jobs
from backend.jobs.values import Job

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
LEASE_MS = 60_000
RENEW_SECONDS = 20.0
TYPING_SECONDS = 4.0  # Telegram shows "typing…" for five
CARD_SECONDS = 1.0
UNAWAITED = {"commands"}  # kinds of job that nobody waits for in the chat
CONCURRENT = 16
MAX_ATTEMPTS = 5
FIRST_RETRY_MS = 1000
FAILED: dict[str, Any] = {"failed": True}
"""What the lane is told when a job failed for good."""


@dataclass(frozen=True)
class Outcome:
    """What a job came to: the result for the chat (none where nobody waits), and what to change with it."""

    result: dict[str, Any] | None
    change: Callable[[Connection], None] | None = None


Runner = Callable[[Job], Awaitable[Outcome]]


class Errands:
    """Runs the jobs of one bot."""

    def __init__(self, database: Database, clock: Clock, bot: Bot, runners: Mapping[str, Runner]) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._runners = runners
        self._tasks: dict[asyncio.Task[None], Job] = {}

    async def run(self) -> None:
        """Take jobs as they come, until cancelled; then give them back."""
        try:
            while True:
                taken = await self._claim()
                if not taken:
                    await self._database.bells.wait(jobs.BELL, IDLE_SECONDS)
        finally:
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

    async def _claim(self) -> list[Job]:
        free = CONCURRENT - len(self._tasks)
        if free <= 0:
            return []
        token = secrets.token_hex(16)
        try:
            return await self._database.write(
                lambda connection: jobs.claim(connection, token, LEASE_MS, free), then=self._begin
            )
        except DatabaseError as error:
            log.debug("errands.wait", error=str(error))
            await asyncio.sleep(IDLE_SECONDS)
            return []

    def _begin(self, taken: Sequence[Job]) -> None:
        for job in taken:
            task = asyncio.create_task(self._work(job), name=f"job-{job.kind}-{job.id}")
            self._tasks[task] = job
            task.add_done_callback(self._tasks.pop)

    async def _work(self, job: Job) -> None:
        with structlog.contextvars.bound_contextvars(correlation=job.correlation, job=job.id, kind=job.kind):
            signs = asyncio.create_task(self._show_life(job), name=f"job-life-{job.id}")
            try:
                await self._run(job)
            except LeaseLost:
                log.info("job.dropped")  # cancelled by the user, or taken over
            except DatabaseError as error:
                log.warning("job.interrupted", error=str(error.__cause__ or error))
                await asyncio.sleep(IDLE_SECONDS)
                await self._give_back([job], "interrupted")
            finally:
                signs.cancel()
                await asyncio.gather(signs, return_exceptions=True)
                self._database.bells.ring([jobs.BELL])  # a place among the workers is free

    async def _run(self, job: Job) -> None:
        runner = self._runners.get(job.kind)
        try:
            if job.attempt > MAX_ATTEMPTS:
                raise RuntimeError("it was begun several times and never came to an end")
            if runner is None:
                raise LookupError(f"no runner for {job.kind}")
            await self._conclude(job, await runner(job))
        except (DatabaseError, asyncio.CancelledError):
            raise
        except Exception as error:
            log.exception("job.failed", attempt=job.attempt)
            if job.attempt < MAX_ATTEMPTS:
                await self._give_back([job], str(error), FIRST_RETRY_MS * 2**job.attempt)
                return
            await self._conclude(job, Outcome(FAILED))

    async def _conclude(self, job: Job, outcome: Outcome) -> None:
        def end(connection: Connection) -> None:
            jobs.end(connection, job, outcome.result, self._clock.now())
            if outcome.change is not None:
                outcome.change(connection)

        await self._database.write(end)
        log.info("job.ended")

    async def _give_back(self, left: Collection[Job], error: str, after_failure_ms: int = 0) -> None:
        """Give jobs up with their work undone; with a wait, because they failed."""

        def work(connection: Connection) -> None:
            for job in left:
                jobs.give_back(connection, job, after_failure_ms, error, counted=after_failure_ms > 0)

        try:
            await self._database.write(work)
        except DatabaseError as failure:
            log.warning("jobs.not_given_back", jobs=[job.id for job in left], error=str(failure))

    async def _show_life(self, job: Job) -> None:
        """Keep the lease, and let the chat say "typing…" while somebody waits. Best effort."""
        spent = 0.0
        # The card that says "one moment…" must come first: a message ends "typing…".
        await asyncio.sleep(CARD_SECONDS)
        while True:
            if job.kind not in UNAWAITED:
                try:
                    await self._bot.send_chat_action(
                        job.place.chat_id, ChatAction.TYPING, message_thread_id=job.place.thread_id or None
                    )
                except TelegramError as error:
                    log.info("typing.not_shown", error=str(error))
            await asyncio.sleep(TYPING_SECONDS)
            spent += TYPING_SECONDS
            if spent >= RENEW_SECONDS:
                spent = 0.0
                try:
                    await self._database.write(lambda connection: jobs.renew(connection, job, LEASE_MS))
                except DatabaseError as error:
                    log.warning("job.not_renewed", error=str(error))
