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
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

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
from backend.programming.evidence import ReportRefused, check_report, read_back_of
from backend.programming.models import programming_jobs, programming_runs
from backend.programming.service import add_notice, conclude, get_any
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
STRAY_NOTICE = "programming_stray"
MOST_AHEAD = 1000
"""Tries that a laptop may have begun which the server has not heard of."""
SLACK = timedelta(minutes=2)
"""How much a laptop's clock may differ from ours where the word and the work are put in order."""
MOST_SEQUENCE = (1 << 31) - 1
_TO_PROGRAM = [state.value for state in TO_PROGRAM]


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


def lease(connection: Connection, bridge: Bridge, at: datetime) -> list[Leased]:
    """The jobs that this bridge may program, oldest first: those of its technician that no other bridge
    holds. It holds them from now on. One that another bridge was programming waits until it is released.
    """
    mine = programming_jobs.c.bridge_id == bridge.id
    free = or_(
        mine,
        and_(
            programming_jobs.c.state != ProgrammingState.RUNNING.value,
            or_(programming_jobs.c.bridge_id.is_(None), programming_jobs.c.leased_until < at),
        ),
    )
    rows = connection.execute(
        select(programming_jobs.c.id, programming_jobs.c.integrator_id)
        .where(
            programming_jobs.c.technician_id == bridge.person_id,
            programming_jobs.c.state.in_(_TO_PROGRAM),
            free,
        )
        .order_by(programming_jobs.c.id)
    ).all()
    may = identity.who_may_for(connection, [bridge.person_id], Permission.PROGRAM)
    held = []
    for row in rows:
        if (bridge.person_id, row.integrator_id) not in may:
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
            programming_jobs.c.state.in_(_TO_PROGRAM),
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
                programming_jobs.c.state != ProgrammingState.RUNNING.value,
            ),
            programming_jobs.c.state.in_(_TO_PROGRAM),
        )
        .values(bridge_id=bridge.id, leased_until=at + LEASE)
    )
    return taken.rowcount == 1


def begun(
    connection: Connection, bridge: Bridge, job_id: int, attempt: int, began_at: datetime, at: datetime
) -> bool:
    """A bridge begins a try, or tells of one that it began before, at `began_at` by the laptop's clock. False
    where it has told before, or may not tell. A try that another bridge is at goes on; one that begins after
    a report is noted.
    """
    row = _locked(connection, bridge, job_id)
    if row is None or attempt > row.attempt + MOST_AHEAD:
        return False
    if not _add_run(connection, bridge, job_id, attempt, began_at):
        return False
    if row.technician_id != bridge.person_id:
        return False
    if _is_open_to(row, bridge):
        _set(
            connection,
            job_id,
            state=ProgrammingState.RUNNING.value,
            bridge_id=bridge.id,
            leased_until=at + LEASE,
            attempt=max(row.attempt, attempt),
            step=None,
            done=0,
            of=0,
            failure=None,
        )
    elif row.read_back is not None:
        _set(connection, job_id, repeated=True)
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
    told: bool = True,
) -> bool:
    """A try ended without a proof, at `ended_at` by the laptop's clock. False where it was told before, or is
    not the bridge's to tell. One that was begun after a report takes its proof away: the device may be
    written in part.
    """
    row = _locked(connection, bridge, job_id)
    if row is None or attempt > row.attempt + MOST_AHEAD:
        return False
    _add_run(connection, bridge, job_id, attempt, ended_at)
    if not _end_run(connection, bridge, job_id, attempt, RunState.FAILED, ended_at, failure=to_json(failure)):
        return False
    job = get_any(connection, job_id)
    if job is None or row.technician_id != bridge.person_id:
        return False
    proof = None if job.read_back is None else job.read_back.attempt
    values: dict[str, Any] = {"failure": to_json(failure), "step": None, "attempt": max(row.attempt, attempt)}
    if _is_open_to(row, bridge) and attempt >= row.attempt:
        _set(connection, job_id, state=ProgrammingState.FAILED.value, **values)
    elif proof is not None and attempt > proof:
        again = job.state is ProgrammingState.PROGRAMMED
        state = ProgrammingState.FAILED if again else job.state
        _set(connection, job_id, state=state.value, repeated=True, **values)
    else:
        return True
    outcome = f"{failure.step}:{failure.reason}"[:64]
    _record(connection, job, AuditAction.PROGRAMMING_FAILED, outcome, bridge, attempt, at)
    if told:
        _tell(connection, job, f"{job.id}-{bridge.key_id}-{attempt}", at)
    return True


