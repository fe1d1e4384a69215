"""The laptop's journal: the jobs that it holds, and what it has to tell the server.

Nothing is done to a device before the journal says that it begins, and nothing is forgotten before the server
has said that it knows it. So a laptop may lose its network, its power or its process at any point.

    WAITING ──► RUNNING ──► DONE
       ▲           │
       │           ▼
       └──────── FAILED          (tried again, as the next attempt)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import cbor2

from device_bridge.reasons import Reason
from device_bridge.wire.messages import Begun, Done, Failed, JobOrder, Received, encode, from_bridge

_TABLES = """
    CREATE TABLE IF NOT EXISTS jobs (
        job INTEGER PRIMARY KEY, attempt INTEGER NOT NULL, state TEXT NOT NULL, step TEXT NOT NULL DEFAULT '',
        ordered BLOB NOT NULL, reason BLOB, held INTEGER NOT NULL DEFAULT 1
    );
    CREATE TABLE IF NOT EXISTS untold (
        id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, job INTEGER NOT NULL,
        attempt INTEGER NOT NULL, message BLOB NOT NULL, UNIQUE (what, job, attempt)
    );
    CREATE TABLE IF NOT EXISTS devices (nid TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
"""


class JobState(StrEnum):
    """The state of a job on this laptop."""

    WAITING = "waiting"
    """It was not begun here."""
    RUNNING = "running"
    """It was begun, and has not ended: by this process, or by one that was cut off."""
    DONE = "done"
    """There is a signed report."""
    FAILED = "failed"
    """It ended without a proof."""


@dataclass(frozen=True, slots=True)
class JournalJob:
    """A job in the journal. `order` is the server's; `attempt` the last try, here or elsewhere; `told`
    whether the server knows how it ended.
    """

    order: JobOrder
    attempt: int
    state: JobState
    step: str
    reason: Reason | None
    told: bool

    @property
    def number(self) -> int:
        """The job's number."""
        return self.order.job


class Journal:
    """The journal in a file. Every change is on disk when its method returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        with self._open() as database:
            database.executescript(_TABLES)
        path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5.0, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("PRAGMA synchronous=FULL")
            database.execute("PRAGMA secure_delete=ON")  # envelopes hold keys
            database.row_factory = sqlite3.Row
            yield database

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def hold(self, orders: Sequence[JobOrder]) -> None:
        """The server's word on the jobs of this laptop: these, and no others. One that is running goes on;
        what was not told yet is told all the same.
        """
        with self._change() as database:
            database.execute("UPDATE jobs SET held = 0")
            for order in orders:
                database.execute(
                    "INSERT INTO jobs (job, attempt, state, ordered) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (job) DO UPDATE SET ordered = excluded.ordered, held = 1,"
                    " attempt = max(attempt, excluded.attempt)",
                    (order.job, order.attempt, JobState.WAITING, cbor2.dumps(order.model_dump())),
                )
            # The server still wants what it has a result of: that was not good enough.
            database.execute(
                "UPDATE jobs SET state = ? WHERE held = 1 AND state = ?"
                " AND job NOT IN (SELECT job FROM untold)",
                (JobState.WAITING, JobState.DONE),
            )
            database.execute(
                "DELETE FROM jobs WHERE held = 0 AND state != ? AND job NOT IN (SELECT job FROM untold)",
                (JobState.RUNNING,),
            )

    def strip(self) -> None:
        """Forget the content of files, and every job of which the server knows everything."""
        with self._change() as database:
            database.execute("DELETE FROM jobs WHERE job NOT IN (SELECT job FROM untold)")
            for row in database.execute("SELECT job, ordered FROM jobs").fetchall():
                bare = {**cbor2.loads(row["ordered"]), "envelope": b""}
                database.execute("UPDATE jobs SET ordered = ? WHERE job = ?", (cbor2.dumps(bare), row["job"]))

    def jobs(self) -> list[JournalJob]:
        """The jobs, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT jobs.*, job IN (SELECT job FROM untold) AS has_untold FROM jobs"
                " WHERE held ORDER BY job"
            )
            return [_job(row) for row in rows]

    def get(self, job: int) -> JournalJob | None:
        """A job."""
        return next((each for each in self.jobs() if each.number == job), None)

    def begin(self, job: int, at: datetime) -> int:
        """A try begins. Returns its number. Raises KeyError where there is no such job, or it is RUNNING."""
        with self._change() as database:
            row = database.execute(
                "UPDATE jobs SET state = ?, attempt = attempt + 1, step = '', reason = NULL"
                " WHERE job = ? AND state != ? RETURNING attempt",
                (JobState.RUNNING, job, JobState.RUNNING),
            ).fetchone()
            if row is None:
                raise KeyError(job)
            attempt = int(row["attempt"])
            _tell(database, Begun(job=job, attempt=attempt, at=_seconds(at)))
            return attempt

    def note_step(self, job: int, step: str) -> None:
        """How far a try is: what is said of it if it is cut off."""
        with self._change() as database:
            database.execute("UPDATE jobs SET step = ? WHERE job = ?", (step, job))

    def note_sequence(self, nid: str, sequence: int) -> None:
        """A device is about to be given the file of this number."""
        with self._change() as database:
            database.execute(
                "INSERT INTO devices (nid, sequence) VALUES (?, ?)"
                " ON CONFLICT (nid) DO UPDATE SET sequence = max(sequence, excluded.sequence)",
                (nid, sequence),
            )

    def last_sequence(self, nid: str) -> int:
        """The number of the latest file that this laptop gave a device; 0 for none."""
        with self._open() as database:
            row = database.execute("SELECT sequence FROM devices WHERE nid = ?", (nid,)).fetchone()
            return 0 if row is None else int(row["sequence"])

    def done(self, job: int, attempt: int, report: bytes) -> None:
        """A try has its signed report."""
        with self._change() as database:
            _end(database, job, JobState.DONE)
            _tell(database, Done(job=job, attempt=attempt, report=report))

    def failed(self, job: int, attempt: int, reason: Reason, at: datetime) -> None:
        """A try has ended without a proof."""
        with self._change() as database:
            _fail(database, job, attempt, reason, at)

    def cut_off(self, at: datetime) -> list[int]:
        """What an earlier process began and did not end has failed. Returns the jobs. To be called by the one
        process that works, when it starts.
        """
        with self._change() as database:
            rows = database.execute("SELECT * FROM jobs WHERE state = ?", (JobState.RUNNING,)).fetchall()
            for row in rows:
                reason = Reason(row["step"] or "identify", "interrupted", {})
                _fail(database, row["job"], row["attempt"], reason, at)
            return [row["job"] for row in rows]

    def untold(self) -> list[Begun | Done | Failed]:
        """What the server does not know yet, oldest first. A failure says whether there was a later try."""
        with self._open() as database:
            last = {row["job"]: row["attempt"] for row in database.execute("SELECT job, attempt FROM jobs")}
            rows = database.execute("SELECT message FROM untold ORDER BY id").fetchall()
        found: list[Begun | Done | Failed] = []
        for row in rows:
            match from_bridge(row["message"]):
                case Failed() as failure:
                    later = failure.attempt < last.get(failure.job, 0)
                    found.append(failure.model_copy(update={"later": later}))
                case Begun() | Done() as message:
                    found.append(message)
        return found

    def received(self, message: Received) -> None:
        """The server knows it."""
        with self._change() as database:
            database.execute(
                "DELETE FROM untold WHERE what = ? AND job = ? AND attempt = ?",
                (message.what, message.job, message.attempt),
            )
            database.execute(
                "DELETE FROM jobs WHERE held = 0 AND state != ? AND job NOT IN (SELECT job FROM untold)",
                (JobState.RUNNING,),
            )


