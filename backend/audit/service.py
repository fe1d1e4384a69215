"""The auditor's operations. All of them concern every integrator: no tenancy here. Each look and each
export is an entry of the audit itself.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from backend.audit import search as inner
from backend.audit.values import LookUps, Search
from backend.core.audit.service import record
from backend.core.audit.values import AuditAction, AuditRecord
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.identity.values import Actor, Integrator


def count(connection: Connection, actor: Actor, wanted: Search) -> int:
    """The number of entries that a search finds. Raises NotPermitted."""
    actor.authorise(Permission.SEARCH_AUDIT)
    return inner.count(connection, wanted)


def newest(
    connection: Connection, actor: Actor, wanted: Search, limit: int, before: int | None = None
) -> list[AuditRecord]:
    """The newest entries that a search finds, or those older than the entry `before`, newest first. Raises
    NotPermitted.
    """
    actor.authorise(Permission.SEARCH_AUDIT)
    return inner.newest(connection, wanted, limit, before)


def look_ups(connection: Connection, actor: Actor, since: datetime | None) -> list[LookUps]:
    """Per integrator and person what came of the look-ups since then. Raises NotPermitted."""
    actor.authorise(Permission.SEARCH_AUDIT)
    return inner.look_ups(connection, since)


def integrators_like(connection: Connection, actor: Actor, text: str) -> list[Integrator]:
    """The integrators whose business name holds these words, or whose partita IVA begins so. Raises
    NotPermitted.
    """
    actor.authorise(Permission.SEARCH_AUDIT)
    return identity.integrators_like(connection, text)


def record_search(
    connection: Connection, actor: Actor, wanted: Search, at: datetime, report: str | None = None
) -> None:
    """Record that the actor was shown entries, or a report. Raises NotPermitted."""
    _record(connection, actor, AuditAction.AUDIT_SEARCHED, wanted, at, report, {})


def record_export(
    connection: Connection,
    actor: Actor,
    wanted: Search,
    at: datetime,
    lines: int,
    report: str | None = None,
) -> None:
    """Record that the actor was given entries, or a report, as a file. Raises NotPermitted."""
    _record(connection, actor, AuditAction.AUDIT_EXPORTED, wanted, at, report, {"lines": lines})


def _record(
    connection: Connection,
    actor: Actor,
    action: AuditAction,
    wanted: Search,
    at: datetime,
    report: str | None,
    detail: dict[str, object],
) -> None:
    actor.authorise(Permission.SEARCH_AUDIT)
    said = {
        "report": report,
        "integrator": wanted.integrator_id,
        "since": wanted.since.isoformat() if wanted.since is not None else None,
    }
    record(
        connection,
        at,
        action,
        subject=actor.subject,
        point=wanted.pod.point if wanted.pod is not None else None,
        detail=detail | {name: value for name, value in said.items() if value is not None},
    )