def release(connection: Connection, at: datetime) -> int:
    """Take a portion of the jobs from bridges whose lease is over, that were revoked, or that are not there
    any more: one that was being programmed has FAILED. Returns how many.
    """
    running = programming_jobs.c.state == ProgrammingState.RUNNING.value
    lost = or_(
        programming_jobs.c.leased_until < at,
        programming_jobs.c.bridge_id.in_(bridges.not_active()),
        and_(running, or_(programming_jobs.c.bridge_id.is_(None), programming_jobs.c.leased_until.is_(None))),
    )
    rows = connection.execute(
        select(programming_jobs)
        .where(programming_jobs.c.state.in_(_TO_PROGRAM), lost)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    ).all()
    cut_off = to_json(Failure("identify", "interrupted", {}))
    for row in rows:
        values: dict[str, Any] = {"bridge_id": None, "leased_until": None, "step": None}
        if row.state == ProgrammingState.RUNNING.value:
            values |= {"state": ProgrammingState.FAILED.value, "failure": cut_off}
        _set(connection, row.id, **values)
        job = get_any(connection, row.id)
        if job is not None and "state" in values:
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
    if not 0 < report.sequence <= MOST_SEQUENCE:
        raise ReportRefused("sequence")
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
    the server made it. The job is PROGRAMMED, or, where the technician's word is there already, CONFIRMED.
    A second report changes nothing but that it is said. A report of a job that is somebody else's by now, or
    whose device was replaced, is kept and said. False where this one was told before.

    Raises ReportRefused where it is forged, or contradicts itself or what the server knows.
    """
    row = _locked(connection, bridge, job_id)
    job = get_any(connection, job_id)
    if row is None or job is None or attempt > row.attempt + MOST_AHEAD:
        raise ReportRefused("another job")
    association = job.association
    stray = row.technician_id != bridge.person_id or (report.nid, report.sid) != (
        association.nid,
        association.sid,
    )
    if not stray:
        check_report(report, association, content)
        if report.sequence < _last(connection, job):
            raise ReportRefused("an older file")
    _add_run(connection, bridge, job_id, attempt, at)
    proof: dict[str, Any] = {"report": data}
    if not stray:
        proof |= {"device_id": association.device_id, "sequence": report.sequence}
    if not _end_run(connection, bridge, job_id, attempt, RunState.DONE, at, **proof):
        return False
    key = f"{job_id}-{bridge.key_id}-{attempt}"
    if stray:
        _record(connection, job, AuditAction.DEVICE_PROGRAMMED, "stray", bridge, attempt, at)
        for person in {bridge.person_id, row.technician_id, row.assigned_by}:
            add_notice(connection, STRAY_NOTICE, job, person, at, key=key)
        return True
    _take(connection, job, attempt, read_back_of(report, bridge, attempt, at), at)
    again = job.read_back is not None
    outcome = "again" if again else report.outcome.value
    _record(connection, job, AuditAction.DEVICE_PROGRAMMED, outcome, bridge, attempt, at)
    _tell(connection, job, key, at)
    if job.state is ProgrammingState.CANCELLED and job.assigned_by_id != job.technician_id:
        add_notice(connection, RESULT_NOTICE, job, job.assigned_by_id, at, key=key)
    return True


def _take(connection: Connection, job: ProgrammingJob, attempt: int, found: ReadBack, at: datetime) -> None:
    """What a good report makes of its job."""
    if job.read_back is not None and job.state is not ProgrammingState.FAILED:
        _set(connection, job.id, repeated=True)
        return
    values: dict[str, Any] = {"read_back": to_json(found), "failure": None, "step": None}
    values["attempt"] = max(job.attempt, attempt)
    match job.state:
        case ProgrammingState.CONFIRMED:  # by hand: there is something to show now
            _set(connection, job.id, **values, by_hand=False, report=None)
        case ProgrammingState.CANCELLED:
            _set(connection, job.id, **values)
        case _ if job.on_site is not None and found.began_at > job.on_site.at + SLACK:
            # The word was given before there was anything to confirm.
            nothing = dict.fromkeys(("confirmed_at", "photo_file", "latitude", "longitude"))
            _set(connection, job.id, **values, **nothing, state=ProgrammingState.PROGRAMMED.value)
        case _ if job.on_site is None or job.association.deleted_at is not None:
            _set(connection, job.id, **values, state=ProgrammingState.PROGRAMMED.value)
        case _:
            confirmed = {"state": ProgrammingState.CONFIRMED.value, "ended_at": at}
            _set(connection, job.id, **values, **confirmed)
            conclude(connection, job.id, at)


def runs_of(connection: Connection, job_id: int) -> list[tuple[int, RunState, bytes | None]]:
    """Each try of a job: its number, its state, its signed report."""
    rows = connection.execute(
        select(programming_runs).where(programming_runs.c.job_id == job_id).order_by(programming_runs.c.id)
    )
    return [(row.attempt, RunState(row.state), row.report) for row in rows]


def _locked(connection: Connection, bridge: Bridge, job_id: int) -> Any:
    """The row of a job, for nobody else until the end; None where there is none, or the bridge is revoked."""
    if not bridges.is_active(connection, bridge.id):
        return None
    query = select(programming_jobs).where(programming_jobs.c.id == job_id)
    return connection.execute(query.with_for_update()).first()


def _is_open_to(row: Any, bridge: Bridge) -> bool:
    """True if what this bridge does changes the job: it is to be programmed, and no other bridge is at it."""
    running_elsewhere = row.state == ProgrammingState.RUNNING.value and row.bridge_id not in (None, bridge.id)
    return row.state in _TO_PROGRAM and not running_elsewhere


def _set(connection: Connection, job_id: int, **values: Any) -> None:
    connection.execute(update(programming_jobs).where(programming_jobs.c.id == job_id).values(**values))


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
