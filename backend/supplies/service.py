"""The look-up as a member makes it: asked, recorded, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection, and_, bindparam, delete, select

from backend.budgets import service as budgets
from backend.core.audit.service import Entry, record, record_each
from backend.core.audit.values import AuditAction
from backend.core.db.statements import Statement
from backend.core.db.upsert import upsert
from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.supplies.central import CentralSystem
from backend.supplies.errors import CentralError
from backend.supplies.models import recent_pods as recent
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer, LookUpOutcome

log = structlog.get_logger(__name__)

RECENT = 10
"""The number of PODs remembered per person and integrator."""

# Built once: every look-up runs them.
_REMEMBER = upsert(
    recent,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["person_id", "integrator_id", "point"],
        set_={"pod": insert.excluded.pod, "looked_up_at": insert.excluded.looked_up_at},
    ),
)
_MINE = and_(recent.c.person_id == bindparam("person"), recent.c.integrator_id == bindparam("integrator"))
_NEWEST = select(recent).where(_MINE).order_by(recent.c.looked_up_at.desc(), recent.c.point).limit(RECENT)
_OTHER = recent.c.point != bindparam("but")
_FORGET = Statement(
    delete(recent).where(
        _MINE,
        _OTHER,
        recent.c.point.not_in(_NEWEST.with_only_columns(recent.c.point).where(_OTHER).limit(RECENT - 1)),
    ),
    disjoint=True,
)
"""Forgets the others but for the newest: whether the one just looked up is there does not matter to it."""


async def ask(central: CentralSystem, pod: Pod) -> CentralAnswer | Exception:
    """Ask the central system; a failure is returned, because it is an outcome like the others (see `judge`).

    A failure that has no name here is logged with its type.
    """
    try:
        return await central.look_up(pod)
    except CentralError as failure:
        return failure
    except Exception as failure:
        log.exception("central.failed", pod=pod.masked, error=type(failure).__name__)
        return failure


def record_look_ups(
    connection: Connection, actor: Actor, found: Sequence[tuple[Pod, LookUpOutcome]], at: datetime
) -> None:
    """Record many look-ups in the audit and count them, as `record_look_up` does one. Raises NotPermitted."""
    actor.authorise(Permission.LOOK_UP)
    entries = [Entry(actor.subject, actor.integrator_id, outcome.value, pod.point) for pod, outcome in found]
    record_each(connection, at, AuditAction.POD_LOOKED_UP, entries)
    budgets.count(connection, actor, len(entries), at)


def record_look_up(
    connection: Connection,
    actor: Actor,
    pod: Pod,
    outcome: LookUpOutcome,
    at: datetime,
    *,
    remember: bool = True,
    watched: bool = False,
) -> None:
    """Record a look-up in the audit, count it and, where it is to `remember`, note it among the person's last
    PODs. The entry of one that was made by itself, for a person who had the POD `watched`, says so. Raises
    NotPermitted.
    """
    actor.authorise(Permission.LOOK_UP)
    record(
        connection,
        at,
        AuditAction.POD_LOOKED_UP,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        outcome=outcome.value,
        point=pod.point,
        detail={"watched": True} if watched else None,
    )
    budgets.count(connection, actor, 1, at)
    if not remember:
        return
    _REMEMBER.ask(
        connection,
        {
            "person_id": actor.person_id,
            "integrator_id": actor.integrator_id,
            "point": pod.point,
            "pod": pod.code,
            "looked_up_at": at,
        },
    )
    _FORGET.ask(connection, {"person": actor.person_id, "integrator": actor.integrator_id, "but": pod.point})


def recent_pods(connection: Connection, actor: Actor) -> list[Pod]:
    """The PODs that the person last looked up for this integrator, newest first, at most ten. Raises
    NotPermitted.
    """
    actor.authorise(Permission.LOOK_UP)
    rows = connection.execute(_NEWEST, {"person": actor.person_id, "integrator": actor.integrator_id})
    return [Pod(row.pod, row.pod) for row in rows]
