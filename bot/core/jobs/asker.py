"""Who asked for a job."""

from __future__ import annotations

from functools import partial

from backend.core.db.database import Database
from backend.core.jobs.values import Job
from backend.identity import service as identity
from backend.identity.values import Actor


async def asker_of(database: Database, job: Job) -> Actor | None:
    """The actor who asked for a job, in the place in which they did; None where that is gone."""
    if job.membership_id is not None:
        return await database.short_read(
            partial(identity.acting_as, telegram_user_id=job.user_id, membership_id=job.membership_id)
        )
    return await database.short_read(partial(identity.actor_of, telegram_user_id=job.user_id))
