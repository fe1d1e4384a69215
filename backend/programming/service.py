"""Programming jobs as people see them: assigned, handed over, cancelled, confirmed on site."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from backend.associations import service as associations
from backend.associations.values import Association
from backend.bridges import service as bridges
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.signals import notify
from backend.core.db.statements import PORTION
from backend.core.db.upsert import insert_for
from backend.core.json_values import from_json
from backend.core.outbox.followers import follow, followers, migrate
from backend.core.outbox.values import Destination
from backend.identity import people
from backend.identity import service as identity
from backend.identity.permissions import Permission, Role
from backend.identity.values import Actor, Member
from backend.notices import service as notices
from backend.programming.errors import (
    AssociationOver,
    NoTechnician,
    ProgrammingBegun,
    ProgrammingGone,
    ProgrammingOpen,
)
from backend.programming.models import programming_cards, programming_jobs
from backend.programming.values import (
    OPEN,
    Failure,
    OnSite,
    ProgrammingJob,
    ProgrammingState,
    ReadBack,
)
from backend.scp import service as scp

BY_HAND = (ProgrammingState.ASSIGNED, ProgrammingState.FAILED)
"""The states in which the technician's word alone ends a job."""
CARDS_SHOWN = 6
"""Posts of a job that are brought up to date: the last ones that were opened."""
ASSIGNED_NOTICE = "programming_assigned"
CHANGED_NOTICE = "programming_changed"
REPLACE_NOTICE = "programming_replace"
TAKEN_NOTICE = "programming_taken"
CONFIRMED_NOTICE = "programming_confirmed"
REPORT_TIME = timedelta(seconds=10)
"""For so long the word that an installation is confirmed waits for its report."""
PLACE_LENGTH, NOTE_LENGTH = 200, 500
"""Characters."""


def technicians(connection: Connection, actor: Actor) -> list[Member]:
    """The members who can be given a job of the actor's integrator, by name. Raises NotPermitted."""
    actor.authorise(Permission.PROGRAM)
    members = people.members_of(connection, actor, PORTION)
    able = [each for each in members if _may_program(connection, each.person_id, actor.integrator_id)]
    return sorted(able, key=lambda each: (each.person_id != actor.person_id, each.name.casefold()))


def assign(
    connection: Connection,
    actor: Actor,
    association_id: int,
    technician_id: int,
    place: str,
    note: str,
    at: datetime,
) -> ProgrammingJob:
    """Assign the programming of an association's device. To oneself it takes PROGRAM only. Raises
    NotPermitted, AssociationOver, NoTechnician or ProgrammingOpen.
    """
    actor.authorise(Permission.PROGRAM if technician_id == actor.person_id else Permission.ASSIGN_PROGRAMMING)
    association = associations.find(connection, actor, association_id)
    if association is None or association.deleted_at is not None:
        raise AssociationOver
    if not _may_program(connection, technician_id, actor.integrator_id):
        raise NoTechnician
    job_id = connection.execute(
        insert_for(connection, programming_jobs)
        .values(
            association_id=association_id,
            integrator_id=actor.integrator_id,
            technician_id=technician_id,
            assigned_by=actor.person_id,
            place=place[:PLACE_LENGTH],
            note=note[:NOTE_LENGTH],
            state=ProgrammingState.ASSIGNED.value,
            created_at=at,
            attempt=0,
            done=0,
            of=0,
            repeated=False,
            by_hand=False,
        )
        .on_conflict_do_nothing()
        .returning(programming_jobs.c.id)
    ).scalar()
    if job_id is None:
        present = open_of(connection, actor, association_id)
        if present is None:
            raise ProgrammingBegun  # it has just ended
        raise ProgrammingOpen(present.id)
    made = get(connection, actor, job_id)
    _record(connection, actor, AuditAction.PROGRAMMING_ASSIGNED, made, at)
    _tell(connection, ASSIGNED_NOTICE, made, technician_id, actor, at)
    notify(connection, bridges.SIGNAL)
    return made


