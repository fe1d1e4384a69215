"""Kinds of jobs as features declare them: function, queue, retries, time limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from sqlalchemy import Connection

from backend.core.jobs.values import Job


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job: the result (JSON; none if nothing goes back), and what to change with it, in the
    transaction that ends the job.
    """

    result: dict[str, Any] | None
    change: Callable[[Connection], None] | None = None


class JobContext(Protocol):
    """The context of a running job. A job that was cancelled, or that another process has taken over,
    meets CancelledError where it awaits; whatever it would have changed is not changed.
    """

    async def progress(self, done: int, total: int) -> None:
        """Tell how far it is. The card that waits for it shows it, every three seconds at most."""


Run = Callable[[Job, JobContext], Awaitable[Outcome]]


class GaveUp(Protocol):
    """Changes what must change when a job failed for good."""

    def __call__(self, connection: Connection, job: Job) -> None: ...


class PutOff(Exception):
    """Raised by a job whose work is not possible now: an ordinary failure, tried again like any other. The
    message says why.
    """


@dataclass(frozen=True)
class JobQueue:
    """A class of jobs. Each process runs up to `concurrency` of them at a time; what one queue holds never
    delays another. Queues of a higher `priority` take their jobs first, where a process has few places left;
    what those of priority 0 change is written behind what others write.
    """

    name: str
    concurrency: int
    priority: int = 0


@dataclass(frozen=True)
class Retry:
    """When a job that failed is tried again: after `first_seconds`, then `factor` times as long each time, up
    to `longest_seconds`, each by up to `jitter` (a part of it) more or less.
    """

    attempts: int = 5
    first_seconds: float = 2.0
    factor: float = 2.0
    longest_seconds: float = 300.0
    jitter: float = 0.2

    def seconds(self, attempt: int, random: Random) -> float:
        """The wait after this try; the first is 1."""
        wait = min(self.longest_seconds, self.first_seconds * self.factor ** (attempt - 1))
        return wait * (1 + self.jitter * random.uniform(-1, 1))


@dataclass(frozen=True)
class JobKind:
    """A kind of job. Its name stands in rows: it never changes.

    `seconds` is the limit of one try; a longer one has failed. `awaited`: the chat shows "typing…" meanwhile.
    `gave_up` changes what must change when it failed for good, in the transaction that ends it.
    `returns`: its result goes back to the lane, also that it failed for good (`{"failed": True}`).
    """

    name: str
    run: Run
    queue: JobQueue
    seconds: float
    retry: Retry = Retry()
    awaited: bool = True
    gave_up: GaveUp | None = None
    returns: bool = True
