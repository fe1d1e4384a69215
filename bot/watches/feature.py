"""Watches beside the turns: what is due is looked up, a few at a time, by jobs of their own queue."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Limits
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome
from backend.core.jobs.values import Job
from backend.core.outbox.values import Destination
from backend.supplies import service as supplies
from backend.supplies.central import CentralSystem
from backend.supplies.errors import CentralUnavailable
from backend.supplies.values import CentralAnswer, LookUpOutcome
from backend.watches import service as watches
from backend.watches.values import Watch
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature

WATCHES = JobQueue("watches", concurrency=2)
"""A queue of their own, and a narrow one: nobody waits for these look-ups, and the central system is there
for those who do.
"""
CENTRAL_SECONDS = 15.0


class Watching:
    """Looks up what is watched."""

    def __init__(
        self, *, database: Database, clock: Clock, bot_id: int, central: CentralSystem, limits: Limits
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot_id = bot_id
        self._central = central
        self._limits = limits

    def look(self, connection: Connection, at: datetime) -> int:
        """End the watches of those who may not watch any more, and order a portion of what is due."""
        closed = watches.close_lapsed(connection, at)
        claimed = watches.claim(connection, at)
        for each in claimed:
            user = each.telegram_user_id
            jobs.add(
                connection,
                "watch_check",
                {"watch_id": each.watch_id, "round": each.round},
                Destination(self._bot_id, user, 0, f"watch:{each.watch_id}"),
                user,
                language="",
                card_id=None,
                correlation=f"watch-{each.watch_id}-{each.round}",
                at=at,
            )
        return closed + len(claimed)

    async def check(self, job: Job, context: JobContext) -> Outcome:
        """Look a watched POD up, as its person would: on their budget, recorded as theirs."""
        find = partial(watches.ordered, watch_id=job.arguments["watch_id"], round_=job.arguments["round"])
        found = await self._database.short_read(find)
        if found is None:
            return Outcome(None)
        watch, actor = found
        check = partial(budgets.check, actor=actor, number=1, at=self._clock.now(), limits=self._limits)
        try:
            await self._database.short_read(check)
        except BudgetSpent as refusal:
            until = refusal.spent.until
            return Outcome(None, lambda c: watches.postpone(c, watch, until, self._clock.now()))
        answer = await self._ask(watch)
        return Outcome(None, lambda c: watches.conclude(c, actor, watch, answer, self._clock.now()))

    async def _ask(self, watch: Watch) -> CentralAnswer | Exception:
        try:
            async with asyncio.timeout(CENTRAL_SECONDS):
                return await supplies.ask(self._central, watch.pod)
        except TimeoutError:
            return CentralUnavailable("no answer in time")

    def gave_up(self, connection: Connection, job: Job) -> None:
        """A look-up that never came to an end says nothing: the watch goes on."""
        found = watches.ordered(connection, job.arguments["watch_id"], job.arguments["round"])
        if found is not None:
            watches.note(connection, found[0], LookUpOutcome.GENERIC_ERROR, self._clock.now())


def watches_feature(watching: Watching) -> RunningFeature:
    """The due check of watches, their job, and their end."""
    return RunningFeature(
        job_kinds=(
            JobKind(
                "watch_check",
                watching.check,
                WATCHES,
                seconds=2 * CENTRAL_SECONDS,
                awaited=False,
                gave_up=watching.gave_up,
                returns=False,
            ),
        ),
        due_checks=(
            DueCheck("watches", watching.look),
            DueCheck("watches_kept", watches.forget_old),
        ),
    )
