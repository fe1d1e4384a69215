"""Recording: one row beside the change it tells of, in the same transaction, unchained."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Connection, bindparam, insert, select

from backend.core.audit.errors import DetailRefused
from backend.core.audit.models import audit_entries, audit_subjects
from backend.core.audit.values import AuditAction
from backend.core.db.statements import Statement
from backend.core.db.together import Asked

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
_RECORD = Statement(insert(audit_entries))
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


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to be recorded; see `record`."""

    subject: str | None = None
    integrator_id: int | None = None
    outcome: str | None = None
    point: str | None = None
    device_id: int | None = None
    association_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


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
) -> None:
    """Record that something was done.

    `subject` is the person's random id (None: the operator at the machine); `point` a supply point, recorded
    as a random id too. `detail` holds no personal data, and only text, whole numbers, truth values, None and
    lists or objects of these: raises DetailRefused otherwise. The correlation id is the one bound in
    structlog's context as `correlation`.
    """
    entry = Entry(subject, integrator_id, outcome, point, device_id, association_id, detail or {})
    values = _values(at, action, entry)
    if point is None:
        _RECORD.ask(connection, values)
        return

    def mention_first(recorded: Asked) -> None:
        if recorded.first() is None:  # the point is mentioned for the first time
            _MENTION.run(connection, _mention(point))
            _RECORD_POINT.run(connection, values)

    _RECORD_POINT.ask(connection, values, mention_first)


def record_each(connection: Connection, at: datetime, action: AuditAction, entries: Sequence[Entry]) -> None:
    """Record that something was done to each of many supply points, at the price of a few statements. Each
    entry has a point. Raises DetailRefused.
    """
    values = [_values(at, action, each) for each in entries]
    _MENTION.run_each(connection, [_mention(each.point) for each in entries if each.point is not None])
    _RECORD_POINT.run_each(connection, values)


def _mention(point: str) -> dict[str, str]:
    return {"subject": str(uuid.uuid4()), "point": point}


def _values(at: datetime, action: AuditAction, entry: Entry) -> dict[str, object]:
    for name, value in entry.detail.items():
        if not _survives(value):
            raise DetailRefused(name)
    correlation = structlog.contextvars.get_contextvars().get("correlation")
    values: dict[str, object] = {
        "at": at,
        "person_subject": entry.subject,
        "integrator_id": entry.integrator_id,
        "action": action.value,
        "outcome": entry.outcome,
        "device_id": entry.device_id,
        "association_id": entry.association_id,
        "correlation": None if correlation is None else str(correlation)[:64],
        "detail": dict(entry.detail),
    }
    if entry.point is not None:
        values["at_point"] = entry.point
    return values


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
