"""Tickets beside the turns: upkeep, reminders of those that are late, the staff's day, files."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from backend.tickets import digest, lateness, service
from backend.tickets.times import WorkingHours
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.tickets.export import TicketFiles, file_jobs


def tickets_feature(kept: timedelta, hours: WorkingHours, files: TicketFiles) -> RunningFeature:
    """Old tickets are deleted after this time; the staff is told what is late within these hours; files are
    made of those that there are.
    """
    return RunningFeature(job_kinds=file_jobs(files), due_checks=ticket_checks(kept, hours))


def ticket_checks(kept: timedelta, hours: WorkingHours) -> tuple[DueCheck, ...]:
    """What is due about tickets: see `tickets_feature`."""
    return (
        DueCheck("tickets", partial(service.forget_old, kept=kept)),
        DueCheck("late_tickets", partial(lateness.remind, hours=hours)),
        DueCheck("ticket_digest", partial(digest.begin_day, hours=hours)),
    )
