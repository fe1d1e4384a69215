"""Bulk requests beside the turns: files are checked, rows are processed, archives are made."""

from __future__ import annotations

import asyncio
import html
from datetime import timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection
from telegram import Bot

from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Limits
from backend.bulk import files, lines, processing
from backend.bulk import service as bulk
from backend.bulk.errors import BulkNotFound
from backend.bulk.processing import Ended, Work
from backend.bulk.values import Checked, RowState, Verdict
from backend.core.blobs import service as blobs
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, PutOff, Retry, Run
from backend.core.jobs.values import Job
from backend.core.json_values import from_json, to_json
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Rank
from backend.core.refusals import Refused
from backend.identity import service as identity
from backend.identity.values import Actor
from backend.notices import service as notices
from backend.scp import service as scp
from backend.supplies import service as supplies
from backend.supplies.central import CentralSystem
from backend.supplies.errors import CentralUnavailable
from backend.supplies.pod import Pod
from backend.tabular.dialect import Dialect
from backend.tabular.reasons import FileRefused
from backend.tabular.table import read_table
from bot.core import attachments
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature
from conversations.bulk.card import request_card
from conversations.bulk.notices import BULK_DONE
from conversations.bulk.wording import outcome
from conversations.core.prompts import to_json as content_of
from conversations.core.texts import Texts, language_for, texts

ROWS = JobQueue("bulk", concurrency=40)
"""Rows of bulk requests; a single look-up never waits for them."""
FILES = JobQueue("files", concurrency=3)
"""Files that are read or made: each takes a child process, or a good deal of the processor."""
CARD_MS = 2_000
"""The card of a request is brought up to date as often as this."""
ROW_SECONDS = 15.0
"""For so long one row waits for the central system."""
ROW_RETRY = Retry(attempts=5, first_seconds=2.0, factor=3.0, longest_seconds=120.0, jitter=0.3)


