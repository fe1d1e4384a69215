"""Tickets beside the turns: files that are attached or made, upkeep, reminders, the staff's day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from backend.core.jobs.kinds import JobKind, Retry
from backend.tickets import digest, lateness, service
from backend.tickets.times import WorkingHours
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.tickets.export import TicketExports, file_jobs
from bot.tickets.files import DIAGNOSTICS, EXAMINING, TicketFiles


def tickets_feature(
    files: TicketFiles, exports: TicketExports, kept: timedelta, hours: WorkingHours
) -> RunningFeature:
    """Files come and are made by jobs. Old tickets are deleted after this time; the staff is told what is
    late within these hours.
    """
    return RunningFeature(
        job_kinds=(
            JobKind("ticket_files", files.receive, EXAMINING, seconds=240.0, retry=Retry(attempts=3)),
            JobKind(
                "ticket_diagnostics", files.diagnose, DIAGNOSTICS, seconds=240.0, retry=Retry(attempts=1)
            ),
            *file_jobs(exports),
        ),
        due_checks=ticket_checks(kept, hours),
    )


def ticket_checks(kept: timedelta, hours: WorkingHours) -> tuple[DueCheck, ...]:
    """What is due about tickets: see `tickets_feature`."""
    return (
        DueCheck("tickets", partial(service.forget_old, kept=kept)),
        DueCheck("late_tickets", partial(lateness.remind, hours=hours)),
        DueCheck("ticket_digest", partial(digest.begin_day, hours=hours)),
    )
