"""The staff group beside the turns."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Bot

from backend.core.outbox.values import GAVE_UP_SIGNAL
from backend.staff_group import service as staff_group
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.staff_group.looking import GroupLook
from bot.staff_group.shower import StaffGroupShower
from conversations.core.topics import TopicKind


def staff_group_feature(bot: Bot, kinds: Mapping[str, TopicKind]) -> RunningFeature:
    """The group of one bot, with these kinds of topics."""
    shower = StaffGroupShower(bot.id, kinds)
    return RunningFeature(
        job_kinds=(GroupLook(bot).job_kind,),
        due_checks=(
            DueCheck("staff_group", shower.look, wakes_on=staff_group.SIGNAL),
            DueCheck("staff_group_lost", shower.look_for_failure, wakes_on=GAVE_UP_SIGNAL),
        ),
        chat_moved=staff_group.migrate_chat,
    )