def results_of(journal: Journal) -> list[Done | Failed]:
    """The results that the server does not know yet."""
    return [each for each in journal.untold() if isinstance(each, Done | Failed)]


def _end(database: sqlite3.Connection, job: int, state: JobState, reason: bytes | None = None) -> None:
    database.execute("UPDATE jobs SET state = ?, reason = ? WHERE job = ?", (state, reason, job))


def _fail(database: sqlite3.Connection, job: int, attempt: int, reason: Reason, at: datetime) -> None:
    said = [reason.step, reason.word, reason.values]
    _end(database, job, JobState.FAILED, cbor2.dumps(said))
    failed = Failed(
        job=job,
        attempt=attempt,
        at=_seconds(at),
        step=reason.step,
        reason=reason.word,
        values=reason.values,
    )
    _tell(database, failed)


def _tell(database: sqlite3.Connection, message: Begun | Done | Failed) -> None:
    database.execute(
        "INSERT OR IGNORE INTO untold (what, job, attempt, message) VALUES (?, ?, ?, ?)",
        (message.type, message.job, message.attempt, encode(message)),
    )


def _job(row: Any) -> JournalJob:
    reason = None if row["reason"] is None else Reason(*cbor2.loads(row["reason"]))
    return JournalJob(
        order=JobOrder.model_validate(cbor2.loads(row["ordered"])),
        attempt=row["attempt"],
        state=JobState(row["state"]),
        step=row["step"],
        reason=reason,
        told=not row["has_untold"],
    )


def _seconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp())
