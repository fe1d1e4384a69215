"""Searching the audit, with random ids resolved into what they stand for. For the operator: no
tenancy here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Row, Select, select

from backend.core.audit.models import audit_entries, audit_seals, audit_subjects
from backend.core.audit.values import Action, AuditRecord
from backend.identity.models import integrators, persons
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
    query = _entries()
    if pod is not None:
        query = query.where(audit_subjects.c.point == pod.point)
    if person is not None:
        query = query.where(persons.c.id == person)
    if since is not None:
        query = query.where(audit_entries.c.at >= since)
    if until is not None:
        query = query.where(audit_entries.c.at < until)
    query = query.order_by(audit_entries.c.id).limit(PAGE_ROWS)
    last: int | None = None
    while page := connection.execute(query if last is None else query.where(audit_entries.c.id > last)).all():
        yield from (_record(row) for row in page)
        last = page[-1].id


def _entries() -> Select[tuple[object, ...]]:
    return (
        select(
            audit_entries,
            audit_subjects.c.point,
            persons.c.display_name,
            integrators.c.business_name,
            audit_seals.c.sequence,
        )
        .select_from(audit_entries)
        .outerjoin(audit_subjects, audit_entries.c.pod_subject == audit_subjects.c.subject)
        .outerjoin(persons, audit_entries.c.person_subject == persons.c.subject)
        .outerjoin(integrators, audit_entries.c.integrator_id == integrators.c.id)
        .outerjoin(audit_seals, audit_entries.c.id == audit_seals.c.entry_id)
    )


def _record(row: Row[tuple[object, ...]]) -> AuditRecord:
    return AuditRecord(
        id=row.id,
        at=row.at,
        action=Action(row.action),
        outcome=row.outcome,
        person_subject=row.person_subject,
        person_name=row.display_name,
        integrator_id=row.integrator_id,
        integrator_name=row.business_name,
        pod_subject=row.pod_subject,
        point=row.point,
        device_id=row.device_id,
        association_id=row.association_id,
        correlation=row.correlation,
        detail=row.detail,
        sequence=row.sequence,
    )
