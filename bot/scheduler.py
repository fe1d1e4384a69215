"""What falls due by the clock. Due dates are rows; the scheduler only wakes the code that looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from backend.clock import Clock
from backend.db.database import Database
from backend.db.errors import DatabaseError
from bot.due_checks import DueCheck
from bot.elections import Term

log = structlog.get_logger(__name__)

EVERY_SECONDS = 30


class Scheduler:
    """Wakes up every half minute and does what is due."""

    def __init__(self, database: Database, clock: Clock, checks: Sequence[DueCheck]) -> None:
        self._database = database
        self._clock = clock
        self._checks = checks

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
        """Do what is due now. A check that fails undoes no other, and is tried again at the next look."""
        at = self._clock.now()
        done = {}
        for check in self._checks:

            def work(connection: Connection, check: DueCheck = check) -> int:
                if term is not None:
                    term.check(connection)
                return check.look(connection, at)

            try:
                done[check.name] = await self._database.write(work)
            except DatabaseError:
                raise
            except Exception:
                log.exception("scheduler.check_failed", check=check.name)
        if any(done.values()):
            log.info("scheduler.done", **done)
