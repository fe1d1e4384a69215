"""From a Telegram update to a reply that a dialogue understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot, CallbackQuery, Chat, ChatMember, Message, Update, User
from telegram.constants import ChatType

from conversations.replies import (
    Command,
    Edited,
    Garbled,
    Ignored,
    Media,
    Membership,
    Person,
    Reply,
    Sent,
    Typed,
)
from handlers import callback

_MEDIA = {
    "document": Media.DOCUMENT,
    "photo": Media.PHOTO,
    "sticker": Media.STICKER,
    "voice": Media.VOICE,
    "audio": Media.VOICE,
    "video": Media.VIDEO,
    "video_note": Media.VIDEO,
    "animation": Media.VIDEO,
    "contact": Media.CONTACT,
    "location": Media.LOCATION,
    "venue": Media.LOCATION,
    "poll": Media.OTHER,
    "dice": Media.OTHER,
    "story": Media.OTHER,
    "game": Media.OTHER,
    "invoice": Media.OTHER,
}


@dataclass(frozen=True, slots=True)
class Received:
    """A reply with who sent it and where. `thread_id` is 0 outside forum topics."""

    reply: Reply
    person: Person
    chat_id: int
    thread_id: int
    private: bool
    migrated_to: int | None = None


def read(payloads: Sequence[dict[str, Any]], bot: Bot) -> Received | None:
    """Read an update, or the parts of an album. None where nobody could be answered (a channel, a poll)."""
    updates = [Update.de_json(payload, bot) for payload in payloads]
    update = updates[0]
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.my_chat_member is not None:
        change = update.my_chat_member
        if change.chat.type != ChatType.PRIVATE:
            return None
        reachable = change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT)
        return _received(Membership(reachable), change.from_user, change.chat, 0)
    if update.edited_message is not None:
        message = update.edited_message
        reply: Reply = Edited(message.text or message.caption or "")
        return _from(message, reply if _for_us(message, bot) else Ignored("a group's own talk"))
    if update.message is not None:
        return _from(update.message, _message(update.message, len(updates), bot))
    return None


def _pressed(query: CallbackQuery) -> Received | None:
    message = query.message
    if message is None:  # a button of an inline message: we make none
        return None
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    reply = callback.decode(query.data, message.message_id) if query.data else Garbled()
    return _received(reply, query.from_user, message.chat, thread or 0)


def _from(message: Message, reply: Reply) -> Received | None:
    if message.migrate_to_chat_id is not None:
        person = Person(message.from_user.id if message.from_user else 0, "")
        return Received(
            Ignored("the group moved"), person, message.chat_id, 0, False, message.migrate_to_chat_id
        )
    if message.from_user is None or message.from_user.is_bot:
        return None
    thread = message.message_thread_id if message.is_topic_message else None
    return _received(reply, message.from_user, message.chat, thread or 0)


def _received(reply: Reply, user: User, chat: Chat, thread_id: int) -> Received:
    person = Person(user.id, user.first_name, user.language_code or "")
    return Received(reply, person, chat.id, thread_id, chat.type == ChatType.PRIVATE)


def _message(message: Message, parts: int, bot: Bot) -> Reply:
    command = _command(message, bot)
    if command is not None:
        return command
    if not _for_us(message, bot):
        return Ignored("a group's own talk")
    if message.text is not None:
        return Typed(message.text, forwarded=message.forward_origin is not None)
    for attribute, media in _MEDIA.items():
        if getattr(message, attribute):
            if media is Media.DOCUMENT and message.animation is not None:
                media = Media.VIDEO  # Telegram sends an animation as a document too
            return Sent(media, message.caption or "", parts)
    return Ignored("a service message")


def _command(message: Message, bot: Bot) -> Command | None:
    """The slash command that the message begins with; none where it is meant for another bot."""
    text = message.text or ""
    if not text.startswith("/") or message.forward_origin is not None:
        return None
    head, _, argument = text.partition(" ")
    name, _, addressee = head[1:].partition("@")
    if not name or (addressee and addressee.lower() != bot.username.lower()):
        return None
    return Command(name.lower(), argument.strip())


def _for_us(message: Message, bot: Bot) -> bool:
    """In a private chat everything is; in a group only what answers one of our messages."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    answered = message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot.id
