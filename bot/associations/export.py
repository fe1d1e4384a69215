"""Files of the report on associations: those that somebody waits for, and those that come each week."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from backend.associations import extract, report, subscriptions
from backend.associations.report import Criteria
from backend.associations.subscriptions import Subscription
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.core.outbox.values import Destination
from backend.identity.permissions import Permission
from backend.identity.values import Actor, Address
from backend.tabular.reports import Format
from backend.tabular.spooling import Spooled, spool
from bot.core.jobs.asker import asker_of

FILES = JobQueue("association_files", concurrency=1)
"""Each takes a child process; nothing that is urgent waits for them."""
WEEKLY = "association_weekly"


class AssociationExports:
    """Makes files of associations, of what those who ask for them may see."""

    def __init__(self, *, database: Database, clock: Clock, bot_id: int, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._bot_id = bot_id
        self._vault = vault

    async def export(self, job: Job, context: JobContext) -> Outcome:
        """Make files of every association that a search finds."""
        search, kind = int(job.arguments["search"]), Format(job.arguments["kind"])
        actor = await asker_of(self._database, job)
        if actor is None or not actor.may(Permission.REPORT_ASSOCIATIONS):
            return Outcome({"files": []})
        wanted = await self._database.short_read(lambda connection: report.kept(connection, actor, search))
        if wanted is None:
            return Outcome({"files": []})
        made = await self._spooled(actor, wanted, kind, self._clock.now(), context)
        return Outcome({"files": [list(each) for each in made.files], "lines": made.lines})

    async def weekly(self, job: Job, context: JobContext) -> Outcome:
        """Make the files of a weekly report, and deliver them."""
        number, due = int(job.arguments["subscription"]), datetime.fromisoformat(job.arguments["due"])
        found = await self._database.short_read(lambda connection: subscriptions.find(connection, number))
        if found is None:
            return Outcome(None)
        subscription, actor = found
        as_of = subscriptions.as_of(due)
        made = await self._spooled(actor, subscription.wanted, Format.CSV, as_of, context)
        files = made.files if made.lines else ()

        def deliver(connection: Connection) -> None:
            subscriptions.deliver(connection, number, due, files, made.lines, self._clock.now())

        return Outcome(None, deliver)

    def undelivered(self, connection: Connection, job: Job) -> None:
        """A weekly report could not be made: its owner is told, and may make it."""
        number, due = int(job.arguments["subscription"]), datetime.fromisoformat(job.arguments["due"])
        subscriptions.deliver(connection, number, due, (), None, self._clock.now())

    def begin_due(self, connection: Connection, at: datetime) -> int:
        """Order the weekly reports that are due. Returns how many were."""

        def begin(connection: Connection, subscription: Subscription, due: datetime, to: Address) -> None:
            jobs.add(
                connection,
                WEEKLY,
                {"subscription": subscription.id, "due": due.isoformat()},
                Destination.of(self._bot_id, to.telegram_user_id),
                to.telegram_user_id,
                language=to.language,
                card_id=None,
                correlation=WEEKLY,
                at=at,
            )

        return subscriptions.begin_due(connection, at, begin)

    async def _spooled(
        self, actor: Actor, wanted: Criteria, kind: Format, at: datetime, context: JobContext
    ) -> Spooled:
        """The files of what a search finds, seen from `at`. Raises ChildFailed."""
        total = await self._database.long_read(lambda connection: report.count(connection, actor, wanted, at))

        async def progress(lines: int) -> None:
            if total:  # else there is nothing to be done
                await context.progress(min(lines, total), total)

        url = self._database.url.render_as_string(hide_password=False)
        order = extract.order(url, actor, wanted, at)
        return await spool(self._database, self._vault, extract.WORK, order, kind, progress)


def association_jobs(exports: AssociationExports) -> tuple[JobKind, ...]:
    """The jobs that make files of associations."""
    return (
        JobKind("associations_export", exports.export, FILES, seconds=3600.0, retry=Retry(attempts=2)),
        JobKind(
            WEEKLY,
            exports.weekly,
            FILES,
            seconds=3600.0,
            retry=Retry(attempts=4),
            awaited=False,
            gave_up=exports.undelivered,
            returns=False,
        ),
    )
