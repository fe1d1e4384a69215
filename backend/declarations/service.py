"""The System Integrator's declaration: accepted once per access, and an access lasts some hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.statements import Statement
from backend.declarations.models import acceptances
from backend.identity.permissions import Permission
from backend.identity.values import Actor

ACCESS = timedelta(hours=12)
"""The length of an access: a working day. The manual asks at each access and does not say how long one is.
"""


def accept(
    connection: Connection, actor: Actor, text_version: str, at: datetime, lasting: timedelta = ACCESS
) -> datetime:
    """Accept the declaration for the integrator one acts for; returns when the access ends.

    Accepted again while it stands (a second press), it changes nothing and records nothing. Raises
    NotPermitted.
    """
    actor.authorise(Permission.ACCEPT_DECLARATION)
    until = standing_until(connection, actor, at)
    if until is not None:
        return until
    expires_at = at + lasting
    connection.execute(
        insert(acceptances).values(
            person_id=actor.person_id,
            integrator_id=actor.integrator_id,
            text_version=text_version,
            accepted_at=at,
            expires_at=expires_at,
        )
    )
    record(
        connection,
        at,
        AuditAction.DECLARATION_ACCEPTED,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        detail={"text_version": text_version},
    )
    return expires_at


def standing(connection: Connection, actor: Actor, at: datetime) -> bool:
    """True if the actor's declaration stands at the time given."""
    return standing_until(connection, actor, at) is not None


_UNTIL = Statement(
    select(func.max(acceptances.c.expires_at, type_=acceptances.c.expires_at.type)).where(
        acceptances.c.person_id == bindparam("person"),
        acceptances.c.integrator_id == bindparam("integrator"),
        acceptances.c.expires_at > bindparam("at"),
    )
)
"""Built once: every look-up asks for it."""


def standing_until(connection: Connection, actor: Actor, at: datetime) -> datetime | None:
    """When the access ends in which the actor accepted the declaration; None where none is under way."""
    asked = {"person": actor.person_id, "integrator": actor.integrator_id, "at": at}
    until: datetime | None = _UNTIL.scalar(connection, asked)
    return until
