"""From notices to posts, and from posts to what became of the notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from backend.core.outbox import service as outbox
from backend.core.outbox.values import Destination, Rank
from backend.notices import service as notices
from backend.notices.values import Notice
from conversations.core.notices import NoticeKind
from conversations.core.prompts import digests, messages, to_json
from conversations.core.texts import language_for, texts


class Notifier:
    """Words the notices of one bot. `kinds` are those of all features, by name."""

    def __init__(self, bot_id: int, kinds: Mapping[str, NoticeKind]) -> None:
        self._bot_id = bot_id
        self._kinds = kinds

    def dispatch(self, connection: Connection, at: datetime) -> int:
        """Enqueue a portion of what is due. Returns how many there were."""

        def enqueue(connection: Connection, notice: Notice, correlation: str) -> int | None:
            return self._enqueue(connection, notice, correlation, at)

        return notices.dispatch(connection, at, self._kinds, enqueue)

    def conclude(self, connection: Connection, at: datetime) -> int:
        """Note what became of a portion of the dispatched ones. Returns how many came to an end."""
        return notices.conclude(connection, at, self._ended)

    def _enqueue(self, connection: Connection, notice: Notice, correlation: str, at: datetime) -> int | None:
        destination = Destination.of(self._bot_id, notice.telegram_user_id)
        chosen = outbox.language_of(connection, destination.bot_id, destination.chat_id)
        say = texts(language_for(chosen, notice.language))
        prompt = self._kinds[notice.kind].word(connection, notice, say)
        post_id = None
        for part in messages(prompt) if prompt is not None else ():
            content = to_json(part)
            post_id = outbox.enqueue(
                connection,
                destination,
                content,
                correlation=correlation,
                at=at,
                rank=Rank.NOTICE,
                files=digests(content),
            )
        return post_id

    def _ended(self, connection: Connection, notice: Notice, delivered: bool) -> None:
        kind = self._kinds.get(notice.kind)
        if kind is not None:  # else an upgrade has removed it
            kind.ended(connection, notice, delivered)
