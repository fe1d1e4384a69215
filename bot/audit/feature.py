"""The audit beside the turns: files are made for auditors."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from backend.audit import export
from backend.audit import service as audit
from backend.audit.values import Search
from backend.core.blobs import service as blobs
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.tabular.dialect import Dialect
from backend.tabular.writing import written
from bot.core.feature import RunningFeature
from conversations.audit import criteria
from conversations.audit.wording import COLUMNS, REPORT_COLUMNS, cells, headings, report_cells
from conversations.core.texts import Texts, language_for, texts

EXPORTS = JobQueue("exports", concurrency=1)
"""Exports of the audit; nothing that is urgent waits for them."""


class AuditJobs:
    """The jobs of auditors."""

    def __init__(self, database: Database, vault: Vault, bot_id: int) -> None:
        self._database = database
        self._vault = vault
        self._bot_id = bot_id

    async def make(self, job: Job, context: JobContext) -> Outcome:
        """Make a file: the entries of a search, or the report on look-ups."""
        actor, say = await self._database.short_read(partial(self._asked_by, job=job))
        asked = criteria.read(str(job.arguments["of"]))
        if actor is None or not actor.may(Permission.SEARCH_AUDIT) or asked is None:
            return Outcome({"files": []})
        wanted = asked[0]
        if job.arguments["what"] == "unused":
            return await self._unused(actor, say, wanted)
        digests, lines = await export.export(
            self._database,
            self._vault,
            actor,
            wanted,
            headings(say, COLUMNS),
            partial(cells, say),
            context.progress,
        )
        made = [
            [digest, f"registro-{number}.csv" if len(digests) > 1 else "registro.csv"]
            for number, digest in enumerate(digests, start=1)
        ]
        return Outcome({"files": made, "lines": lines})

    async def _unused(self, actor: Actor, say: Texts, wanted: Search) -> Outcome:
        found = await self._database.long_read(partial(audit.look_ups, actor=actor, since=wanted.since))
        lines = [headings(say, REPORT_COLUMNS), *(report_cells(say, each) for each in found)]
        digest = await blobs.store(self._database, written(lines, Dialect()), export.CSV_TYPE, self._vault)
        return Outcome({"files": [[digest, "ricerche-senza-associazione.csv"]], "lines": len(found)})

    def _asked_by(self, connection: Connection, job: Job) -> tuple[Actor | None, Texts]:
        chosen = outbox.language_of(connection, self._bot_id, job.destination.chat_id)
        return identity.actor_of(connection, job.user_id), texts(language_for(chosen, job.language))


def audit_feature(work: AuditJobs) -> RunningFeature:
    """Files for auditors."""
    return RunningFeature(
        job_kinds=(JobKind("audit_make", work.make, EXPORTS, seconds=3600.0, retry=Retry(attempts=2)),)
    )
