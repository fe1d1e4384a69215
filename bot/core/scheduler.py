"""Due checks by the clock. Due dates are rows; the scheduler only wakes the code that looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError, DatabaseUnavailable
from bot.core.due_checks import DueCheck
from bot.core.leadership import LeadershipLease

log = structlog.get_logger(__name__)

EVERY_SECONDS = 30
RETRY_SECONDS = 1.0


class Scheduler:
    """Wakes up every half minute and does what is due."""

    def __init__(self, database: Database, clock: Clock, checks: Sequence[DueCheck]) -> None:
        self._database = database
        self._clock = clock
        self._checks = checks

    async def run(self, leadership: LeadershipLease) -> None:
        """Look at what is due until cancelled, or until the leadership is lost."""
        wheel = AsyncIOScheduler(timezone="UTC")
        # A wake-up that was missed is made up for, once: what matters is that somebody looks.
        wheel.add_job(
            self._wake,
            "interval",
            seconds=EVERY_SECONDS,
            args=[leadership],
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        wheel.start()
        try:
            await self._wake(leadership)
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.Event().wait(), name="scheduler")
                for check in self._checks:
                    if check.wakes_on is not None:
                        group.create_task(
                            self._follow(check, check.wakes_on, leadership), name=f"due-{check.name}"
                        )
        finally:
            wheel.shutdown(wait=False)

    async def _follow(self, check: DueCheck, signal: str, leadership: LeadershipLease) -> None:
        """Make a check whenever its signal comes, and from time to time."""
        await self._database.signals.wait(signal, 0.0)  # from now on it is heard, also during the first check
        while True:
            try:
                while await self._made(check, self._clock.now(), leadership):
                    pass
            except DatabaseError as error:
                log.debug("scheduler.interrupted", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await self._database.signals.wait(signal, EVERY_SECONDS)

    async def _wake(self, leadership: LeadershipLease) -> None:
        try:
            leadership.ensure()
            await self.look(leadership)
        except DatabaseError as error:
            log.debug("scheduler.interrupted", error=str(error))

    async def look(self, leadership: LeadershipLease | None = None) -> None:
        """Do what is due now. A check that fails undoes no other, and is tried again at the next look."""
        at = self._clock.now()
        done = {}
        for check in self._checks:
            try:
                done[check.name] = await self._made(check, at, leadership)
            except DatabaseUnavailable as error:  # for this one perhaps: a row that another process holds
                log.debug("scheduler.interrupted", check=check.name, error=str(error))
        if any(done.values()):
            log.info("scheduler.done", **done)

    async def _made(self, check: DueCheck, at: datetime, leadership: LeadershipLease | None) -> int:
        """Make one check. Returns how many were due: none where it failed. Raises DatabaseError."""

        def work(connection: Connection) -> int:
            if leadership is not None:
                leadership.check(connection)
            return check.look(connection, at)

        try:
            return await self._database.write(work)
        except DatabaseError:
            raise
        except Exception:
            log.exception("scheduler.check_failed", check=check.name)
            return 0
