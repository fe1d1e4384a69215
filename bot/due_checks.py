"""What falls due by the clock: each check is one function that looks at rows with a date, in a transaction of
its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from backend.blobs.retention import forget_unused
from backend.dialogues import service as dialogues
from backend.inbox import service as inbox
from backend.jobs import service as jobs
from backend.outbox import service as outbox

POSTS_KEPT = timedelta(days=400)  # entry buttons live for months


@dataclass(frozen=True)
class DueCheck:
    """`look(connection, at)` does what is due at that time, and returns how many that were."""

    name: str
    look: Callable[[Connection, datetime], int]


def due_checks(*, dead_letters_kept: timedelta = timedelta(days=30)) -> list[DueCheck]:
    """The product's checks."""
    return [
        DueCheck("dialogues", lambda connection, at: dialogues.expire(connection, at, secrets.token_hex(6))),
        DueCheck("updates", inbox.forget_old),
        DueCheck(
            "dead_letters",
            lambda connection, at: inbox.forget_dead_letters(connection, at, dead_letters_kept),
        ),
        DueCheck("jobs", jobs.forget_old),
        DueCheck("posts", lambda connection, at: outbox.forget_old(connection, at - POSTS_KEPT)),
        DueCheck("blobs", forget_unused),
    ]
