"""Telling people while nothing can be stored: without the database, and forgotten with the process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import structlog
from telegram import Bot
from telegram.error import TelegramError

from backend.core.inbox.values import Incoming, Row
from bot.core.turns.addressee import last_resort
from conversations.core.texts import language_for, texts
from handlers.lanes import callback_query_of

log = structlog.get_logger(__name__)

TELL_AGAIN_SECONDS = 600.0
AT_ONCE = 200
"""So many people are told; the others see that nothing answers."""


class Outage:
    """Says to private chats, now and then, that what they wrote is not lost."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._told: dict[int, float] = {}  # when (monotonic, seconds), by chat
        self._telling: set[asyncio.Task[None]] = set()

    def met(self, rows: Iterable[Incoming | Row]) -> None:
        """These could not be stored, or answered: they are tried again until they can."""
        now = time.monotonic()
        for chat_id in [chat for chat, at in self._told.items() if now - at >= TELL_AGAIN_SECONDS]:
            del self._told[chat_id]
        for row in rows:
            found = last_resort(row)
            if found is None or found[0].chat_id <= 0 or found[0].chat_id in self._told:
                continue
            if len(self._told) >= AT_ONCE:
                return
            destination, language = found
            self._told[destination.chat_id] = now
            words = texts(language_for(None, language))("dialogue.outage")
            task = asyncio.create_task(self._tell(destination.chat_id, callback_query_of(row.payload), words))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell(self, chat_id: int, query: str | None, words: str) -> None:
        try:
            if query is None or not await self._bot.answer_callback_query(query, words, show_alert=True):
                await self._bot.send_message(chat_id, words)
        except TelegramError as error:
            log.info("outage.untold", error=str(error))
