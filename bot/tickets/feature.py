"""Tickets beside the turns: upkeep, and files."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from backend.tickets import service
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.tickets.export import TicketFiles, file_jobs


def tickets_feature(kept: timedelta, files: TicketFiles) -> RunningFeature:
    """Old tickets are deleted after this time; files are made of those that there are."""
    return RunningFeature(
        job_kinds=file_jobs(files),
        due_checks=(DueCheck("tickets", partial(service.forget_old, kept=kept)),),
    )
