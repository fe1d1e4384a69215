"""The menu of commands speaks the language that was chosen in the chat."""

from __future__ import annotations

from telegram import Bot

from backend.jobs.kinds import JobContext, JobKind, Outcome
from backend.jobs.values import Job
from bot import profile
from bot.feature import CHORES, RunningFeature


def languages_feature(bot: Bot) -> RunningFeature:
    """Sets the commands of this bot."""

    async def set_commands(job: Job, context: JobContext) -> Outcome:
        """Show the commands in the language chosen in this chat; nobody waits for it."""
        await profile.speak(bot, job.place.chat_id, job.arguments["language"])
        return Outcome(None)

    return RunningFeature(
        job_kinds=(JobKind("commands", set_commands, CHORES, seconds=60.0, awaited=False, returns=False),)
    )
