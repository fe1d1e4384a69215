"""The menu of commands speaks the language that was chosen in the chat."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Bot

from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from bot.core import profile
from bot.core.feature import CHORES, RunningFeature
from conversations.core.feature import SlashCommand


def languages_feature(bot: Bot, commands: Sequence[SlashCommand]) -> RunningFeature:
    """Sets the commands of this bot."""

    async def set_commands(job: Job, context: JobContext) -> Outcome:
        """Show the commands in the language chosen in this chat; nobody waits for it."""
        await profile.speak(bot, commands, job.destination.chat_id, job.arguments["language"])
        return Outcome(None)

    return RunningFeature(
        job_kinds=(JobKind("commands", set_commands, CHORES, seconds=60.0, awaited=False, returns=False),)
    )
