"""Programming jobs over time: they follow their associations, are forgotten, and lose who is erased."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from backend.associations import service as associations
from backend.bridges import service as bridges
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION
from backend.programming.models import programming_cards, programming_jobs, programming_runs
from backend.programming.service import CHANGED_NOTICE, TAKEN_NOTICE, add_notice, get_any
from backend.programming.values import ProgrammingJob, ProgrammingState


def check_associations(connection: Connection, at: datetime) -> int:
    """`follow_associations`, and how many there were."""
    return len(follow_associations(connection, at))


def follow_associations(connection: Connection, at: datetime) -> list[int]:
    """The jobs whose association was deleted: one whose supply was associated anew, with another device, is
    the new association's; others are CANCELLED. A portion of them; returns which.
    """
    rows = connection.execute(
        select(programming_jobs.c.id, programming_jobs.c.association_id).where(
            programming_jobs.c.ended_at.is_(None)
        )
    ).all()
    gone = associations.deleted_among(connection, {row.association_id for row in rows})
    over = [row.id for row in rows if row.association_id in gone][:PORTION]
    for job_id in over:
        job = get_any(connection, job_id)
        if job is not None:
            _follow(connection, job, at)
    if over:
        notify(connection, bridges.SIGNAL)
    return over


def _follow(connection: Connection, job: ProgrammingJob, at: datetime) -> None:
    successor = associations.successor_of(connection, job.association)
    here = (programming_jobs.c.id == job.id, programming_jobs.c.ended_at.is_(None))
    # A lease, a proof and a word are about the device that was.
    blank = dict.fromkeys(
        (
            "bridge_id",
            "leased_until",
            "failure",
            "step",
            "read_back",
            "confirmed_at",
            "photo_file",
            "photo",
            "latitude",
            "longitude",
        )
    )
    if successor is None or _has_open(connection, successor):
        cancelled = {"state": ProgrammingState.CANCELLED.value, "ended_at": at}
        connection.execute(update(programming_jobs).where(*here).values(**cancelled, **blank))
        add_notice(connection, TAKEN_NOTICE, job, job.technician_id, at, key=f"{job.id}-gone")
        record(
            connection,
            at,
            AuditAction.PROGRAMMING_CANCELLED,
            integrator_id=job.association.integrator_id,
            point=job.association.point,
            device_id=job.association.device_id,
            association_id=job.association.id,
            detail={"programming": job.id},
        )
        return
    moved = {"association_id": successor, "state": ProgrammingState.ASSIGNED.value}
    connection.execute(update(programming_jobs).where(*here).values(**moved, **blank))
    add_notice(connection, CHANGED_NOTICE, job, job.technician_id, at, key=f"{job.id}-{successor}")


def _has_open(connection: Connection, association_id: int) -> bool:
    of_it = programming_jobs.c.association_id == association_id
    query = select(programming_jobs.c.id).where(of_it, programming_jobs.c.ended_at.is_(None))
    return connection.execute(query).first() is not None


def forget_old(connection: Connection, at: datetime, kept: timedelta) -> int:
    """Delete a portion of the jobs that ended longer ago than `kept`, with their tries, photo and report.
    Returns how many.
    """
    old = list(
        connection.scalars(
            select(programming_jobs.c.id).where(programming_jobs.c.ended_at < at - kept).limit(PORTION)
        )
    )
    if old:
        connection.execute(delete(programming_cards).where(programming_cards.c.job_id.in_(old)))
        connection.execute(delete(programming_runs).where(programming_runs.c.job_id.in_(old)))
        connection.execute(delete(programming_jobs).where(programming_jobs.c.id.in_(old)))
    return len(old)


def forget_person(connection: Connection, person_id: int) -> None:
    """A person is erased: where they were on site, and reports with their name, go; reports are made anew
    without it when somebody asks for one.
    """
    theirs = or_(programming_jobs.c.technician_id == person_id, programming_jobs.c.assigned_by == person_id)
    connection.execute(update(programming_jobs).where(theirs).values(report=None))
    read = select(programming_jobs.c.id, programming_jobs.c.read_back).where(
        programming_jobs.c.technician_id == person_id, programming_jobs.c.read_back.is_not(None)
    )
    for row in connection.execute(read).all():  # the laptop's name may be the person's
        connection.execute(
            update(programming_jobs)
            .where(programming_jobs.c.id == row.id)
            .values(read_back={**(row.read_back or {}), "host": ""} if row.read_back else None)
        )
    connection.execute(
        update(programming_jobs)
        .where(programming_jobs.c.technician_id == person_id)
        .values(photo_file=None, latitude=None, longitude=None)
    )
