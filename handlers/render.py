"""From a post to a call of the Bot API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from backend.outbox.values import Post
from conversations.prompts import Button, Copy, Document, Prompt, from_json
from handlers import callback


@dataclass(frozen=True, slots=True)
class Rendered:
    """A post in Telegram's terms. `text` is HTML."""

    text: str
    markup: InlineKeyboardMarkup | None
    document: Document | None


def render(post: Post) -> Rendered:
    """The message that this post should be. Raises ValueError where a button's data would not fit."""
    prompt = from_json(post.content)
    return Rendered(str(prompt.text), _markup(prompt, post), prompt.document)


def _markup(prompt: Prompt, post: Post) -> InlineKeyboardMarkup | None:
    if not prompt.rows:
        return None
    revision = int(post.content.get("revision", 0))
    return InlineKeyboardMarkup(
        [[_button(button, post.id, revision) for button in row] for row in prompt.rows]
    )


def _button(button: Button, post_id: int, revision: int) -> InlineKeyboardButton:
    if isinstance(button, Copy):
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.text))
    return InlineKeyboardButton(button.label, callback_data=callback.encode(button, post_id, revision))


def place_arguments(post: Post) -> dict[str, Any]:
    """Where the message goes, as arguments of the Bot API."""
    arguments: dict[str, Any] = {"chat_id": post.place.chat_id}
    if post.place.thread_id:
        arguments["message_thread_id"] = post.place.thread_id
    return arguments
