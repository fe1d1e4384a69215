"""Opening and changing forum topics, which are posts of the outbox like messages."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest

from backend.core.outbox.values import Post
from bot.core.request import call


class TopicSender:
    """Opens and changes topics for one bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def open(self, post: Post) -> int:
        """Returns Telegram's number of the topic, which is open then. Raises TelegramError."""
        name = post.content["topic"]["name"]
        made = await call(self._bot, "createForumTopic", {"chat_id": post.destination.chat_id, "name": name})
        return int(made["message_thread_id"])

    async def change(self, post: Post) -> None:
        """Bring name and state up to date. Raises TelegramError."""
        topic, thread_id = post.content["topic"], post.message_id
        await self._change(post, "editForumTopic", thread_id, name=topic["name"])
        await self._change(post, "reopenForumTopic" if topic["open"] else "closeForumTopic", thread_id)

    async def _change(self, post: Post, method: str, thread_id: int | None, **values: str) -> None:
        where = {"chat_id": post.destination.chat_id, "message_thread_id": thread_id}
        try:
            await call(self._bot, method, where | values)
        except BadRequest as error:
            if "not_modified" not in error.message.lower():  # it is so already
                raise
