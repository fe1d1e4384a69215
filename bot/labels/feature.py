"""Photos of labels are fetched and read outside of turns; nothing of them is stored."""

from __future__ import annotations

import structlog
from telegram import Bot

from backend.core.child import ChildFailed, ChildLimits, ChildRefused, run_in_child
from backend.core.jobs.kinds import JobContext, JobKind, JobQueue, Outcome, Retry
from backend.core.jobs.values import Job
from backend.core.json_values import from_json
from bot.core import attachments
from bot.core.feature import RunningFeature
from conversations.core.labels import Picture, pictures

log = structlog.get_logger(__name__)

LABELS = JobQueue("labels", concurrency=2)
"""Each takes a child process."""
READ = "backend.labels.reading:read"
LIMITS = ChildLimits(seconds=12.0, memory_bytes=1 << 30, output_bytes=1 << 16)
SECONDS, IDLE_SECONDS = 6.0, 2.5
"""Of the processor, for all pictures together: where a code is asked for, and where the picture may be of
anything.
"""
MOST_READ = 4
"""Pictures of an album that are read."""


class LabelReader:
    """Reads the codes on pictures. `sid_pattern` is the form of a SID."""

    def __init__(self, bot: Bot, sid_pattern: str) -> None:
        self._bot = bot
        self._sid_pattern = sid_pattern

    async def read(self, job: Job, context: JobContext) -> Outcome:
        """`{"sids": […], "nids": […]}`: what is on the pictures of a message, each code once; or, where there
        is none because a picture was not to be had, `"why"`: `gone`, `too_big`, or `format` (one that is not
        read).
        """
        sids: dict[str, None] = {}
        nids: dict[str, None] = {}
        why = ""
        picture = from_json(Picture, job.arguments)
        wanted = pictures(picture.sent)[:MOST_READ]
        seconds = (SECONDS if picture.asked else IDLE_SECONDS) / max(1, len(wanted))
        for each in wanted:
            try:
                content = await attachments.fetch(self._bot, each.file_id)
                found = await run_in_child(READ, content, LIMITS, pattern=self._sid_pattern, seconds=seconds)
            except attachments.FileGone:
                why = "gone"
            except attachments.FileTooBig:
                why = "too_big"
            except ChildRefused as refused:
                if refused.key == "format":
                    why = "format"
                # Else it is no picture: there is nothing to read on it.
            except ChildFailed as failure:
                log.warning("label.not_read", end=failure.end.value)
            else:
                sids.update(dict.fromkeys(found["sids"]))
                nids.update(dict.fromkeys(found["nids"]))
        result = {"sids": list(sids), "nids": list(nids)}
        return Outcome(result | {"why": why} if why and not (sids or nids) else result)


def labels_feature(reader: LabelReader) -> RunningFeature:
    """Reads labels."""
    return RunningFeature(
        job_kinds=(JobKind("label", reader.read, LABELS, seconds=90.0, retry=Retry(attempts=2)),)
    )