def hand_over(
    connection: Connection, actor: Actor, job_id: int, technician_id: int, at: datetime
) -> ProgrammingJob:
    """Give a job to somebody else, by its technician, or by who may assign: one that was not begun, or whose
    word on site is missing. A bridge that holds it loses it. Raises NotPermitted, ProgrammingGone,
    ProgrammingBegun or NoTechnician.
    """
    present = get(connection, actor, job_id)
    if actor.person_id != present.technician_id:
        actor.authorise(Permission.ASSIGN_PROGRAMMING)
    actor.authorise(Permission.PROGRAM)
    if not _may_program(connection, technician_id, actor.integrator_id):
        raise NoTechnician
    if technician_id == present.technician_id:
        return present
    _change(
        connection,
        job_id,
        (ProgrammingState.ASSIGNED, ProgrammingState.FAILED, ProgrammingState.PROGRAMMED),
        technician_id=technician_id,
        bridge_id=None,
        leased_until=None,
        confirmed_at=None,
        photo_file=None,
        latitude=None,
        longitude=None,
    )
    moved = get(connection, actor, job_id)
    _record(connection, actor, AuditAction.PROGRAMMING_HANDED_OVER, moved, at)
    _tell(connection, ASSIGNED_NOTICE, moved, technician_id, actor, at)
    _tell(connection, TAKEN_NOTICE, moved, present.technician_id, actor, at)
    notify(connection, bridges.SIGNAL)
    return moved


def ask_replacement(connection: Connection, actor: Actor, job_id: int, at: datetime) -> ProgrammingJob:
    """The technician of a job asks who assigned it for another device. Raises NotPermitted or
    ProgrammingGone.
    """
    actor.authorise(Permission.PROGRAM)
    present = get(connection, actor, job_id)
    if present.technician_id != actor.person_id:
        raise ProgrammingGone
    key = f"{job_id}-{present.association.id}-{present.attempt}"
    for person in _lookers_after(connection, present):
        add_notice(connection, REPLACE_NOTICE, present, person, at, key=key)
    return present


def cancel(connection: Connection, actor: Actor, job_id: int, at: datetime) -> ProgrammingJob:
    """Cancel a job that was not begun: by who assigned it to themselves, or by who may assign. Raises
    NotPermitted, ProgrammingGone or ProgrammingBegun.
    """
    present = get(connection, actor, job_id)
    if not (present.technician_id == present.assigned_by_id == actor.person_id):
        actor.authorise(Permission.ASSIGN_PROGRAMMING)
    if present.state is ProgrammingState.CANCELLED:
        return present
    _change(
        connection,
        job_id,
        (ProgrammingState.ASSIGNED, ProgrammingState.FAILED),
        state=ProgrammingState.CANCELLED.value,
        ended_at=at,
        bridge_id=None,
        leased_until=None,
    )
    gone = get(connection, actor, job_id)
    _record(connection, actor, AuditAction.PROGRAMMING_CANCELLED, gone, at)
    _tell(connection, TAKEN_NOTICE, gone, gone.technician_id, actor, at)
    notify(connection, bridges.SIGNAL)
    return gone


