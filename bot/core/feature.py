"""A feature's part in the running bot. Its part in the chat is `conversations/feature.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from backend.core.jobs.kinds import JobKind, JobQueue
from bot.core.due_checks import DueCheck
from bot.core.http import Fact, RouteGroup
from bot.core.leadership import LeaderRun
from bot.core.roles import ProcessRole

CALLS = JobQueue("calls", concurrency=16, priority=10)
"""Calls for which somebody waits."""
CHORES = JobQueue("chores", concurrency=4)
"""Jobs that nobody waits for."""

ChatMoved = Callable[[Connection, int, int, int], None]
"""`(connection, bot_id, old, new)`: the group became a supergroup, and has another number now."""


@dataclass(frozen=True)
class LedRole:
    """Work that one process at a time does, all day: `run` gets the lease of its leader. `name` is that of
    the lease, and stands in rows: it never changes. Only processes with that `role` stand for it.
    """

    role: ProcessRole
    name: str
    run: LeaderRun


@dataclass(frozen=True)
class RunningFeature:
    """A feature beside its turns: jobs, due checks (retention included), routes over HTTP, work of a leader,
    what `/health` says of it (`facts`, by name), and following groups that move. It gets what it works with
    by the function that makes it.
    """

    job_kinds: tuple[JobKind, ...] = ()
    due_checks: tuple[DueCheck, ...] = ()
    routes: tuple[RouteGroup, ...] = ()
    led: tuple[LedRole, ...] = ()
    facts: tuple[Fact, ...] = ()
    chat_moved: ChatMoved | None = None


def check_names(features: Sequence[RunningFeature]) -> None:
    """Raises ValueError where two due checks have one name. Job kinds and routes are compared where they are
    used.
    """
    seen = set[str]()
    for check in (check for each in features for check in each.due_checks):
        if check.name in seen:
            raise ValueError(f"two due checks share the name {check.name!r}")
        seen.add(check.name)


def follow_chat(features: Iterable[RunningFeature]) -> ChatMoved:
    """Combine what these features do when a chat moves."""
    each = [feature.chat_moved for feature in features if feature.chat_moved is not None]

    def moved(connection: Connection, bot_id: int, old: int, new: int) -> None:
        for follow in each:
            follow(connection, bot_id, old, new)

    return moved
