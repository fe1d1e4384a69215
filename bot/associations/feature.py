"""Associations beside the turns: files of the report, and the weekly reports."""

from __future__ import annotations

from bot.associations.export import AssociationExports, association_jobs
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature


def associations_feature(exports: AssociationExports) -> RunningFeature:
    """Files are made by jobs; weekly reports are due by the clock."""
    return RunningFeature(
        job_kinds=association_jobs(exports),
        due_checks=(DueCheck("weekly_reports", exports.begin_due),),
    )
