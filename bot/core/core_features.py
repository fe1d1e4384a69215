"""The due checks of the core: expiry of dialogues, and retention."""

from __future__ import annotations

import secrets
from datetime import timedelta

from backend.core.blobs.retention import forget_unused
from backend.core.dialogues import service as dialogues
from backend.core.inbox import service as inbox
from backend.core.jobs import service as jobs
from backend.core.outbox import service as outbox
from backend.core.searches import service as searches
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature


def core_features(
    *, dead_letters_kept: timedelta, jobs_kept: timedelta, posts_kept: timedelta
) -> list[RunningFeature]:
    """Dialogues, inbox, jobs, outbox, blobs, searches, each with how long it keeps what is over."""
    return [
        RunningFeature(
            due_checks=(
                DueCheck(
                    "dialogues", lambda connection, at: dialogues.expire(connection, at, secrets.token_hex(6))
                ),
            ),
            chat_moved=dialogues.migrate_chat,
        ),
        RunningFeature(
            due_checks=(
                DueCheck("updates", inbox.forget_old),
                DueCheck(
                    "dead_letters",
                    lambda connection, at: inbox.forget_dead_letters(connection, at, dead_letters_kept),
                ),
            ),
            chat_moved=inbox.migrate_chat,
        ),
        RunningFeature(
            due_checks=(DueCheck("jobs", lambda connection, at: jobs.forget_old(connection, at, jobs_kept)),),
            chat_moved=jobs.migrate_chat,
        ),
        RunningFeature(
            due_checks=(
                DueCheck("passing_posts", outbox.forget_passing, wakes_on=outbox.DELIVERED_SIGNAL),
                DueCheck("posts", lambda connection, at: outbox.forget_old(connection, at - posts_kept)),
            ),
            chat_moved=outbox.migrate_chat,
        ),
        RunningFeature(due_checks=(DueCheck("blobs", forget_unused),)),
        RunningFeature(due_checks=(DueCheck("searches", searches.forget_old),)),
    ]
