"""Programming jobs as bridges see them: leased, begun, told of, ended by a signed report.

A bridge holds a job by a lease, so that one laptop at a time programs. What it tells is stored whatever has
happened meanwhile; of all reports of a job, one confirms it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from backend.bridges import service as bridges
from backend.bridges.values import Bridge
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION
from backend.core.db.upsert import insert_for
from backend.core.json_values import to_json
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices import service as notices
from backend.programming.models import programming_jobs, programming_runs
from backend.programming.service import conclude, get_any
from backend.programming.values import (
    TO_PROGRAM,
    Failure,
    ProgrammingJob,
    ProgrammingState,
    ReadBack,
    RunState,
)
from backend.scp import service as scp
from backend.scp.values import ScpFile
from device_bridge.wire.errors import EnvelopeError
from device_bridge.wire.report import Report, open_report
from device_bridge.wire.signing import TrustedKeys

LEASE = timedelta(hours=36)
"""A bridge holds a job for so long after it was last connected: a day of work without a network."""
RESULT_NOTICE = "programming_result"


@dataclass(frozen=True, slots=True)
class Leased:
    """A job that a bridge holds, with the SCP file that it is to load: the newest one, in whatever state;
    None where none was asked for.
    """

    job: ProgrammingJob
    file: ScpFile | None
    until: datetime
    last: int


Summary = frozenset[tuple[int, int | None, int | None]]
"""Of each job that can be programmed: its id, the bridge that holds it, the SCP file that is ready."""
NO_JOBS: Summary = frozenset()


class ReportRefused(Exception):
    """A report is not what it should be. The argument is a word for the log."""


def lease(connection: Connection, bridge: Bridge, at: datetime) -> list[Leased]:
    """The jobs that this bridge may program, oldest first: those of its technician that no other bridge
    holds. It holds them from now on.
    """
    free = or_(
        programming_jobs.c.bridge_id.is_(None),
        programming_jobs.c.bridge_id == bridge.id,
        programming_jobs.c.leased_until < at,
    )
    rows = connection.execute(
        select(programming_jobs.c.id, programming_jobs.c.integrator_id)
        .where(
            programming_jobs.c.technician_id == bridge.person_id,
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
            free,
        )
        .order_by(programming_jobs.c.id)
    ).all()
    may = {
        integrator: _may_program(connection, bridge.person_id, integrator)
        for integrator in {row.integrator_id for row in rows}
    }
    held = []
    for row in rows:
        if not may[row.integrator_id]:
            continue
        taken = connection.execute(
            update(programming_jobs)
            .where(programming_jobs.c.id == row.id, free)
            .values(bridge_id=bridge.id, leased_until=at + LEASE)
        )
        job = get_any(connection, row.id)
        if taken.rowcount and job is not None and job.association.deleted_at is None:
            file = scp.newest_of_any(connection, job.association)
            held.append(Leased(job, file, at + LEASE, _last(connection, job)))
    return held


def summaries(connection: Connection, person_ids: Collection[int]) -> dict[int, Summary]:
    """What these technicians' bridges are to know, in short: when it changes, they are told anew."""
    rows = connection.execute(
        select(
            programming_jobs.c.id,
            programming_jobs.c.technician_id,
            programming_jobs.c.integrator_id,
            programming_jobs.c.bridge_id,
            programming_jobs.c.association_id,
        ).where(
            programming_jobs.c.technician_id.in_(person_ids),
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
        )
    ).all()
    may = identity.who_may_for(connection, {row.technician_id for row in rows}, Permission.PROGRAM)
    rows = [row for row in rows if (row.technician_id, row.integrator_id) in may]
    ready = scp.newest_ready(connection, {row.association_id for row in rows})
    found: dict[int, set[tuple[int, int | None, int | None]]] = {}
    for row in rows:
        each = (row.id, row.bridge_id, ready.get(row.association_id))
        found.setdefault(row.technician_id, set()).add(each)
    return {person: frozenset(jobs) for person, jobs in found.items()}


