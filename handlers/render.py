"""From a post to a call of the Bot API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram.constants import ParseMode

from backend.outbox.values import Post
from conversations.prompts import Button, Copy, Document, Prompt, from_json
from handlers import callback


@dataclass(frozen=True, slots=True)
class Rendered:
    """A post in Telegram's terms: HTML, and rows of buttons as the Bot API wants them."""

    text: str
    keyboard: list[list[dict[str, Any]]]
    document: Document | None


def render(post: Post) -> Rendered:
    """The message that this post should be. Raises ValueError where a button's data would not fit."""
    prompt = from_json(post.content)
    return Rendered(str(prompt.text), _keyboard(prompt, post), prompt.document)


def _keyboard(prompt: Prompt, post: Post) -> list[list[dict[str, Any]]]:
    revision = int(post.content.get("revision", 0))
    return [[_button(button, post.id, revision) for button in row] for row in prompt.rows]


def _button(button: Button, post_id: int, revision: int) -> dict[str, Any]:
    if isinstance(button, Copy):
        return {"text": button.label, "copy_text": {"text": button.text}}
    return {"text": button.label, "callback_data": callback.encode(button, post_id, revision)}


def shown(rendered: Rendered) -> dict[str, Any]:
    """What the message shows, as arguments of the Bot API."""
    arguments: dict[str, Any] = {
        "text" if rendered.document is None else "caption": rendered.text,
        "parse_mode": ParseMode.HTML,
    }
    if rendered.keyboard:
        arguments["reply_markup"] = {"inline_keyboard": rendered.keyboard}
    return arguments


def place_arguments(post: Post) -> dict[str, Any]:
    """Where the message goes, as arguments of the Bot API."""
    arguments: dict[str, Any] = {"chat_id": post.place.chat_id}
    if post.place.thread_id:
        arguments["message_thread_id"] = post.place.thread_id
    return arguments
