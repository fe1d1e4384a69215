"""The progress of a job, on the card that waits for it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.values import Job
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Rank
from conversations.core.prompts import with_progress
from conversations.core.texts import language_for, texts
from conversations.core.waiting import bar

EVERY_SECONDS = 3.0


class Reporter:
    """The context of one try at a job. It edits the card only while the job is held, so that progress never
    takes the place of a result.
    """

    def __init__(self, database: Database, job: Job, ticks: Callable[[], float]) -> None:
        self._database = database
        self._job = job
        self._ticks = ticks
        self._began_at = ticks()
        self._told_at: float | None = None

    async def progress(self, done: int, total: int) -> None:
        """See `JobContext`. Raises LeaseLost, and ValueError where `total` is not positive."""
        if total <= 0:
            raise ValueError("there is nothing to be done")
        now = self._ticks()
        if self._told_at is not None and now - self._told_at < EVERY_SECONDS:
            return
        self._told_at = now
        seconds = (now - self._began_at) / done * (total - done) if done else None
        await self._database.write(lambda connection: self._show(connection, done, total, seconds))

    def _show(self, connection: Connection, done: int, total: int, seconds: float | None) -> None:
        job, destination = self._job, self._job.destination
        card_id = jobs.card_of(connection, job)
        content = outbox.content_of(connection, destination, card_id) if card_id is not None else None
        if card_id is None or content is None:
            return
        say = texts(
            language_for(
                outbox.language_of(connection, destination.bot_id, destination.chat_id), job.language
            )
        )
        outbox.update_post(
            connection,
            destination,
            card_id,
            with_progress(content, bar(say, done, total, seconds)),
            correlation=job.correlation,
            rank=Rank.NOTICE,  # never ahead of what somebody waits for
        )
