"""Programming jobs beside the turns: what the gateway needs, cards that follow, files, pictures, reports."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection
from telegram import Bot

from backend.bridges import service as bridges
from backend.bridges.values import Bridge
from backend.core.blobs import service as blobs
from backend.core.blobs.errors import BlobError
from backend.core.child import ChildFailed, ChildLimits, run_in_child
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.signals import notify
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Run
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, Rank
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.programming import runs, upkeep
from backend.programming import service as programming
from backend.programming.runs import Leased
from backend.programming.values import OnSite, ProgrammingJob, ProgrammingState
from backend.scp import service as scp
from backend.scp.source import MAKE_SECONDS
from bot.core import attachments
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature
from bot.programming.report import document_of
from conversations.core.prompts import to_json as content_of
from conversations.core.texts import Texts, language_for, texts
from conversations.programming.card import job_card
from conversations.programming.readings import csv_of, log_title
from device_bridge.wire.envelope import open_envelope
from device_bridge.wire.signing import SigningKeys

log = structlog.get_logger(__name__)

DRAWINGS = JobQueue("drawings", concurrency=2)
"""Each takes a child process."""
MODULE = "backend.programming.drawings"
LIMITS = ChildLimits(seconds=30.0, memory_bytes=2 << 30)
"""The library that draws reserves much and uses little."""
EVER = timedelta(days=36500)
JPEG, PNG, PDF, CSV = "image/jpeg", "image/png", "application/pdf", "text/csv"


class ProgrammingWork:
    """What is done for programming jobs outside of turns."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        bot: Bot,
        vault: Vault,
        signing: SigningKeys,
        make_scp: Run,
        folder: Path,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._vault = vault
        self._signing = signing
        self._make_scp = make_scp
        self._cache = str(folder / "drawings")

    # ── for the gateway ───────────────────────────────────────────────────────────────────────────

    async def envelope(self, bridge: Bridge, leased: Leased, at: datetime) -> bytes | None:
        """The current SCP file of a job, handed to the bridge's technician; None while it is to come."""
        file = leased.file
        if file is None or not (file.is_current(at) or file.is_pending):
            await self._database.write(
                partial(self._ask_file, job_id=leased.job.id, person_id=bridge.person_id)
            )
            return None
        if file.digest is None:
            return None
        digest = file.digest
        try:
            blob = await self._database.long_read(partial(blobs.get, digest=digest, vault=self._vault))
        except BlobError as error:
            log.warning("programming.file_unreadable", job=leased.job.id, error=type(error).__name__)
            return None

        def hand_over(connection: Connection) -> None:
            if not scp.was_delivered(connection, file.id, bridge.person_id):
                integrator = leased.job.association.integrator_id
                actor = identity.acting_for(connection, bridge.person_id, integrator)
                if actor is not None:
                    scp.record_delivery(connection, actor, file.id, at)

        await self._database.write(hand_over)
        return blob.data

    def _ask_file(self, connection: Connection, job_id: int, person_id: int) -> None:
        self._add_job(connection, "programming_scp", {"job_id": job_id}, person_id)

    async def digest(self, job_id: int, sequence: int) -> bytes | None:
        """The SHA-256 of the content of a job's SCP file with this number."""

        def find(connection: Connection) -> str | None:
            job = programming.get_any(connection, job_id)
            file = None if job is None else scp.of_sequence(connection, job.association, sequence)
            return None if file is None else file.digest

        digest = await self._database.short_read(find)
        if digest is None:
            return None
        blob = await self._database.long_read(partial(blobs.get, digest=digest, vault=self._vault))
        envelope = open_envelope(blob.data, self._signing.trusted, self._clock.now(), EVER)
        return hashlib.sha256(envelope.content).digest()

    def changed(self, connection: Connection, job_id: int) -> None:
        """A bridge has changed a job: its cards follow, and one that is CONFIRMED by it gets its report."""
        job = self._show(connection, job_id)
        if job is not None and job.state is ProgrammingState.CONFIRMED and job.report is None:
            self._add_job(connection, "programming_report", {"job_id": job_id}, job.technician_id)

    def _show(self, connection: Connection, job_id: int) -> ProgrammingJob | None:
        job = programming.get_any(connection, job_id)
        if job is None:
            return None
        for destination, card_id in programming.cards_of(connection, job_id):
            person = identity.person_id_of(connection, destination.chat_id)
            actor = identity.acting_for(connection, person or 0, job.association.integrator_id)
            if actor is None or not actor.may(Permission.SEE_ASSOCIATIONS):
                programming.leave_card(connection, card_id)
                continue
            say = self._say(connection, destination.chat_id, actor.language)
            outbox.update_post(
                connection,
                destination,
                card_id,
                content_of(job_card(say, job, actor)),
                correlation=f"programming-{job_id}",
                rank=Rank.NOTICE,
            )
        return job

    def _add_job(self, connection: Connection, kind: str, arguments: dict[str, Any], person_id: int) -> None:
        address = identity.addresses_of(connection, [person_id]).get(person_id)
        if address is None:
            return
        jobs.add(
            connection,
            kind,
            arguments,
            Destination.of(self._bot.id, address.telegram_user_id),
            address.telegram_user_id,
            language=address.language,
            card_id=None,
            correlation=kind[:32],
            at=self._clock.now(),
            action="programming_report" if kind == "programming_report" else None,
        )

    # ── jobs ──────────────────────────────────────────────────────────────────────────────────────

    async def make_scp(self, job: Job, context: JobContext) -> Outcome:
        """Have the SCP file of a job made, where there is no current one; the bridges are offered it."""
        job_id, at = int(job.arguments["job_id"]), self._clock.now()

        def ask(connection: Connection) -> dict[str, Any]:
            found = programming.get_any(connection, job_id)
            if found is None or found.association.deleted_at is not None:
                return {}
            file = scp.order_for(connection, found.association, at)
            return {"scp_id": file.id, "person_id": found.technician_id} if file.is_pending else {}

        arguments = await self._database.write(ask)
        outcome = Outcome(None)
        if arguments:
            outcome = await self._make_scp(replace(job, arguments=arguments), context)

        def change(connection: Connection) -> None:
            if outcome.change is not None:
                outcome.change(connection)
            self._show(connection, job_id)  # it may be awaited now
            notify(connection, bridges.SIGNAL)

        return Outcome(None, change)

    async def file_attached(self, job: Job, context: JobContext) -> Outcome:
        """The staff has attached the SCP file of an association: its job goes on."""
        association_id = int(job.arguments["association_id"])

        def show(connection: Connection) -> None:
            found = programming.open_of_any(connection, association_id)
            if found is not None:
                self._show(connection, found.id)
            notify(connection, bridges.SIGNAL)

        return Outcome(None, show)

    async def show(self, job: Job, context: JobContext) -> Outcome:
        """Bring the cards of a job up to date after somebody has changed it."""
        job_id = int(job.arguments["job_id"])

        def show(connection: Connection) -> None:
            self._show(connection, job_id)

        return Outcome(None, show)

    async def follow(self, job: Job, context: JobContext) -> Outcome:
        """An association was deleted or replaced: its job follows, and so do the cards."""

        def follow(connection: Connection) -> None:
            for job_id in upkeep.follow_associations(connection, self._clock.now()):
                self._show(connection, job_id)

        return Outcome(None, follow)

    async def report(self, job: Job, context: JobContext) -> Outcome:
        """Make the installation report of a job, with the picture that came with the technician's word."""
        job_id = int(job.arguments["job_id"])
        found = await self._database.short_read(partial(programming.get_any, job_id=job_id))
        if found is None or found.state is not ProgrammingState.CONFIRMED:
            return Outcome({"why": "gone"})
        if found.report is not None:
            return Outcome({"job_id": job_id, "digest": found.report})
        word = found.on_site
        picture = await self._picture(word) if word is not None else b""
        store: Callable[[Connection], None] | None = None
        if picture and word is not None and word.photo is None:
            digest = await blobs.store(self._database, picture, JPEG, self._vault)
            store = partial(programming.store_photo, job_id=job_id, digest=digest)
        say = await self._database.short_read(
            partial(self._say, chat_id=job.destination.chat_id, language=job.language)
        )
        made = await run_in_child(
            f"{MODULE}:document", picture, LIMITS, **document_of(say, found, bool(picture))
        )
        report = await blobs.store(self._database, base64.b64decode(made["pdf"]), PDF, self._vault)

        def change(connection: Connection) -> None:
            if store is not None:
                store(connection)
            programming.store_report(connection, job_id, report)

        return Outcome({"job_id": job_id, "digest": report}, change)

    async def _picture(self, word: OnSite) -> bytes:
        """The picture of a job, without anything but its pixels; empty for none that can be read."""
        if word.photo is not None:
            digest = word.photo
            blob = await self._database.long_read(partial(blobs.get, digest=digest, vault=self._vault))
            return blob.data
        if not word.photo_file:
            return b""
        try:
            content = await attachments.fetch(self._bot, word.photo_file)
            made = await run_in_child(f"{MODULE}:photo", content, LIMITS)
        except (attachments.FileGone, attachments.FileTooBig, ChildFailed):
            return b""
        return base64.b64decode(made.get("jpeg", ""))

    async def draw(self, job: Job, context: JobContext) -> Outcome:
        """Draw the log of a reading as a chart, and write it as CSV."""
        log = job.arguments["log"]
        say = await self._database.short_read(
            partial(self._say, chat_id=job.destination.chat_id, language=job.language)
        )
        title = html.unescape(log_title(say, log["kind"], str(job.arguments.get("factor", ""))))
        made = await run_in_child(
            f"{MODULE}:chart",
            b"",
            LIMITS,
            samples=log["samples"],
            title=title,
            unit="kWh",
            cache=self._cache,
        )
        chart = await blobs.store(self._database, base64.b64decode(made["png"]), PNG, self._vault)
        table = await blobs.store(self._database, csv_of(log), CSV, self._vault)
        return Outcome({"chart": chart, "csv": table})

    def _say(self, connection: Connection, chat_id: int, language: str) -> Texts:
        return texts(language_for(outbox.language_of(connection, self._bot.id, chat_id), language))


def programming_feature(work: ProgrammingWork, kept: timedelta) -> RunningFeature:
    """Jobs and checks of programming. Jobs that are over are kept for so long."""
    return RunningFeature(
        job_kinds=(
            JobKind(
                "programming_scp", work.make_scp, CALLS, seconds=MAKE_SECONDS, awaited=False, returns=False
            ),
            JobKind("programming_report", work.report, DRAWINGS, seconds=90.0),
            JobKind("programming_cards", work.show, CALLS, seconds=30.0, awaited=False, returns=False),
            JobKind("programming_follow", work.follow, CALLS, seconds=30.0, awaited=False, returns=False),
            JobKind(
                "programming_file", work.file_attached, CALLS, seconds=30.0, awaited=False, returns=False
            ),
            JobKind("programming_draw", work.draw, DRAWINGS, seconds=60.0),
        ),
        due_checks=(
            DueCheck("programming_gone", upkeep.check_associations),
            DueCheck("programming_old", partial(upkeep.forget_old, kept=kept)),
            DueCheck("programming_leases", runs.release),
        ),
        chat_moved=programming.migrate_chat,
    )
