"""Upkeep of the tickets, reminders of those that are late, and the staff's day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from backend.tickets import digest, lateness, service
from backend.tickets.times import WorkingHours
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature


def tickets_feature(kept: timedelta, hours: WorkingHours) -> RunningFeature:
    """Old tickets are deleted after this time; the staff is told what is late within these hours."""
    return RunningFeature(
        due_checks=(
            DueCheck("tickets", partial(service.forget_old, kept=kept)),
            DueCheck("late_tickets", partial(lateness.remind, hours=hours)),
            DueCheck("ticket_digest", partial(digest.begin_day, hours=hours)),
        )
    )