def take_over(connection: Connection, bridge: Bridge, job_id: int, at: datetime) -> bool:
    """The technician wants this bridge to program a job that another one may hold. False where that one has
    begun, or the job is not to be programmed.
    """
    taken = connection.execute(
        update(programming_jobs)
        .where(
            programming_jobs.c.id == job_id,
            programming_jobs.c.technician_id == bridge.person_id,
            or_(
                programming_jobs.c.bridge_id == bridge.id,
                programming_jobs.c.state.in_(
                    [ProgrammingState.ASSIGNED.value, ProgrammingState.FAILED.value]
                ),
            ),
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
        )
        .values(bridge_id=bridge.id, leased_until=at + LEASE)
    )
    return taken.rowcount == 1


def begun(connection: Connection, bridge: Bridge, job_id: int, attempt: int, began_at: datetime) -> bool:
    """A bridge begins a try, or tells of one that it began before, at `began_at` by the laptop's clock. False
    where it has told before, or where the job is not its technician's.
    """
    if not _is_theirs(connection, bridge, job_id) or not _add_run(
        connection, bridge, job_id, attempt, began_at
    ):
        return False
    connection.execute(
        update(programming_jobs)
        .where(
            programming_jobs.c.id == job_id,
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
        )
        .values(
            state=ProgrammingState.RUNNING.value,
            bridge_id=bridge.id,
            attempt=_greatest(attempt),
            step=None,
            done=0,
            of=0,
            failure=None,
        )
    )
    return True


def progress(
    connection: Connection, bridge: Bridge, job_id: int, attempt: int, step: str, done: int, of: int
) -> bool:
    """How far a try is. False where that is not what the job is waiting for."""
    changed = connection.execute(
        update(programming_jobs)
        .where(
            programming_jobs.c.id == job_id,
            programming_jobs.c.bridge_id == bridge.id,
            programming_jobs.c.attempt == attempt,
            programming_jobs.c.state == ProgrammingState.RUNNING.value,
        )
        .values(step=step[:16], done=done, of=of)
    )
    return changed.rowcount == 1


def failed(
    connection: Connection,
    bridge: Bridge,
    job_id: int,
    attempt: int,
    failure: Failure,
    *,
    ended_at: datetime,
    at: datetime,
) -> bool:
    """A try ended without a proof, at `ended_at` by the laptop's clock. False where it was told before, or is
    not the bridge's to tell.
    """
    if not _is_theirs(connection, bridge, job_id):
        return False
    _add_run(connection, bridge, job_id, attempt, ended_at)
    ended = _end_run(connection, bridge, job_id, attempt, RunState.FAILED, ended_at, failure=to_json(failure))
    if not ended:
        return False
    changed = connection.execute(
        update(programming_jobs)
        .where(
            programming_jobs.c.id == job_id,
            programming_jobs.c.attempt <= attempt,
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
        )
        .values(
            state=ProgrammingState.FAILED.value,
            attempt=attempt,
            failure=to_json(failure),
            step=None,
        )
    )
    job = get_any(connection, job_id)
    if changed.rowcount and job is not None:
        outcome = f"{failure.step}:{failure.reason}"[:64]
        _record(connection, job, AuditAction.PROGRAMMING_FAILED, outcome, bridge, attempt, at)
        _tell(connection, job, f"{job.id}-{bridge.key_id}-{attempt}", at)
    return True


