"""From notices to posts, and from posts to what became of the notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, Rank
from backend.notices import service as notices
from backend.notices.values import Notice
from bot.notices.by_mail import NoticesByMail
from bot.notices.voice import voice_for
from conversations.core.notices import NoticeKind
from conversations.core.prompts import digests, messages, to_json


class Notifier:
    """Words the notices of one bot. `kinds` are those of all features, by name; what a chat cannot be
    shown goes `by_mail`, where there is such a way.
    """

    def __init__(self, bot_id: int, kinds: Mapping[str, NoticeKind], by_mail: NoticesByMail | None) -> None:
        self._bot_id = bot_id
        self._kinds = kinds
        self._by_mail = by_mail

    def dispatch(self, connection: Connection, at: datetime) -> int:
        """Enqueue a portion of what is due. Returns how many there were."""
        urgent = [name for name, kind in self._kinds.items() if kind.urgent]
        return notices.dispatch(connection, at, self._kinds, partial(self._enqueue, at=at), urgent=urgent)

    def conclude(self, connection: Connection, at: datetime) -> int:
        """Note what became of a portion of the dispatched ones. Returns how many came to an end."""
        return notices.conclude(connection, at, partial(self._ended, at=at))

    def _enqueue(self, connection: Connection, notice: Notice, at: datetime) -> int | None:
        destination = Destination.of(self._bot_id, notice.telegram_user_id)
        say = voice_for(connection, self._bot_id, notice)
        prompt = self._kinds[notice.kind].worded(connection, notice, say)
        post_id = None
        if prompt is None:
            self._kinds[notice.kind].lapsed(connection, notice, at)
        for part in messages(prompt) if prompt is not None else ():
            content = to_json(part)
            post_id = outbox.enqueue(
                connection,
                destination,
                content,
                correlation=notice.correlation,
                at=at,
                rank=Rank.NOTICE,
                files=digests(content),
            )
        return post_id

    def _ended(self, connection: Connection, notice: Notice, delivered: bool, at: datetime) -> None:
        kind = self._kinds.get(notice.kind)
        if kind is not None:  # else an upgrade has removed it
            kind.ended(connection, notice, delivered, at)
        if not delivered and self._by_mail is not None:
            self._by_mail.order(connection, notice, at)
