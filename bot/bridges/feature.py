"""What bridges are asked, and where they connect."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from backend.bridges import commands, service
from backend.bridges.errors import BridgeGone
from backend.bridges.values import CommandKind, CommandState
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from bot.bridges.gateway import Gateway
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.core.http import Route, RouteGroup
from bot.core.roles import ProcessRole
from bot.core.settings import Settings
from device_bridge.wire.messages import MOST_BYTES, PATH

BRIDGES = JobQueue("bridges", concurrency=50, priority=10)
"""Questions to bridges: each waits for a laptop and a device, and computes nothing."""
ANSWER_SECONDS = 60.0
LOOK_SECONDS = 1.0


class BridgeJobs:
    """The job that asks a bridge."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def ask(self, job: Job, context: JobContext) -> Outcome:
        """Have a bridge do something, and wait for its answer: `{"answer": …}`; `{"why": "gone"}` or `"away"`
        where the bridge is not there, `"silent"` where it does not answer in time.
        """
        bridge_id, at = int(job.arguments["bridge_id"]), self._clock.now()
        if not await self._is_connected(job, bridge_id, at):
            return Outcome({"why": "away"})
        kind, argument = CommandKind(job.arguments["kind"]), dict(job.arguments["argument"])
        command_id = await self._database.write(
            partial(commands.ask, bridge_id=bridge_id, kind=kind, argument=argument, at=at)
        )
        drop = partial(commands.drop, command_id=command_id)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while True:
                    found = await self._database.short_read(partial(commands.find, command_id=command_id))
                    if found is None:
                        return Outcome({"why": "silent"})
                    if found.state is CommandState.ANSWERED:
                        return Outcome({"answer": found.answer}, drop)
                    if not await self._is_connected(job, bridge_id, self._clock.now()):
                        return Outcome({"why": "away"}, drop)
                    await self._database.signals.wait(commands.ANSWERS, LOOK_SECONDS)
        except TimeoutError:
            return Outcome({"why": "silent"}, drop)

    async def _is_connected(self, job: Job, bridge_id: int, at: datetime) -> bool:
        """True if the bridge is connected, and still the one of who asks."""

        def read(connection: Connection) -> bool:
            actor = identity.actor_of(connection, job.user_id)
            try:
                return actor is not None and service.get(connection, actor, bridge_id, at).connected
            except (BridgeGone, NotPermitted):
                return False

        return await self._database.short_read(read)


def bridges_feature(work: BridgeJobs, gateway: Gateway, settings: Settings) -> RunningFeature:
    """Questions to bridges, and the gateway where one is set up."""
    kept = timedelta(days=settings.programming_days)
    routes = RouteGroup(
        "bridges",
        (Route("GET", PATH, gateway.handle),),
        MOST_BYTES,
        host=settings.bridge_host,
        port=settings.bridge_port,
        role=ProcessRole.GATEWAY,
        tls=_tls(settings),
        closing=gateway.close,
    )
    return RunningFeature(
        job_kinds=(
            JobKind("bridge_ask", work.ask, BRIDGES, seconds=ANSWER_SECONDS + 20, retry=Retry(attempts=1)),
        ),
        due_checks=(
            DueCheck("bridge_codes", partial(service.forget_old, kept=kept)),
            DueCheck("bridge_commands", commands.forget_old),
        ),
        routes=(routes,) if settings.bridge_url else (),
    )


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if not settings.bridge_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.bridge_certificate, settings.bridge_certificate_key or None)
    return context
