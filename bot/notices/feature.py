"""Notices are worded as soon as they are due, and followed until they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from backend.core.outbox import service as outbox
from backend.notices import service as notices
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature
from bot.notices.by_mail import NoticesByMail
from bot.notices.notifier import Notifier
from conversations.core.notices import NoticeKind


def notices_feature(
    bot_id: int, kinds: Mapping[str, NoticeKind], kept: timedelta, by_mail: NoticesByMail | None = None
) -> RunningFeature:
    """The notices of one bot, and their way `by_mail` where the chat cannot be reached. Those that ended are
    `kept` for so long.
    """
    notifier = Notifier(bot_id, kinds, by_mail)
    return RunningFeature(
        job_kinds=(by_mail.job_kind,) if by_mail is not None else (),
        due_checks=(
            DueCheck("deliveries", notifier.conclude, wakes_on=outbox.DELIVERED_SIGNAL),
            DueCheck("notices", notifier.dispatch, wakes_on=notices.SIGNAL),
            DueCheck("old_notices", lambda connection, at: notices.forget_old(connection, at, kept)),
        ),
    )
