"""What falls due by the clock. Due dates are rows; the scheduler only wakes the code that looks at them."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from backend.clock import Clock
from backend.db.database import Database
from backend.db.errors import DatabaseError
from backend.dialogues import service as dialogues
from backend.inbox import service as inbox
from backend.jobs import service as jobs
from backend.outbox import service as outbox
from bot.elections import Term

log = structlog.get_logger(__name__)

EVERY_SECONDS = 30
POSTS_KEPT = timedelta(days=400)  # entry buttons live for months


class Scheduler:
    """Wakes up every half minute and does what is due."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, term: Term) -> None:
        """Look at what is due until cancelled or voted out."""
        wheel = AsyncIOScheduler(timezone="UTC")
        # A wake-up that was missed is made up for, once: what matters is that somebody looks.
        wheel.add_job(
            self._wake,
            "interval",
            seconds=EVERY_SECONDS,
            args=[term],
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        wheel.start()
        try:
            await self._wake(term)
            await asyncio.Event().wait()
        finally:
            wheel.shutdown(wait=False)

    async def _wake(self, term: Term) -> None:
        try:
            term.hold()
            await self.look(term)
        except DatabaseError as error:
            log.debug("scheduler.interrupted", error=str(error))

    async def look(self, term: Term | None = None) -> None:
        """Do what is due now."""
        at = self._clock.now()

        def work(connection: Connection) -> tuple[int, int, int, int]:
            if term is not None:
                term.check(connection)
            return (
                dialogues.expire(connection, at, secrets.token_hex(6)),
                inbox.forget_old(connection, at),
                jobs.forget_old(connection, at),
                outbox.forget_old(connection, at - POSTS_KEPT),
            )

        expired, updates, errands, posts = await self._database.write(work)
        if expired or updates or errands or posts:
            log.info("scheduler.done", expired=expired, updates=updates, jobs=errands, posts=posts)
