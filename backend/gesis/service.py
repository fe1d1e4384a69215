"""Factors K as an integrator keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from backend.core.audit.service import record
from backend.core.audit.values import AuditAction
from backend.core.db.upsert import insert_for
from backend.gesis.models import meter_factors
from backend.gesis.values import Factor
from backend.identity.permissions import Permission
from backend.identity.values import Actor


def written_of(
    integrator_id: ColumnElement[Any], point: ColumnElement[Any], meter_serial: ColumnElement[Any]
) -> ColumnElement[str | None]:
    """The factor of the meter of another table's columns, for that integrator, as a column of that table's
    query: `backend.gesis.values.factor_of` reads it.
    """
    return (
        select(meter_factors.c.factor)
        .where(
            meter_factors.c.integrator_id == integrator_id,
            meter_factors.c.point == point,
            meter_factors.c.meter_serial == meter_serial,
        )
        .scalar_subquery()
    )


def keep(
    connection: Connection,
    actor: Actor,
    point: str,
    meter_serial: str,
    factor: Factor,
    at: datetime,
    *,
    association_id: int,
) -> bool:
    """Keep the factor of a meter for the actor's integrator, in the place of the one before. False, and no
    entry in the audit, where it was the same. Raises NotPermitted.
    """
    actor.authorise(Permission.KEEP_FACTOR)
    values = {"factor": factor.written, "set_at": at, "set_by": actor.person_id}
    changed = connection.execute(
        insert_for(connection, meter_factors)
        .values(integrator_id=actor.integrator_id, point=point, meter_serial=meter_serial, **values)
        .on_conflict_do_update(
            index_elements=["integrator_id", "point", "meter_serial"],
            set_=values,
            where=meter_factors.c.factor != factor.written,
        )
    )
    if changed.rowcount != 1:
        return False
    record(
        connection,
        at,
        AuditAction.FACTOR_KEPT,
        subject=actor.subject,
        integrator_id=actor.integrator_id,
        point=point,
        association_id=association_id,
        detail={"factor": factor.written},
    )
    return True
