"""SCP files are made, and those that the staff attaches are fetched, outside of turns."""

from __future__ import annotations

import hashlib
from functools import partial

import structlog
from sqlalchemy import Connection
from telegram import Bot

from backend.central.client import CentralClient
from backend.central.scp import HttpScpSource
from backend.core.blobs import service as blobs
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, Outcome, Run
from backend.core.jobs.values import Job
from backend.core.json_values import to_json
from backend.core.keys.vault import Vault
from backend.identity import service as identity
from backend.identity.errors import NotPermitted
from backend.scp import attaching
from backend.scp import service as scp
from backend.scp.errors import ScpAwaited, ScpSourceFailed
from backend.scp.source import MAKE_SECONDS, GeneratedScpSource, ScpSource, UploadedScpSource
from backend.scp.values import MEDIA_TYPE, Sealed, Target
from bot.core import attachments
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature
from bot.core.settings import ScpOrigin, Settings
from device_bridge.wire.signing import SigningKeys

log = structlog.get_logger(__name__)


def source_for(settings: Settings, client: CentralClient | None) -> ScpSource:
    """The source of the content that the settings name; `client` is that of the central system. Raises
    ValueError where that is needed, and there is none.
    """
    match settings.scp_source:
        case ScpOrigin.UPLOADED:
            return UploadedScpSource()
        case ScpOrigin.GENERATED:
            return GeneratedScpSource()
        case ScpOrigin.CENTRAL:
            if client is None:
                raise ValueError("there is no central system that makes SCP files")
            return HttpScpSource(client)


class ScpReceiver:
    """Fetches what the staff sends, and puts it into an envelope."""

    def __init__(
        self, database: Database, clock: Clock, bot: Bot, signing: SigningKeys, vault: Vault
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._signing = signing
        self._vault = vault

    async def receive(self, job: Job, context: JobContext) -> Outcome:
        """Fetch a file for an association, and store it in an envelope, encrypted. It is nobody's until it is
        attached, and is deleted after a day if it never is. `{"why": …}` says why it cannot be one.
        """
        try:
            content = await attachments.fetch(self._bot, job.arguments["file_id"])
        except attachments.FileGone:
            return Outcome({"why": "gone"})
        except attachments.FileTooBig:
            return Outcome({"why": "too_big"})
        if (fault := attaching.fault_of(content)) is not None:
            return Outcome({"why": fault})
        association_id = int(job.arguments["association_id"])

        def find(connection: Connection) -> Target | None:
            actor = identity.actor_of(connection, job.user_id)
            return attaching.target(connection, actor, association_id) if actor is not None else None

        try:
            target = await self._database.long_read(find)
        except NotPermitted:
            target = None
        if target is None:
            return Outcome({"why": "association"})
        at = self._clock.now()
        envelope = scp.seal(content, self._signing, target.request, at)
        sealed = Sealed(
            fills=target.request.scp_id,
            newest=target.newest,
            sequence=target.request.sequence,
            digest=await blobs.store(self._database, envelope, MEDIA_TYPE, self._vault),
            size=len(envelope),
            key_id=self._signing.key_id,
            issued_at=at,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        return Outcome({"sealed": to_json(sealed), "size": len(content)})


def scp_feature(make_scp: Run, receiver: ScpReceiver) -> RunningFeature:
    """Has the files made for single associations, and fetches those that the staff attaches."""
    return RunningFeature(
        job_kinds=(
            JobKind("scp", make_scp, CALLS, seconds=MAKE_SECONDS),
            JobKind("scp_receive", receiver.receive, CALLS, seconds=60.0),
        ),
        due_checks=(DueCheck("scp_withdrawn", attaching.withdraw),),
    )


def scp_maker(database: Database, clock: Clock, source: ScpSource, signing: SigningKeys, vault: Vault) -> Run:
    """The work of a job that has a file made by this source."""

    async def make_scp(job: Job, context: JobContext) -> Outcome:
        """Have the SCP file made; the chat gets it, or is told that it is awaited or could not be made. Who
        asked, or the `person_id` that the job names, is told when an awaited one is there; where it names a
        `batch`, when all of that is.
        """
        scp_id = int(job.arguments["scp_id"])
        wanted = await database.short_read(lambda connection: scp.request_of(connection, scp_id))
        if wanted is None:  # made meanwhile, or its association is gone: the chat sees which
            return Outcome({})
        at = clock.now()
        try:
            envelope = await scp.make(source, signing, vault, wanted, at)
        except ScpAwaited:
            return Outcome({}, partial(_await, job=job, clock=clock))
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


def _await(connection: Connection, job: Job, clock: Clock) -> None:
    person = job.arguments.get("person_id") or identity.person_id_of(connection, job.user_id)
    batch = int(job.arguments.get("batch", 0))
    attaching.mark_awaited(connection, int(job.arguments["scp_id"]), person, batch, clock.now())


def _ignore(done: bool) -> None:
    """True if the file was still wanted is seen in its state."""
