"""Searching the audit, with random ids resolved into what they stand for. Nobody is asked for a permission
here: that is for `service.py`, or for the operator at the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, true

from backend.audit.values import LookUps, Search
from backend.core.audit.models import audit_entries, audit_seals, audit_subjects
from backend.core.audit.values import AuditAction, AuditRecord
from backend.identity import service as identity
from backend.supplies.pod import Pod

PAGE_ROWS = 1000


def search(
    connection: Connection,
    *,
    pod: Pod | None = None,
    person: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[AuditRecord]:
    """The entries about a POD and by a person (its id), from `since` on and before `until`, in the order of
    their ids.

    Read a page at a time while it is iterated, so only as long as the connection's work lasts. A name whose
    mapping was erased comes as None.
    """
    query = _entries().where(_wanted(Search(pod, None, since)))
    if person is not None:
        query = query.where(audit_entries.c.person_subject == identity.subject_of(connection, person))
    if until is not None:
        query = query.where(audit_entries.c.at < until)
    query = query.order_by(audit_entries.c.id).limit(PAGE_ROWS)
    last: int | None = None
    while page := connection.execute(query if last is None else query.where(audit_entries.c.id > last)).all():
        yield from _records(connection, page)
        last = page[-1].id


def count(connection: Connection, wanted: Search) -> int:
    """The number of entries."""
    query = select(func.count()).select_from(audit_entries)
    if wanted.pod is not None:
        query = query.join(audit_subjects, audit_entries.c.pod_subject == audit_subjects.c.subject)
    return int(connection.scalar(query.where(_wanted(wanted))) or 0)


def newest(
    connection: Connection, wanted: Search, limit: int, before: int | None = None
) -> list[AuditRecord]:
    """The newest entries, or those older than the entry `before`, newest first."""
    query = _entries().where(_wanted(wanted)).order_by(audit_entries.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_entries.c.id < before)
    return list(_records(connection, connection.execute(query).all()))


def look_ups(connection: Connection, since: datetime | None) -> list[LookUps]:
    """Per integrator and person what came of the look-ups since then; first where most points were never
    associated. A point counts once for a person, from its first look-up in the period.
    """
    entries = audit_entries.c
    in_time = true() if since is None else entries.at >= since
    looked = (
        select(
            entries.integrator_id,
            entries.person_subject,
            entries.pod_subject,
            func.min(entries.id).label("id"),
        )
        .where(entries.action == AuditAction.POD_LOOKED_UP.value, in_time)
        .group_by(entries.integrator_id, entries.person_subject, entries.pod_subject)
        .cte("looked")
    )
    made = (
        select(entries.integrator_id, entries.pod_subject, func.max(entries.id).label("id"))
        .where(entries.action == AuditAction.ASSOCIATION_CREATED.value, in_time)
        .group_by(entries.integrator_id, entries.pod_subject)
        .cte("made")
    )
    followed = and_(
        made.c.integrator_id == looked.c.integrator_id,
        made.c.pod_subject == looked.c.pod_subject,
        made.c.id > looked.c.id,
    )
    points, associated = func.count(), func.count(made.c.id)
    rows = connection.execute(
        select(
            looked.c.integrator_id,
            looked.c.person_subject,
            points.label("points"),
            associated.label("followed"),
        )
        .select_from(looked)
        .outerjoin(made, followed)
        .group_by(looked.c.integrator_id, looked.c.person_subject)
        .order_by(
            (points - associated).desc(), points.desc(), looked.c.integrator_id, looked.c.person_subject
        )
    ).all()
    names = identity.names_of_subjects(connection, {row.person_subject for row in rows})
    integrators = identity.integrators_by_id(connection, {row.integrator_id for row in rows})
    return [
        LookUps(names.get(row.person_subject), integrators.get(row.integrator_id), row.points, row.followed)
        for row in rows
    ]


def _wanted(wanted: Search) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.pod is not None:
        conditions.append(audit_subjects.c.point == wanted.pod.point)
    if wanted.integrator_id is not None:
        conditions.append(audit_entries.c.integrator_id == wanted.integrator_id)
    if wanted.since is not None:
        conditions.append(audit_entries.c.at >= wanted.since)
    return and_(*conditions)


def _entries() -> Select[Any]:
    return (
        select(audit_entries, audit_subjects.c.point, audit_seals.c.sequence)
        .select_from(audit_entries)
        .outerjoin(audit_subjects, audit_entries.c.pod_subject == audit_subjects.c.subject)
        .outerjoin(audit_seals, audit_entries.c.id == audit_seals.c.entry_id)
    )


def _records(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[AuditRecord]:
    subjects = {row.person_subject for row in rows} | {_about(row) for row in rows}
    names = identity.names_of_subjects(connection, {subject for subject in subjects if subject})
    integrators = identity.integrators_by_id(
        connection, {row.integrator_id for row in rows if row.integrator_id is not None}
    )
    for row in rows:
        integrator = integrators.get(row.integrator_id)
        yield AuditRecord(
            id=row.id,
            at=row.at,
            action=AuditAction(row.action),
            outcome=row.outcome,
            person_subject=row.person_subject,
            person_name=names.get(row.person_subject),
            about_subject=_about(row),
            about_name=names.get(_about(row) or ""),
            integrator_id=row.integrator_id,
            integrator_name=integrator.business_name if integrator else None,
            pod_subject=row.pod_subject,
            point=row.point,
            device_id=row.device_id,
            association_id=row.association_id,
            correlation=row.correlation,
            detail=row.detail,
            sequence=row.sequence,
        )


def _about(row: Row[Any]) -> str | None:
    """To whom it was done, where that is not who did it."""
    about = row.detail.get("subject") if row.detail else None
    return about if isinstance(about, str) and about != row.person_subject else None