class BulkJobs:
    """The jobs of bulk requests."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        bot: Bot,
        central: CentralSystem,
        vault: Vault,
        sid_pattern: str,
        look_up_limits: Limits,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._central = central
        self._vault = vault
        self._sid_pattern = sid_pattern
        self._limits = look_up_limits

    async def check(self, job: Job, context: JobContext) -> Outcome:
        """Fetch a file, or take the one that was fetched, and check it."""
        actor = await self._actor(job)
        if actor is None:
            return Outcome({"why": "gone"})
        known = await self._database.short_read(partial(bulk.checked_by, job_id=job.id))
        if known is not None:
            return Outcome({"upload_id": known})
        arguments = job.arguments
        if "upload_id" in arguments:
            before = await self._database.short_read(
                partial(bulk.upload, actor=actor, upload_id=int(arguments["upload_id"]))
            )
            name, digest = before.name, before.digest
            blob = await self._database.long_read(partial(blobs.get, digest=digest, vault=self._vault))
            content = blob.data
        else:
            name = str(arguments["name"])
            try:
                content = await attachments.fetch(self._bot, arguments["file_id"])
            except attachments.FileGone:
                return Outcome({"why": "gone"})
            except attachments.FileTooBig:
                return Outcome({"why": "too_big"})
            digest = await blobs.store(self._database, content, "application/octet-stream", self._vault)
        upload_id = await self._check(job, actor, name, digest, content, arguments.get("sheet"))
        return Outcome({"upload_id": upload_id})

    async def _check(
        self, job: Job, actor: Actor, name: str, digest: str, content: bytes, sheet: int | None
    ) -> int:
        at = self._clock.now()
        store = partial(
            bulk.store,
            actor=actor,
            job_id=job.id,
            name=name,
            digest=digest,
            fingerprint=_fingerprint(content, sheet),
            at=at,
        )
        try:
            table = await read_table(content, sheet)
            if not table.lines and table.sheets:
                checked = Checked(sheets=table.sheets)
                return await self._database.write(partial(store, checked=checked))
            heading, found = lines.read_lines(table, self._sid_pattern)
        except FileRefused as error:
            refused = Verdict(RowState.WRONG, error.reason.value, dict(error.values))
            return await self._database.write(partial(store, checked=Checked(refused=refused)))
        asked = len(processing.to_ask(found))
        try:
            await self._database.short_read(
                partial(budgets.check, actor=actor, number=asked, at=at, limits=self._limits)
            )
        except BudgetSpent as refusal:
            spent = Verdict(RowState.WRONG, refusal.key, to_json(refusal.spent))

            def refuse(connection: Connection, refusal: BudgetSpent = refusal) -> int:
                budgets.record_spent(connection, actor, refusal, at)
                return store(connection, checked=Checked(refused=spent))

            return await self._database.write(refuse)
        answers = await processing.ask_for(self._central, found)

        rows = await self._database.long_read(
            partial(processing.check, actor=actor, lines=found, answers=answers)
        )

        def keep(connection: Connection) -> int:
            processing.record_look_ups(connection, actor, rows, at)
            dialect = to_json(table.dialect) if table.dialect is not None else None
            return store(connection, checked=Checked(heading, tuple(rows), dialect=dialect))

        return await self._database.write(keep, patient=True)

    async def begin(self, job: Job, context: JobContext) -> Outcome:
        """Make a job of each row that waits."""
        request_id = int(job.arguments["request_id"])

        def add(connection: Connection) -> None:
            rows = processing.waiting_rows(connection, request_id)
            arguments = [{"row_id": row} for row in rows]
            jobs.add_like(connection, job, "bulk_row", arguments, self._clock.now())

        return Outcome(None, add)

    async def row(self, job: Job, context: JobContext) -> Outcome:
        """Process a row. A failure that may pass is tried again."""
        row_id = int(job.arguments["row_id"])
        work = await self._database.short_read(partial(processing.work_of, row_id=row_id))
        if work is None:
            return Outcome(None)
        if not work.begun and not await self._database.write(
            partial(processing.begin, request_id=work.request_id, at=self._clock.now())
        ):
            return Outcome(None)
        actor = await self._actor(job)
        at = self._clock.now()
        try:
            await self._database.short_read(
                partial(processing.check_budget, actor=actor, at=at, limits=self._limits)
            )
        except Refused as refusal:
            return Outcome(None, partial(self._refused, job=job, actor=actor, work=work, refusal=refusal))
        answer = await self._ask(work)
        if processing.may_pass(work, answer) and job.attempt < ROW_RETRY.attempts:
            raise PutOff(type(answer).__name__)

        def end(connection: Connection) -> None:
            at = self._clock.now()
            self._ended(connection, job, processing.conclude(connection, actor, work, answer, at))

        return Outcome(None, end)

    async def _ask(self, work: Work) -> processing.Answer:
        code = work.row.pod or ""
        try:
            async with asyncio.timeout(ROW_SECONDS):
                return await supplies.ask(self._central, Pod(code, code))
        except TimeoutError:
            return CentralUnavailable("no answer in time")

    def _refused(
        self, connection: Connection, job: Job, actor: Actor | None, work: Work, refusal: Refused
    ) -> None:
        at = self._clock.now()
        self._ended(connection, job, processing.refuse(connection, actor, work, refusal, at))

    def row_gave_up(self, connection: Connection, job: Job) -> None:
        """A row whose processing never came to an end has failed, and can run again."""
        work = processing.work_of(connection, int(job.arguments["row_id"]))
        if work is not None:
            self._ended(connection, job, processing.fail(connection, work, self._clock.now()))

    def _ended(self, connection: Connection, job: Job, ended: Ended) -> None:
        at = self._clock.now()
        if ended.scp_id is not None:
            jobs.add_like(
                connection, job, "bulk_scp", [{"scp_id": ended.scp_id, "batch": ended.request_id}], at
            )
        if ended.shows:
            arguments = [{"request_id": ended.request_id}]
            jobs.add_like(connection, job, "bulk_card", arguments, at, delay_ms=CARD_MS)
        if ended.finished:
            self._show(connection, job, ended.request_id)
            notices.add(
                connection,
                ended.person_id,
                BULK_DONE,
                {"request_id": ended.request_id, "integrator_id": ended.integrator_id},
                dedupe_key=f"{ended.request_id}-{ended.runs}",
                at=at,
            )

    def begin_gave_up(self, connection: Connection, job: Job) -> None:
        """The rows never became jobs: they have failed, and can run again."""
        request_id, at = int(job.arguments["request_id"]), self._clock.now()
        if not processing.begin(connection, request_id, at):
            return
        for row_id in processing.waiting_rows(connection, request_id):
            work = processing.work_of(connection, row_id)
            if work is not None:
                self._ended(connection, job, processing.fail(connection, work, at))

    def scp_gave_up(self, connection: Connection, job: Job) -> None:
        """An SCP file whose making never came to an end has failed, and can be asked for again."""
        scp.mark_failed(connection, int(job.arguments["scp_id"]), "gave-up", self._clock.now())

    async def card(self, job: Job, context: JobContext) -> Outcome:
        """Bring the cards of a request up to date."""
        number = int(job.arguments["request_id"])
        return Outcome(None, partial(self._show, job=job, request_id=number))

    def _show(self, connection: Connection, job: Job, request_id: int) -> None:
        cards = bulk.cards_of(connection, request_id)
        request = bulk.request_of_any(connection, request_id)
        if request is None:
            return
        for destination, card_id in cards:
            say = self._say(connection, job, destination.chat_id)
            outbox.update_post(
                connection,
                destination,
                card_id,
                content_of(request_card(say, request)),
                correlation=job.correlation,
                rank=Rank.NOTICE,
            )

    async def make(self, job: Job, context: JobContext) -> Outcome:
        """Make a file: the template, the lines to correct, the archive of SCP files."""
        actor = await self._actor(job)
        if actor is None:
            return Outcome({"files": []})
        number = int(job.arguments["id"])
        say = await self._database.short_read(partial(self._say, job=job, chat_id=job.destination.chat_id))
        try:
            match job.arguments["what"]:
                case "template":
                    made = [(files.TEMPLATE_NAME, await self._store(files.template(), files.CSV_TYPE))]
                case "corrections":
                    made = await self._corrections(actor, number, say)
                case _:
                    return await self._zip(job, actor, number, say)
        except BulkNotFound:
            made = []
        return Outcome({"files": [[digest, name] for name, digest in made]})

    async def _corrections(self, actor: Actor, upload_id: int, say: Texts) -> list[tuple[str, str]]:
        found = await self._database.short_read(partial(bulk.upload, actor=actor, upload_id=upload_id))
        rows = await self._database.long_read(partial(bulk.rows_to_correct, actor=actor, upload_id=upload_id))
        if not rows:
            return []
        reasons = [html.unescape(outcome(say, row.outcome, row.values)) for row in rows]
        dialect = from_json(Dialect, found.dialect) if found.dialect is not None else None
        stem = found.name.rpartition(".")[0] or found.name
        content = files.corrections(found.heading, rows, reasons, dialect)
        if dialect is not None:
            return [(f"{stem}-da-correggere.csv", await self._store(content, files.CSV_TYPE))]
        return [(f"{stem}-da-correggere.xlsx", await self._store(content, files.WORKBOOK_TYPE))]

    async def _zip(self, job: Job, actor: Actor, request_id: int, say: Texts) -> Outcome:
        def ask(connection: Connection) -> list[files.Entry]:
            at = self._clock.now()
            found = files.entries_of(connection, actor, request_id, at)
            wanted = [
                {"scp_id": each.to_make, "batch": request_id} for each in found if each.to_make is not None
            ]
            jobs.add_like(connection, job, "bulk_scp", wanted, at)
            return found

        entries = await self._database.write(ask)
        if not entries:
            return Outcome({"files": []})
        words = {state: html.unescape(say(f"bulk.scp.{state}")) for state in files.STATES}
        made = []
        found = files.parts(entries)
        for number, part in enumerate(found, start=1):
            content = files.archive(self._database, self._vault, part, words)
            digest = await blobs.store(self._database, content, files.ZIP_TYPE, self._vault)
            name = f"richiesta-{request_id}" + (f"-{number}" if len(found) > 1 else "")
            made.append([digest, f"{name}.zip"])
        ready = [each.file.id for each in entries if each.file is not None]
        awaited = sum(each.state == "awaited" for each in entries)
        distributor = sum(each.state == "distributor" for each in entries)
        return Outcome({"files": made, "scp_ids": ready, "awaited": awaited, "distributor": distributor})

    async def _store(self, content: bytes, media_type: str) -> str:
        return await blobs.store(self._database, content, media_type, self._vault)

    async def _actor(self, job: Job) -> Actor | None:
        """Who asked for the job, in the membership that they asked in."""
        if job.membership_id is None:
            return None

        return await self._database.short_read(
            partial(identity.acting_as, telegram_user_id=job.user_id, membership_id=job.membership_id)
        )

    def _say(self, connection: Connection, job: Job, chat_id: int) -> Texts:
        chosen = outbox.language_of(connection, self._bot.id, chat_id)
        return texts(language_for(chosen, job.language))


def _fingerprint(content: bytes, sheet: int | None) -> str:
    """What makes a file the same one: its content, and the sheet that was chosen."""
    return sha256(content + (b"" if sheet is None else f"\0sheet {sheet}".encode())).hexdigest()


def bulk_feature(
    work: BulkJobs, make_scp: Run, *, corrections_kept: timedelta, requests_kept: timedelta
) -> RunningFeature:
    """Jobs of bulk requests. `make_scp` makes an SCP file, as it does for a single association."""
    forget_old = partial(bulk.forget_old, corrections_kept=corrections_kept, requests_kept=requests_kept)
    return RunningFeature(
        job_kinds=(
            JobKind("bulk_check", work.check, FILES, seconds=90.0),
            JobKind(
                "bulk_begin",
                work.begin,
                CALLS,
                seconds=30.0,
                awaited=False,
                gave_up=work.begin_gave_up,
                returns=False,
            ),
            JobKind(
                "bulk_row",
                work.row,
                ROWS,
                seconds=60.0,
                retry=ROW_RETRY,
                awaited=False,
                gave_up=work.row_gave_up,
                returns=False,
            ),
            JobKind("bulk_card", work.card, ROWS, seconds=30.0, awaited=False, returns=False),
            JobKind(
                "bulk_scp",
                make_scp,
                ROWS,
                seconds=120.0,
                awaited=False,
                gave_up=work.scp_gave_up,
                returns=False,
            ),
            JobKind("bulk_make", work.make, FILES, seconds=300.0),
        ),
        chat_moved=bulk.migrate_chat,
        due_checks=(DueCheck("bulk_uploads", forget_old),),
    )