def confirm(
    connection: Connection,
    actor: Actor,
    job_id: int,
    at: datetime,
    *,
    by_hand: bool = False,
    photo: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> ProgrammingJob:
    """The technician's word on site. A PROGRAMMED job is CONFIRMED by it. Before the report has come, the
    word waits for it; `by_hand` it is enough, and nothing was read back. Given twice, it is given once.
    Raises NotPermitted, ProgrammingGone, or ProgrammingBegun where it is over.
    """
    actor.authorise(Permission.PROGRAM)
    present = get(connection, actor, job_id)
    if present.technician_id != actor.person_id:
        raise ProgrammingGone
    if present.state is ProgrammingState.CONFIRMED:
        return present
    if present.association.deleted_at is not None:
        raise AssociationOver
    values: dict[str, Any] = {
        "confirmed_at": at,
        "photo_file": photo[:256] or None,
        "latitude": latitude,
        "longitude": longitude,
    }
    if by_hand and present.state is not ProgrammingState.PROGRAMMED:
        _change(connection, job_id, BY_HAND, **values, **_confirmed(at), by_hand=True)
        conclude(connection, job_id, at, actor)
        return get(connection, actor, job_id)
    _change(connection, job_id, OPEN, **values)
    # The report may have come while the word was given: whichever is second concludes.
    concluded = connection.execute(
        update(programming_jobs)
        .where(programming_jobs.c.id == job_id, programming_jobs.c.state == ProgrammingState.PROGRAMMED.value)
        .values(**_confirmed(at))
    )
    if concluded.rowcount:
        conclude(connection, job_id, at, actor)
    return get(connection, actor, job_id)


def _confirmed(at: datetime) -> dict[str, Any]:
    return {"state": ProgrammingState.CONFIRMED.value, "ended_at": at}


def conclude(connection: Connection, job_id: int, at: datetime, actor: Actor | None = None) -> None:
    """A job has become CONFIRMED: the association is confirmed, and its integrator is told."""
    job = get_any(connection, job_id)
    if job is None:
        return
    associations.confirm(connection, job.association.id, job.technician_id, at)
    technician = identity.subject_of(connection, job.technician_id)
    record(
        connection,
        at,
        AuditAction.PROGRAMMING_CONFIRMED,
        subject=actor.subject if actor is not None else technician,
        integrator_id=job.association.integrator_id,
        outcome="by-hand" if job.read_back is None else job.read_back.outcome,
        point=job.association.point,
        device_id=job.association.device_id,
        association_id=job.association.id,
        detail={"programming": job.id},
    )
    for person in _lookers_after(connection, job):
        later = at + REPORT_TIME
        add_notice(connection, CONFIRMED_NOTICE, job, person, at, key=str(job.id), later=later)


def _lookers_after(connection: Connection, job: ProgrammingJob) -> list[int]:
    """Who is told of a job beside its technician: who assigned it; where that is the technician, or nobody
    any more, who looks after the integrator.
    """
    integrator = job.association.integrator_id
    assigner = identity.acting_for(connection, job.assigned_by_id, integrator)
    if assigner is not None and job.assigned_by_id != job.technician_id:
        return [job.assigned_by_id]
    roles = (Role.REFERENT, Role.CONFIGURATOR)
    people_by_role = [people.with_role(connection, integrator, role) for role in roles]
    found = next((each for each in people_by_role if each), [])
    return [person for person in found if person != job.technician_id]


def store_photo(connection: Connection, job_id: int, digest: str) -> None:
    """The picture that came with the technician's word."""
    connection.execute(
        update(programming_jobs).where(programming_jobs.c.id == job_id).values(photo=digest, photo_file=None)
    )


def store_report(connection: Connection, job_id: int, digest: str) -> None:
    """The installation report of a CONFIRMED job."""
    connection.execute(update(programming_jobs).where(programming_jobs.c.id == job_id).values(report=digest))


def get(connection: Connection, actor: Actor, job_id: int) -> ProgrammingJob:
    """A job of the own integrator. Raises NotPermitted or ProgrammingGone."""
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    found = _find(
        connection,
        programming_jobs.c.id == job_id,
        programming_jobs.c.integrator_id == actor.integrator_id,
    )
    if not found:
        raise ProgrammingGone
    return found[0]


def get_any(connection: Connection, job_id: int) -> ProgrammingJob | None:
    """The job of an id, whosever it is: for work that was asked for before, and to word a notice."""
    return next(iter(_find(connection, programming_jobs.c.id == job_id)), None)


def open_of(connection: Connection, actor: Actor, association_id: int) -> ProgrammingJob | None:
    """The open job of an association, if there is one. Raises NotPermitted."""
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    found = _find(
        connection,
        programming_jobs.c.association_id == association_id,
        programming_jobs.c.integrator_id == actor.integrator_id,
        programming_jobs.c.ended_at.is_(None),
    )
    return next(iter(found), None)


def readable_of(connection: Connection, actor: Actor, association_id: int) -> int | None:
    """The newest job of an association after which the actor, as its technician, can have the meter read by
    their laptop: its id. Raises NotPermitted.
    """
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    read = _values((ProgrammingState.PROGRAMMED, ProgrammingState.CONFIRMED))
    query = select(programming_jobs.c.id).where(
        programming_jobs.c.association_id == association_id,
        programming_jobs.c.integrator_id == actor.integrator_id,
        programming_jobs.c.technician_id == actor.person_id,
        programming_jobs.c.state.in_(read),
    )
    found: int | None = connection.scalar(query.order_by(programming_jobs.c.id.desc()).limit(1))
    return found


def open_of_any(connection: Connection, association_id: int) -> ProgrammingJob | None:
    """The open job of an association, whosever it is: see `get_any`."""
    of_it = programming_jobs.c.association_id == association_id
    return next(iter(_find(connection, of_it, programming_jobs.c.ended_at.is_(None))), None)


def mine(connection: Connection, actor: Actor, limit: int, before: int | None = None) -> list[ProgrammingJob]:
    """The actor's open jobs for their integrator, newest first. Raises NotPermitted."""
    actor.authorise(Permission.PROGRAM)
    return _find(
        connection,
        programming_jobs.c.technician_id == actor.person_id,
        programming_jobs.c.integrator_id == actor.integrator_id,
        programming_jobs.c.ended_at.is_(None),
        before=before,
        limit=limit,
    )


def latest(
    connection: Connection, actor: Actor, limit: int, before: int | None = None
) -> list[ProgrammingJob]:
    """The jobs of the own integrator, open or over, newest first. Raises NotPermitted."""
    actor.authorise(Permission.SEE_ASSOCIATIONS)
    of_ours = programming_jobs.c.integrator_id == actor.integrator_id
    return _find(connection, of_ours, before=before, limit=limit)


def show_on(connection: Connection, job_id: int, destination: Destination, card_id: int) -> None:
    """From now on this post shows how far the job is."""
    follow(connection, programming_cards.c.job_id, job_id, destination, card_id, CARDS_SHOWN)


def leave_card(connection: Connection, card_id: int) -> None:
    """The post shows something else now."""
    connection.execute(delete(programming_cards).where(programming_cards.c.card_id == card_id))


def cards_of(connection: Connection, job_id: int) -> list[tuple[Destination, int]]:
    """The posts that show how far the job is."""
    return followers(connection, programming_cards.c.job_id, job_id)


def migrate_chat(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """The group became a supergroup: its posts follow it."""
    migrate(connection, programming_cards, bot_id, old, new)


def _may_program(connection: Connection, person_id: int, integrator_id: int) -> bool:
    actor = identity.acting_for(connection, person_id, integrator_id)
    return actor is not None and actor.may(Permission.PROGRAM)


def _change(connection: Connection, job_id: int, before: Collection[ProgrammingState], **values: Any) -> None:
    """Change a job that is in one of these states. Raises ProgrammingBegun."""
    changed = connection.execute(
        update(programming_jobs)
        .where(programming_jobs.c.id == job_id, programming_jobs.c.state.in_(_values(before)))
        .values(**values)
    )
    if not changed.rowcount:
        raise ProgrammingBegun


def _values(states: Collection[ProgrammingState]) -> list[str]:
    return [state.value for state in states]


def _tell(
    connection: Connection, kind: str, job: ProgrammingJob, person_id: int, actor: Actor, at: datetime
) -> None:
    """Tell somebody what somebody else did with a job."""
    if person_id != actor.person_id:
        add_notice(connection, kind, job, person_id, at, key=f"{job.id}-{int(at.timestamp())}")


def add_notice(
    connection: Connection,
    kind: str,
    job: ProgrammingJob,
    person_id: int,
    at: datetime,
    *,
    key: str,
    later: datetime | None = None,
) -> None:
    """Tell somebody about a job, from `later` on where it is given."""
    argument = {"job_id": job.id, "integrator_id": job.association.integrator_id}
    notices.add(connection, person_id, kind, argument, dedupe_key=key, at=at, not_before=later)


def _record(
    connection: Connection, actor: Actor, action: AuditAction, job: ProgrammingJob, at: datetime
) -> None:
    record(
        connection,
        at,
        action,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        point=job.association.point,
        device_id=job.association.device_id,
        association_id=job.association.id,
        detail={
            "programming": job.id,
            "subject": identity.subject_of(connection, job.technician_id),
        },
    )


def _find(
    connection: Connection,
    *conditions: ColumnElement[bool],
    before: int | None = None,
    limit: int = 1,
) -> list[ProgrammingJob]:
    query = select(programming_jobs).where(*conditions)
    if before is not None:
        query = query.where(programming_jobs.c.id < before)
    rows = connection.execute(query.order_by(programming_jobs.c.id.desc()).limit(limit)).all()
    return _read(connection, rows)


def _read(connection: Connection, rows: Sequence[Any]) -> list[ProgrammingJob]:
    names = identity.names_of(
        connection, {number for row in rows for number in (row.technician_id, row.assigned_by)}
    )
    hosts = bridges.hosts_of(connection, {row.bridge_id for row in rows if row.bridge_id is not None})
    about: dict[int, Association] = associations.of_ids_of_any(
        connection, {row.association_id for row in rows}
    )
    open_ones = {row.association_id for row in rows if row.ended_at is None}
    awaited = scp.awaited_among(connection, open_ones) if open_ones else set()
    return [
        ProgrammingJob(
            id=row.id,
            association=about[row.association_id],
            technician_id=row.technician_id,
            technician=names.get(row.technician_id, ""),
            assigned_by_id=row.assigned_by,
            assigned_by=names.get(row.assigned_by, ""),
            place=row.place,
            note=row.note,
            state=ProgrammingState(row.state),
            created_at=row.created_at,
            bridge_id=row.bridge_id,
            bridge=hosts.get(row.bridge_id),
            attempt=row.attempt,
            step=row.step,
            done=row.done,
            of=row.of,
            failure=None if row.failure is None else from_json(Failure, row.failure),
            read_back=None if row.read_back is None else from_json(ReadBack, row.read_back),
            on_site=None
            if row.confirmed_at is None
            else OnSite(
                row.confirmed_at, row.by_hand, row.photo_file, row.photo, row.latitude, row.longitude
            ),
            report=row.report,
            repeated=row.repeated,
            ended_at=row.ended_at,
            awaits_file=row.association_id in awaited,
        )
        for row in rows
    ]
