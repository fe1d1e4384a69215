"""SCP files are made outside of turns."""

from __future__ import annotations

import structlog

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, Outcome, Run
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.scp import service as scp
from backend.scp.errors import ScpSourceFailed
from backend.scp.source import ScpSource
from bot.core.feature import CALLS, RunningFeature
from device_bridge.wire.signing import SigningKeys

log = structlog.get_logger(__name__)


def scp_feature(make_scp: Run) -> RunningFeature:
    """Has the files made for single associations."""
    return RunningFeature(job_kinds=(JobKind("scp", make_scp, CALLS, seconds=120.0),))


def scp_maker(database: Database, clock: Clock, source: ScpSource, signing: SigningKeys, vault: Vault) -> Run:
    """The work of a job that has a file made by this source."""

    async def make_scp(job: Job, context: JobContext) -> Outcome:
        """Have the SCP file made; the chat gets it, or is told that it could not be made."""
        scp_id = int(job.arguments["scp_id"])
        wanted = await database.short_read(lambda connection: scp.request_of(connection, scp_id))
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

    return make_scp


def _ignore(done: bool) -> None:
    """True if the file was still wanted is seen in its state."""
