"""Which lane an update belongs to: what must be answered in order shares one.

A total function of the raw update, so that nothing that Telegram may ever send can fail to be stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from backend.core.outbox.values import lane_name

_MESSAGES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_message",
    "edited_business_message",
)
_WITH_CHAT = (
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "chat_boost",
    "removed_chat_boost",
)


def lane_of(update: dict[str, Any]) -> str:
    """A private chat is a lane; so is each topic of a forum; otherwise the chat; without a chat, the user."""
    message = _message(update)
    chat = message.get("chat") if message else None
    if chat is None:
        chat = next(
            (part["chat"] for part in _parts(update, _WITH_CHAT) if isinstance(part.get("chat"), dict)), None
        )
    chat_id = _id_of(chat)
    if chat_id is not None:
        thread = message.get("message_thread_id") if message and message.get("is_topic_message") else None
        return lane_name(chat_id, thread if _is_id(thread) else 0)
    user_id = user_of(update)
    return "none" if user_id is None else lane_name(user_id, 0)


def user_of(update: dict[str, Any]) -> int | None:
    """The sender's user id; None if there is none."""
    for part in update.values():
        if isinstance(part, dict) and (user_id := _id_of(part.get("from") or part.get("user"))) is not None:
            return user_id
    return None


def album_of(update: dict[str, Any]) -> str | None:
    """The group of an album's part; none for anything else."""
    message = _message(update)
    group = message.get("media_group_id") if message and "message" in update else None
    return group if isinstance(group, str) and len(group) <= 64 else None


def callback_query_of(update: dict[str, Any]) -> str | None:
    """The id of the callback query that wants to be answered; none for anything else."""
    query = update.get("callback_query")
    query_id = query.get("id") if isinstance(query, dict) else None
    return query_id if isinstance(query_id, str) else None


def press_of(update: dict[str, Any]) -> str | None:
    """The id of a press; None for anything else."""
    query_id = callback_query_of(update)
    return query_id if query_id is not None and 0 < len(query_id) <= 64 else None


def _id_of(account: object) -> int | None:
    """The id of a chat or a user; none where there is none that Telegram could have given."""
    number = account.get("id") if isinstance(account, dict) else None
    return number if _is_id(number) else None


def _is_id(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and -(2**63) <= number < 2**63


def _parts(update: dict[str, Any], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for name in names:
        part = update.get(name)
        if isinstance(part, dict):
            yield part


def _message(update: dict[str, Any]) -> dict[str, Any] | None:
    for message in _parts(update, _MESSAGES):
        return message
    query = update.get("callback_query")
    pressed = query.get("message") if isinstance(query, dict) else None
    return pressed if isinstance(pressed, dict) else None
