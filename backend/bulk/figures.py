"""Figures of bulk requests, for `backend.statistics`, which asks for the permission."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from backend.bulk.models import bulk_requests, bulk_rows
from backend.bulk.values import RequestState, RowState


def outcomes(
    connection: Connection, integrator_id: int | None, since: datetime
) -> list[tuple[RowState, str, int]]:
    """What became of the rows of an integrator's requests, or of all, since then: state, outcome and how many
    rows; the most frequent first. Cancelled requests do not count.
    """
    number = func.count()
    query = (
        select(bulk_rows.c.state, bulk_rows.c.outcome, number)
        .join(bulk_requests, bulk_requests.c.id == bulk_rows.c.request_id)
        .where(
            bulk_requests.c.created_at >= since,
            bulk_requests.c.state != RequestState.CANCELLED.value,
        )
        .group_by(bulk_rows.c.state, bulk_rows.c.outcome)
        .order_by(number.desc(), bulk_rows.c.outcome, bulk_rows.c.state)
    )
    if integrator_id is not None:
        query = query.where(bulk_requests.c.integrator_id == integrator_id)
    return [(RowState(state), outcome, int(rows)) for state, outcome, rows in connection.execute(query)]
