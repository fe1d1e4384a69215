"""Tickets beside the turns: files that are attached, upkeep."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from backend.core.jobs.kinds import JobKind, Retry
from backend.tickets import service
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.tickets.files import DIAGNOSTICS, EXAMINING, TicketFiles


def tickets_feature(files: TicketFiles, kept: timedelta) -> RunningFeature:
    """Files come by jobs. Old tickets are deleted after this time."""
    return RunningFeature(
        job_kinds=(
            JobKind("ticket_files", files.receive, EXAMINING, seconds=240.0, retry=Retry(attempts=3)),
            JobKind(
                "ticket_diagnostics", files.diagnose, DIAGNOSTICS, seconds=240.0, retry=Retry(attempts=1)
            ),
        ),
        due_checks=(DueCheck("tickets", partial(service.forget_old, kept=kept)),),
    )
