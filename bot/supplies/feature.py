"""Look-ups in a central system that is not at hand."""

from __future__ import annotations

import asyncio

from backend.budgets import service as budgets
from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from backend.supplies import service as supplies
from backend.supplies.answers import encode_answer
from backend.supplies.central import CentralSystem
from backend.supplies.pod import Pod
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature

CENTRAL_SECONDS = 15.0


def supplies_feature(central: CentralSystem) -> RunningFeature:
    """Asks this central system."""

    async def look_up(job: Job, context: JobContext) -> Outcome:
        """Ask the central system for a POD; every failure is an answer too."""
        code = job.arguments["pod"]
        try:
            async with asyncio.timeout(CENTRAL_SECONDS):
                answer = await supplies.ask(central, Pod(code, code))
        except TimeoutError as error:
            return Outcome(encode_answer(error))
        return Outcome(encode_answer(answer))

    return RunningFeature(
        job_kinds=(JobKind("pod", look_up, CALLS, seconds=2 * CENTRAL_SECONDS),),
        due_checks=(DueCheck("look_up_counts", budgets.forget_old),),
    )