def release(connection: Connection, at: datetime) -> int:
    """Take a portion of the jobs from bridges whose lease is over, or that were revoked: one that was being
    programmed has FAILED. Returns how many.
    """
    rows = connection.execute(
        select(programming_jobs)
        .where(
            programming_jobs.c.bridge_id.is_not(None),
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
            or_(
                programming_jobs.c.leased_until < at,
                programming_jobs.c.bridge_id.in_(bridges.not_active()),
            ),
        )
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    lost = to_json(Failure("identify", "interrupted", {}))
    for row in rows:
        running = row.state == ProgrammingState.RUNNING.value
        connection.execute(
            update(programming_jobs)
            .where(programming_jobs.c.id == row.id, programming_jobs.c.state == row.state)
            .values(
                bridge_id=None,
                leased_until=None,
                step=None,
                state=ProgrammingState.FAILED.value if running else row.state,
                failure=lost if running else row.failure,
            )
        )
        job = get_any(connection, row.id)
        if running and job is not None:
            _tell(connection, job, f"{job.id}-lost-{job.attempt}", at)
    if rows:
        notify(connection, bridges.SIGNAL)
    return len(rows)


def _last(connection: Connection, job: ProgrammingJob) -> int:
    """The number of the newest file that a report says the job's device to hold; 0 for none."""
    of_device = programming_runs.c.device_id == job.association.device_id
    return connection.scalar(select(func.max(programming_runs.c.sequence)).where(of_device)) or 0


def read_report(bridge: Bridge, job_id: int, attempt: int, data: bytes) -> Report:
    """The report that this bridge has signed. Raises ReportRefused."""
    trusted = TrustedKeys.of(Ed25519PublicKey.from_public_bytes(bridge.public_key))
    try:
        report = open_report(data, trusted)
    except EnvelopeError as error:
        raise ReportRefused(type(error).__name__) from error
    if (report.job, report.attempt) != (str(job_id), attempt):
        raise ReportRefused("another job")
    return report


def done(
    connection: Connection,
    bridge: Bridge,
    job_id: int,
    attempt: int,
    data: bytes,
    report: Report,
    content: bytes | None,
    at: datetime,
) -> bool:
    """A try has its report, read by `read_report`; `content` is the SHA-256 of the file of its sequence, as
    the server made it. The job is PROGRAMMED, or, where the technician's word is there already, CONFIRMED. A
    second report changes nothing but that it is said. False where this one was told before.

    Raises ReportRefused where it is not about the association's device and file.
    """
    job = get_any(connection, job_id)
    if job is None or job.technician_id != bridge.person_id:
        raise ReportRefused("another technician")
    association = job.association
    if (report.nid, report.sid) != (association.nid, association.sid):
        raise ReportRefused("another device")
    if content is None or report.sha256 != content or report.held not in (None, content):
        raise ReportRefused("another file")
    if report.pod not in (None, association.pod.code):
        raise ReportRefused("another point")
    if report.sequence < _last(connection, job):
        raise ReportRefused("an older file")
    _add_run(connection, bridge, job_id, attempt, report.began_at)
    proof = {"report": data, "device_id": association.device_id, "sequence": report.sequence}
    if not _end_run(connection, bridge, job_id, attempt, RunState.DONE, at, **proof):
        return False
    read_back = to_json(_read_back(report, bridge, attempt))
    moved = connection.execute(
        update(programming_jobs)
        .where(
            programming_jobs.c.id == job_id,
            programming_jobs.c.state.in_([state.value for state in TO_PROGRAM]),
        )
        .values(
            state=ProgrammingState.PROGRAMMED.value,
            attempt=_greatest(attempt),
            failure=None,
            step=None,
            read_back=read_back,
        )
    ).rowcount
    key = f"{job_id}-{bridge.key_id}-{attempt}"
    outcome = report.outcome.value
    if not moved:  # it was programmed, or is over: it is said, and changes nothing else
        connection.execute(
            update(programming_jobs).where(programming_jobs.c.id == job_id).values(repeated=True)
        )
        _record(connection, job, AuditAction.DEVICE_PROGRAMMED, "again", bridge, attempt, at)
        _tell(connection, job, key, at)
        return True
    _record(connection, job, AuditAction.DEVICE_PROGRAMMED, outcome, bridge, attempt, at)
    if job.on_site is not None:
        connection.execute(
            update(programming_jobs)
            .where(
                programming_jobs.c.id == job_id,
                programming_jobs.c.state == ProgrammingState.PROGRAMMED.value,
            )
            .values(state=ProgrammingState.CONFIRMED.value, ended_at=at)
        )
        conclude(connection, job_id, at)
    _tell(connection, job, key, at)
    return True


def runs_of(connection: Connection, job_id: int) -> list[tuple[int, RunState, bytes | None]]:
    """Each try of a job: its number, its state, its signed report."""
    rows = connection.execute(
        select(programming_runs).where(programming_runs.c.job_id == job_id).order_by(programming_runs.c.id)
    )
    return [(row.attempt, RunState(row.state), row.report) for row in rows]


def _read_back(report: Report, bridge: Bridge, attempt: int) -> ReadBack:
    return ReadBack(
        outcome=report.outcome.value,
        nid=report.nid,
        pod=report.pod,
        model=report.model,
        firmware=report.firmware[:64],
        links={meter[:16]: said[:32] for meter, said in list(report.links.items())[:4]},
        loader=report.loader[:32],
        sequence=report.sequence,
        sha256=report.sha256.hex(),
        held=None if report.held is None else report.held.hex(),
        simulated=report.simulated,
        host=bridge.host,
        fingerprint=bridge.fingerprint,
        began_at=report.began_at,
        ended_at=report.ended_at,
        attempt=attempt,
    )


def _greatest(attempt: int) -> Any:
    """The later of the try that the job knows and this one."""
    return case((programming_jobs.c.attempt > attempt, programming_jobs.c.attempt), else_=attempt)


def _is_theirs(connection: Connection, bridge: Bridge, job_id: int) -> bool:
    found = connection.scalar(select(programming_jobs.c.technician_id).where(programming_jobs.c.id == job_id))
    return found == bridge.person_id


def _add_run(connection: Connection, bridge: Bridge, job_id: int, attempt: int, at: datetime) -> bool:
    added = connection.execute(
        insert_for(connection, programming_runs)
        .values(
            job_id=job_id,
            bridge_id=bridge.id,
            key_id=bridge.key_id,
            public_key=bridge.public_key,
            attempt=attempt,
            state=RunState.BEGUN.value,
            began_at=at,
        )
        .on_conflict_do_nothing(index_elements=["job_id", "key_id", "attempt"])
    )
    return added.rowcount == 1


def _end_run(
    connection: Connection,
    bridge: Bridge,
    job_id: int,
    attempt: int,
    state: RunState,
    at: datetime,
    **values: Any,
) -> bool:
    ended = connection.execute(
        update(programming_runs)
        .where(_run(bridge, job_id, attempt), programming_runs.c.state == RunState.BEGUN.value)
        .values(state=state.value, ended_at=at, **values)
    )
    return ended.rowcount == 1


def _run(bridge: Bridge, job_id: int, attempt: int) -> ColumnElement[bool]:
    return and_(
        programming_runs.c.job_id == job_id,
        programming_runs.c.key_id == bridge.key_id,
        programming_runs.c.attempt == attempt,
    )


def _may_program(connection: Connection, person_id: int, integrator_id: int) -> bool:
    actor = identity.acting_for(connection, person_id, integrator_id)
    return actor is not None and actor.may(Permission.PROGRAM)


def _tell(connection: Connection, job: ProgrammingJob, key: str, at: datetime) -> None:
    """What came of a try, told to its technician."""
    argument = {"job_id": job.id, "integrator_id": job.association.integrator_id}
    notices.add(connection, job.technician_id, RESULT_NOTICE, argument, dedupe_key=key, at=at)


def _record(
    connection: Connection,
    job: ProgrammingJob,
    action: AuditAction,
    outcome: str,
    bridge: Bridge,
    attempt: int,
    at: datetime,
) -> None:
    record(
        connection,
        at,
        action,
        subject=identity.subject_of(connection, job.technician_id),
        integrator_id=job.association.integrator_id,
        outcome=outcome,
        point=job.association.point,
        device_id=job.association.device_id,
        association_id=job.association.id,
        detail={"programming": job.id, "key": bridge.key_id, "attempt": attempt},
    )
