"""Useful documents beside the turns: files that the staff sends, news for followers, downloads by link."""

from __future__ import annotations

from telegram import Bot

from backend.core.blobs import service as blobs
from backend.core.child import ChildFailed, ChildLimits, ChildRefused, run_in_child
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.documents import follows, shelf
from backend.documents.links import Links
from bot.core import attachments
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.documents.downloads import Downloads

RECEIVING = JobQueue("documents", concurrency=2)
"""Each takes a child process, and holds a file of Telegram's largest."""
EXAMINE = "backend.documents.examine:examine"
LIMITS = ChildLimits(seconds=20.0, memory_bytes=1 << 30)


class DocumentFiles:
    """Fetches the files that the staff sends."""

    def __init__(self, database: Database, bot: Bot) -> None:
        self._database = database
        self._bot = bot

    async def receive(self, job: Job, context: JobContext) -> Outcome:
        """Fetch a file, examine and store it: `{"file": …}`, or `{"why": …}`. It is nobody's until it is
        published, and is deleted after a day if it never is.
        """
        name = str(job.arguments.get("name", ""))[:200]
        try:
            content = await attachments.fetch(self._bot, str(job.arguments["file_id"]))
        except attachments.FileGone:
            return Outcome({"why": "gone"})
        except attachments.FileTooBig:
            return Outcome({"why": "too_big"})
        try:
            found = await run_in_child(EXAMINE, content, LIMITS, name=name)
        except ChildRefused as refused:
            return Outcome({"why": refused.key})
        except ChildFailed:
            return Outcome({"why": "broken"})
        digest = await blobs.store(self._database, content, str(found["media_type"]))
        return Outcome({"file": {**found, "digest": digest, "size": len(content)}})


def documents_feature(database: Database, clock: Clock, bot: Bot, links: Links | None) -> RunningFeature:
    """Files come by jobs; followers are told by a due check; large files are handed over where there is a
    public address for `links`.
    """
    files = DocumentFiles(database, bot)
    return RunningFeature(
        job_kinds=(
            JobKind("document_receive", files.receive, RECEIVING, seconds=120.0, retry=Retry(attempts=3)),
        ),
        due_checks=(DueCheck("document_news", follows.tell, wakes_on=shelf.SIGNAL),),
        routes=() if links is None else (Downloads(database, clock, links).routes,),
    )
