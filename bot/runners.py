"""The product's kinds of jobs, and what each does."""

from __future__ import annotations

import asyncio

import structlog
from telegram import Bot

from backend.clock import Clock
from backend.db.database import Database
from backend.jobs.kinds import JobContext, JobKind, JobQueue, Outcome
from backend.jobs.values import Job
from backend.keys.signing import SigningKeys
from backend.keys.vault import Vault
from backend.scp import service as scp
from backend.scp.errors import ScpSourceFailed
from backend.scp.source import ScpSource
from backend.supplies import service as supplies
from backend.supplies.answers import encode_answer
from backend.supplies.central import CentralSystem
from backend.supplies.pod import Pod
from bot import profile

log = structlog.get_logger(__name__)

CENTRAL_SECONDS = 15.0

CALLS = JobQueue("calls", concurrency=16, priority=10)
"""Calls for which somebody waits."""
CHORES = JobQueue("chores", concurrency=4)
"""What nobody waits for."""


def job_kinds(
    bot: Bot,
    database: Database,
    clock: Clock,
    central: CentralSystem,
    source: ScpSource,
    signing: SigningKeys,
    vault: Vault,
) -> list[JobKind]:
    """The product's kinds of jobs."""

    async def look_up(job: Job, context: JobContext) -> Outcome:
        """Ask the central system for a POD; every failure is an answer too."""
        code = job.arguments["pod"]
        try:
            async with asyncio.timeout(CENTRAL_SECONDS):
                answer = await supplies.ask(central, Pod(code, code))
        except TimeoutError as error:
            return Outcome(encode_answer(error))
        return Outcome(encode_answer(answer))

    async def make_scp(job: Job, context: JobContext) -> Outcome:
        """Have the SCP file made; the chat gets it, or is told that it could not be made."""
        scp_id = int(job.arguments["scp_id"])
        wanted = await database.long_read(lambda connection: scp.request_of(connection, scp_id))
        if wanted is None:  # made meanwhile, or its association is gone: the chat sees which
            return Outcome({})
        at = clock.now()
        try:
            envelope = await scp.make(source, signing, vault, wanted, at)
        except ScpSourceFailed as error:
            reason = str(error)
            log.error("scp.failed", scp=scp_id, reason=reason)
            return Outcome({}, lambda connection: _ignore(scp.mark_failed(connection, scp_id, reason, at)))
        return Outcome(
            {},
            lambda connection: _ignore(
                scp.store_ready(connection, scp_id, envelope, key_id=signing.key_id, issued_at=at)
            ),
        )

    async def set_commands(job: Job, context: JobContext) -> Outcome:
        """Show the commands in the language chosen in this chat; nobody waits for it."""
        await profile.speak(bot, job.place.chat_id, job.arguments["language"])
        return Outcome(None)

    return [
        JobKind("pod", look_up, CALLS, seconds=2 * CENTRAL_SECONDS),
        JobKind("scp", make_scp, CALLS, seconds=120.0),
        JobKind("commands", set_commands, CHORES, seconds=60.0, awaited=False, returns=False),
    ]


def _ignore(done: bool) -> None:
    """Whether the file was still wanted is seen in its state."""
