"""By when a ticket is to be answered and solved: what its row holds of it.

A target counts as long as its date stands in the row: the first answer takes one away, closing takes both,
reopening sets both anew. The clock does not stop while the requester is asked something.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any

from backend.tickets.times import WorkingHours, after

ESCALATES = 1.5
"""Of a target, after which administrators are told too."""


class Told(IntEnum):
    """What was told of a target that was missed.

    NOTHING ──► REMINDED ──► ESCALATED
        └────────────────────────▲  after an outage
    """

    NOTHING = 0
    """Nothing yet."""
    REMINDED = 1
    """Who works at the ticket knows that the target has passed."""
    ESCALATED = 2
    """Administrators know that half as much again has passed."""


def set_from(
    hours: WorkingHours, answer_minutes: int | None, solve_minutes: int | None, at: datetime
) -> dict[str, Any]:
    """The columns of a ticket that was opened or reopened then. Targets are working minutes; None is none."""
    dates: dict[str, Any] = {"answer_told": int(Told.NOTHING), "solve_told": int(Told.NOTHING)}
    for name, minutes in (("answer", answer_minutes), ("solve", solve_minutes)):
        for column, part in (("due", 1.0), ("escalates", ESCALATES)):
            instant = None if minutes is None else after(hours, at, round(minutes * part))
            dates[f"{name}_{column}_at"] = instant
    return dates


def answered(row: Any, at: datetime) -> dict[str, Any]:
    """The columns of a ticket that is answered then."""
    return {"answered_at": row.answered_at or at, "answer_due_at": None, "answer_escalates_at": None}


def closed(row: Any, at: datetime) -> dict[str, Any]:
    """The columns of a ticket that is closed then, with a last answer."""
    return {"closed_at": at, **answered(row, at), "solve_due_at": None, "solve_escalates_at": None}
