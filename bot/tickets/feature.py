"""Upkeep of the tickets."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from backend.tickets import service
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature


def tickets_feature(kept: timedelta) -> RunningFeature:
    """Old tickets are deleted after this time."""
    return RunningFeature(due_checks=(DueCheck("tickets", partial(service.forget_old, kept=kept)),))
