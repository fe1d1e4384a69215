"""Recording: one row beside the change it tells of, in the same transaction, unchained."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection, bindparam, insert, select

from backend.core.audit.errors import DetailRefused
from backend.core.audit.models import audit_entries, audit_subjects
from backend.core.audit.values import AuditAction
from backend.core.db.statements import Statement

_GIVEN = (
    "at",
    "person_subject",
    "integrator_id",
    "action",
    "outcome",
    "device_id",
    "association_id",
    "correlation",
    "detail",
)
_RECORD = Statement(insert(audit_entries).returning(audit_entries.c.id))
_RECORD_POINT = Statement(
    insert(audit_entries)
    .from_select(
        [*_GIVEN, "pod_subject"],
        select(
            *(bindparam(name, type_=audit_entries.c[name].type) for name in _GIVEN), audit_subjects.c.subject
        ).where(audit_subjects.c.point == bindparam("at_point")),
    )
    .returning(audit_entries.c.id)
)
_MENTION = Statement(lambda insert: insert(audit_subjects).on_conflict_do_nothing(index_elements=["point"]))
"""Built once: every change and every look-up runs them."""


def record(
    connection: Connection,
    at: datetime,
    action: AuditAction,
    *,
    subject: str | None = None,
    integrator_id: int | None = None,
    outcome: str | None = None,
    point: str | None = None,
    device_id: int | None = None,
    association_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Record that something was done; returns the entry's id.

    `subject` is the person's random id (None: the operator at the machine); `point` a supply point, recorded
    as a random id too. `detail` holds no personal data, and only text, whole numbers, truth values, None and
    lists or objects of these: raises DetailRefused otherwise. The correlation id is the one bound in
    structlog's context as `correlation`.
    """
    for name, value in (detail or {}).items():
        if not _survives(value):
            raise DetailRefused(name)
    correlation = structlog.contextvars.get_contextvars().get("correlation")
    values = {
        "at": at,
        "person_subject": subject,
        "integrator_id": integrator_id,
        "action": action.value,
        "outcome": outcome,
        "device_id": device_id,
        "association_id": association_id,
        "correlation": None if correlation is None else str(correlation)[:64],
        "detail": dict(detail or {}),
    }
    if point is None:
        return int(_RECORD.scalar(connection, values))
    values["at_point"] = point
    entry_id = _RECORD_POINT.scalar(connection, values)
    if entry_id is None:  # the point is mentioned for the first time
        _MENTION.run(connection, {"subject": str(uuid.uuid4()), "point": point})
        entry_id = _RECORD_POINT.scalar(connection, values)
    return int(entry_id)


def _survives(value: object) -> bool:
    match value:
        case None | bool() | str() | int():
            return True
        case list():
            return all(_survives(item) for item in value)
        case dict():
            return all(isinstance(key, str) and _survives(item) for key, item in value.items())
        case _:
            return False
