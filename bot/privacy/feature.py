"""What is kept about a person is gathered, and erased, outside of turns."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from backend.core.blobs import service as blobs
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.jobs import service as jobs
from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, Rank
from backend.identity import personal_data
from backend.identity.errors import LastReferent, NotOneself, PersonSuspended
from backend.privacy import service as privacy
from backend.product import KEPT
from bot.core.due_checks import DueCheck
from bot.core.feature import CALLS, RunningFeature
from conversations.core.prompts import Prompt, to_json
from conversations.core.texts import language_for, texts

FILE_NAME = "a486-dati-personali.json"


def privacy_feature(database: Database, clock: Clock, vault: Vault, kept: timedelta) -> RunningFeature:
    """Gathers a person's data, and erases it; strangers who were never let in are `kept` for so long."""

    async def export(job: Job, context: JobContext) -> Outcome:
        """Make a document of all that is kept about who asks."""
        found = await database.long_read(
            partial(personal_data.export, kept=KEPT, telegram_user_id=job.user_id)
        )
        content = json.dumps(found, ensure_ascii=False, indent=2).encode()
        digest = await blobs.store(database, content, "application/json", vault)
        return Outcome({"digest": digest, "name": FILE_NAME})

    async def erase(job: Job, context: JobContext) -> Outcome:
        """Erase who asks. This job's row goes too: where it ends, it is held no longer."""
        found = await database.long_read(
            partial(privacy.find_mentions, kept=KEPT, telegram_user_id=job.user_id)
        )

        def change(connection: Connection) -> None:
            jobs.card_of(connection, job)  # it was not cancelled
            privacy.check(connection, job.user_id)
            chat = Destination.of(job.destination.bot_id, job.user_id)
            chosen = outbox.language_of(connection, chat.bot_id, chat.chat_id)
            say = texts(language_for(chosen, job.language))
            privacy.erase(connection, KEPT, job.user_id, found, clock.now())
            outbox.enqueue(
                connection,
                chat,
                to_json(Prompt(say("privacy.erased"))),
                correlation=job.correlation,
                at=clock.now(),
                rank=Rank.NOTICE,  # so that its arrival is heard of at once
                passing=True,
            )

        try:
            await database.write(change)
        except (LastReferent, NotOneself, PersonSuspended):
            return Outcome({"refused": True})
        return Outcome(None)

    return RunningFeature(
        job_kinds=(
            JobKind("privacy_export", export, CALLS, seconds=60.0),
            JobKind("privacy_erase", erase, CALLS, seconds=120.0),
        ),
        due_checks=(
            DueCheck(
                "strangers", lambda connection, at: privacy.forget_strangers(connection, KEPT, at, kept)
            ),
        ),
    )
