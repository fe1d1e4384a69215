"""Files of tickets: the report, and everything said in one of them."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Sequence
from functools import partial

from sqlalchemy import Connection
from telegram import Bot

from backend.core.blobs import service as blobs
from backend.core.child import ChildLimits, run_in_child
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.tabular.reports import Cell, Format, store_report
from backend.tickets import report
from backend.tickets import service as tickets
from backend.tickets.report import Criteria
from bot.core.jobs.asker import asker_of
from conversations.core.texts import Texts, language_for, texts
from conversations.tickets.report import TICKET_LINK
from conversations.tickets.transcript import transcript_of

FILES = JobQueue("ticket_files", concurrency=1)
"""Files of tickets; nothing that is urgent waits for them."""
DRAWINGS = "backend.programming.drawings"
LIMITS = ChildLimits(seconds=60.0, memory_bytes=2 << 30)
"""The library that writes documents reserves much and uses little."""
PORTION = 500
"""Tickets that are read and written at a time."""
NAME, SHEET = "richieste-assistenza", "Richieste"


class TicketExports:
    """Makes files of tickets, of what those who ask for them may see."""

    def __init__(self, *, database: Database, clock: Clock, bot: Bot, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._vault = vault

    async def export(self, job: Job, context: JobContext) -> Outcome:
        """Make a file of every ticket that a search finds."""
        search, kind = int(job.arguments["search"]), Format(job.arguments["kind"])
        actor = await asker_of(self._database, job)
        if actor is None or not actor.may(Permission.SEE_TICKETS):
            return Outcome({"files": []})
        wanted: Criteria | None = Criteria()
        if search:
            kept = partial(report.kept, actor=actor, search_id=search)
            wanted = await self._database.short_read(kept)
        if wanted is None:
            return Outcome({"files": []})
        lines = self._lines(actor, wanted, context)
        digests, number = await store_report(
            self._database, self._vault, report.COLUMNS, lines, kind, sheet=SHEET
        )
        names = [f"{NAME}-{at}" if len(digests) > 1 else NAME for at in range(1, len(digests) + 1)]
        made = [[digest, f"{name}.{kind.value}"] for digest, name in zip(digests, names, strict=True)]
        return Outcome({"files": made, "lines": number})

    async def transcript(self, job: Job, context: JobContext) -> Outcome:
        """Make a document of a ticket, as who asks for it may read it."""
        number = int(job.arguments["ticket_id"])
        actor = await asker_of(self._database, job)
        if actor is None:
            return Outcome({})
        found = await self._database.short_read(partial(tickets.find, actor=actor, ticket_id=number))
        if found is None:
            return Outcome({})
        say = await self._database.short_read(partial(self._say, job=job))
        content = json.dumps(transcript_of(say, found, self._clock.now())).encode()
        made = await run_in_child(f"{DRAWINGS}:long_document", content, LIMITS)
        pdf = base64.b64decode(made["pdf"])
        digest = await blobs.store(self._database, pdf, "application/pdf", self._vault)
        return Outcome({"digest": digest, "name": f"richiesta-{number}.pdf"})

    def _say(self, connection: Connection, job: Job) -> Texts:
        language = outbox.language_of(connection, self._bot.id, job.destination.chat_id)
        return texts(language_for(language, job.language))

    async def _lines(
        self, actor: Actor, wanted: Criteria, context: JobContext
    ) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        total = await self._database.long_read(partial(report.count, actor=actor, wanted=wanted))
        at, done = self._clock.now(), 0
        before: int | None = None
        while found := await self._database.long_read(
            partial(report.newest, actor=actor, wanted=wanted, limit=PORTION, before=before)
        ):
            yield [report.cells(line, self._address(line.id), at) for line in found]
            before, done = found[-1].id, done + len(found)
            await context.progress(min(done, total), total)

    def _address(self, ticket_id: int) -> str:
        return f"https://t.me/{self._bot.username}?start={TICKET_LINK}_{ticket_id}"


def file_jobs(files: TicketExports) -> tuple[JobKind, ...]:
    """The jobs that make files of tickets."""
    return (
        JobKind("tickets_export", files.export, FILES, seconds=3600.0, retry=Retry(attempts=2)),
        JobKind("ticket_transcript", files.transcript, FILES, seconds=90.0, retry=Retry(attempts=2)),
    )
