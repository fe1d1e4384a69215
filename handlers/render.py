"""From a post to a call of the Bot API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram.constants import ParseMode

from backend.core.outbox.values import Post
from conversations.core.prompts import (
    Button,
    ContactKey,
    Copy,
    File,
    Link,
    Prompt,
    RemoveKeyboard,
    ReplyKeyboard,
    from_json,
    stands,
)
from handlers import callback


@dataclass(frozen=True, slots=True)
class Rendered:
    """A post in Telegram's terms: HTML, buttons or keys as the Bot API wants them, and files to go with it.

    Several files are an album. What `stands` is sent and never edited.
    """

    text: str
    markup: dict[str, Any] | None
    files: tuple[File, ...]
    stands: bool


def render(post: Post) -> Rendered:
    """The message that this post should be. Raises ValueError where a button's data would not fit."""
    prompt = from_json(post.content)
    return Rendered(str(prompt.text), _markup(prompt, post), prompt.files, stands(post.content))


def _markup(prompt: Prompt, post: Post) -> dict[str, Any] | None:
    match prompt.keyboard:
        case ReplyKeyboard(rows):
            keys = [[_key(key) for key in row] for row in rows]
            return {"keyboard": keys, "resize_keyboard": True, "one_time_keyboard": True}
        case RemoveKeyboard():
            return {"remove_keyboard": True}
    revision = int(post.content.get("revision", 0))
    buttons = [[_button(button, post.id, revision) for button in row] for row in prompt.rows]
    return {"inline_keyboard": buttons} if buttons else None


def _key(key: str | ContactKey) -> dict[str, Any]:
    if isinstance(key, ContactKey):
        return {"text": key.label, "request_contact": True}
    return {"text": key}


def _button(button: Button, post_id: int, revision: int) -> dict[str, Any]:
    if isinstance(button, Copy):
        return {"text": button.label, "copy_text": {"text": button.text}}
    if isinstance(button, Link):
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": callback.encode(button, post_id, revision)}


def shown(rendered: Rendered) -> dict[str, Any]:
    """The message without its files, as arguments of the Bot API."""
    arguments: dict[str, Any] = {
        "caption" if rendered.files else "text": rendered.text,
        "parse_mode": ParseMode.HTML,
    }
    if rendered.markup is not None:
        arguments["reply_markup"] = rendered.markup
    return arguments


def destination_arguments(post: Post) -> dict[str, Any]:
    """The message's destination, as arguments of the Bot API."""
    arguments: dict[str, Any] = {"chat_id": post.destination.chat_id}
    if post.destination.thread_id:
        arguments["message_thread_id"] = post.destination.thread_id
    return arguments
