"""Searching the audit, with random ids resolved into what they stand for. For the operator: no
tenancy here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

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
    query = _entries()
    if pod is not None:
        query = query.where(audit_subjects.c.point == pod.point)
    if person is not None:
        query = query.where(audit_entries.c.person_subject == identity.subject_of(connection, person))
    if since is not None:
        query = query.where(audit_entries.c.at >= since)
    if until is not None:
        query = query.where(audit_entries.c.at < until)
    query = query.order_by(audit_entries.c.id).limit(PAGE_ROWS)
    last: int | None = None
    while page := connection.execute(query if last is None else query.where(audit_entries.c.id > last)).all():
        names = identity.names_of_subjects(
            connection, {row.person_subject for row in page if row.person_subject}
        )
        integrators = identity.integrators_by_id(
            connection, {row.integrator_id for row in page if row.integrator_id is not None}
        )
        for row in page:
            integrator = integrators.get(row.integrator_id)
            yield _record(
                row, names.get(row.person_subject), integrator.business_name if integrator else None
            )
        last = page[-1].id


def _entries() -> Select[Any]:
    return (
        select(audit_entries, audit_subjects.c.point, audit_seals.c.sequence)
        .select_from(audit_entries)
        .outerjoin(audit_subjects, audit_entries.c.pod_subject == audit_subjects.c.subject)
        .outerjoin(audit_seals, audit_entries.c.id == audit_seals.c.entry_id)
    )


def _record(row: Row[Any], person_name: str | None, integrator_name: str | None) -> AuditRecord:
    return AuditRecord(
        id=row.id,
        at=row.at,
        action=AuditAction(row.action),
        outcome=row.outcome,
        person_subject=row.person_subject,
        person_name=person_name,
        integrator_id=row.integrator_id,
        integrator_name=integrator_name,
        pod_subject=row.pod_subject,
        point=row.point,
        device_id=row.device_id,
        association_id=row.association_id,
        correlation=row.correlation,
        detail=row.detail,
        sequence=row.sequence,
    )
