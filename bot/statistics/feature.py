"""Charts of the statistics are drawn outside of turns."""

from __future__ import annotations

import base64
from pathlib import Path

from backend.core.blobs import service as blobs
from backend.core.child import ChildLimits, run_in_child
from backend.core.db.database import Database
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.core.keys.vault import Vault
from bot.core.feature import RunningFeature

CHARTS = JobQueue("charts", concurrency=1)
"""Each takes a child process."""
DRAW = "backend.statistics.drawing:draw"
LIMITS = ChildLimits(seconds=30.0, memory_bytes=2 << 30)
"""The library that draws reserves much and uses little."""


class ChartDrawer:
    """Draws charts. `folder` is the bot's data folder, in which the library that draws keeps its fonts."""

    def __init__(self, database: Database, vault: Vault, folder: Path) -> None:
        self._database = database
        self._vault = vault
        self._cache = str(folder / "drawings")

    async def draw(self, job: Job, context: JobContext) -> Outcome:
        """Draw a `Chart` and store it: `{"chart": digest}`."""
        made = await run_in_child(DRAW, b"", LIMITS, chart=job.arguments["chart"], cache=self._cache)
        content = base64.b64decode(made["png"])
        return Outcome({"chart": await blobs.store(self._database, content, "image/png", self._vault)})


def statistics_feature(drawer: ChartDrawer) -> RunningFeature:
    """Draws charts."""
    return RunningFeature(
        job_kinds=(JobKind("statistics", drawer.draw, CHARTS, seconds=60.0, retry=Retry(attempts=2)),)
    )
