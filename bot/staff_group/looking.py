"""Looking at a group before it is chosen: whether it is a forum, and what the bot may do there."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from backend.core.jobs.kinds import JobContext, JobKind, Outcome
from backend.core.jobs.values import Job
from bot.core.feature import CALLS

LOOK_AT_GROUP = "staff_group_look"


class GroupLook:
    """Asks Telegram about the group that a job came from."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def job_kind(self) -> JobKind:
        """The job: its result says `forum`, `rights` and how many `members` read along."""
        return JobKind(LOOK_AT_GROUP, self._look, CALLS, seconds=20.0)

    async def _look(self, job: Job, context: JobContext) -> Outcome:
        chat_id = job.destination.chat_id
        try:
            chat = await self._bot.get_chat(chat_id)
            own = await self._bot.get_chat_member(chat_id, self._bot.id)
            members = await self._bot.get_chat_member_count(chat_id)
        except (BadRequest, Forbidden):
            return Outcome({"forum": False, "rights": False, "members": 0})
        rights = bool(getattr(own, "can_manage_topics", False))
        return Outcome({"forum": bool(chat.is_forum), "rights": rights, "members": members})
