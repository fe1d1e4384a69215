"""Figures of programming jobs, for `backend.statistics`, which asks for the permission."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from backend.programming.models import programming_jobs
from backend.programming.values import ProgrammingState


def to_confirm(connection: Connection, integrator_id: int | None) -> int:
    """How many jobs of an integrator, or of all, have a device that was read back and wait for the
    technician's word.
    """
    query = select(func.count()).where(programming_jobs.c.state == ProgrammingState.PROGRAMMED.value)
    if integrator_id is not None:
        query = query.where(programming_jobs.c.integrator_id == integrator_id)
    return int(connection.scalar(query) or 0)
