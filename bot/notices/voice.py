"""In which language a person is told something."""

from __future__ import annotations

from sqlalchemy import Connection

from backend.core.outbox import service as outbox
from backend.notices.values import Notice
from conversations.core.texts import Texts, language_for, texts


def voice_for(connection: Connection, bot_id: int, notice: Notice) -> Texts:
    """The texts in the recipient's language: the one chosen in the chat, else that of their app."""
    chosen = outbox.language_of(connection, bot_id, notice.telegram_user_id)
    return texts(language_for(chosen, notice.language))
