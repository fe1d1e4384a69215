"""From a Telegram update to a reply that a dialogue understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, CallbackQuery, Chat, ChatMember, Message, Update, User
from telegram.constants import ChatType

from conversations.core.replies import (
    ANONYMOUS,
    Attachment,
    Chosen,
    Command,
    Contact,
    Edited,
    Entered,
    Garbled,
    Ignored,
    Location,
    Media,
    MessageRef,
    Overheard,
    Person,
    Reachability,
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

_FILES = ("animation", "document", "voice", "audio", "video", "video_note", "sticker")

_WORDS = {"message_id", "date", "chat", "from", "text"}
"""The keys of a message that is nothing but words."""

LATEST = 2**32
LARGEST = 2**52  # Telegram's ids have at most that many bits


@dataclass(frozen=True, slots=True)
class Received:
    """A reply with who sent it and where. `thread_id` is 0 outside forum topics."""

    reply: Reply
    person: Person
    chat_id: int
    thread_id: int
    private: bool
    migrated_to: int | None = None


class Unreadable(Exception):
    """An update that is not of Telegram's making, or of a make that is not known yet."""


def read(payloads: Sequence[dict[str, Any]], bot: Bot) -> Received | None:
    """Read an update, or the parts of an album. None where nobody could be answered (a channel, a poll).

    Raises Unreadable.
    """
    try:
        received = _words(payloads)
        if received is None:
            received = _read([Update.de_json(payload, bot) for payload in payloads], bot)
    except Exception as error:  # the library reads what it is given without asking what it is
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if received is not None and not _is_sound(received):
        raise Unreadable("a field is not what it should be")
    return received


def _words(payloads: Sequence[dict[str, Any]]) -> Received | None:
    """Mere words in a private chat, which most updates are: the library's objects would take longer than the
    whole turn's reads. None for anything else, and for what is of another shape in any way.
    """
    match payloads:
        case [{"message": dict(message), **others}] if others.keys() == {"update_id"}:
            pass
        case _:
            return None
    if message.keys() != _WORDS:
        return None
    number, text, date, chat, user = (message[key] for key in ("message_id", "text", "date", "chat", "from"))
    match chat, user:
        case (
            {"id": int(chat_id), "type": "private", "first_name": str()},
            {"id": int(user_id), "is_bot": False, "first_name": str(name)},
        ):
            language = user.get("language_code", "")
        case _:
            return None
    if not isinstance(text, str) or text.startswith("/"):
        return None
    if not isinstance(date, int) or not 0 < date < LATEST:
        return None
    person = Person(user_id, name, language or "")
    return Received(Typed(text, MessageRef(chat_id, number, None)), person, chat_id, 0, True)


def _is_sound(received: Received) -> bool:
    """True if the fields are of their types, and the numbers such that Telegram could have given them."""
    person, reply = received.person, received.reply
    numbers = [received.chat_id, received.thread_id, person.user_id]
    if received.migrated_to is not None:  # from a group, and to one
        numbers += (received.migrated_to, received.chat_id)
        if not all(isinstance(number, int) and number < 0 for number in numbers[-2:]):
            return False
    texts = [person.name, person.language]
    match reply:
        case Typed(text, message) | Edited(text, message):
            texts.append(text)
            numbers += _numbers(message)
        case Command(name, argument, message, text):
            texts += (name, argument, text)
            numbers += _numbers(message)
        case Sent(_, caption, attachments, contact, location, message):
            texts.append(caption)
            numbers += _numbers(message)
            for each in attachments:
                texts += (each.file_id, each.unique_id, each.name, each.media_type)
                numbers.append(each.size or 0)
            if contact is not None:
                texts += (contact.phone, contact.name)
            if location is not None and not all(
                isinstance(degrees, int | float) and -180 <= degrees <= 180
                for degrees in (location.latitude, location.longitude)
            ):
                return False
        case Overheard(said):
            return _is_sound(replace(received, reply=said))
        case Chosen(message_id=pressed) | Entered(message_id=pressed):
            numbers.append(pressed or 0)
    return (
        received.chat_id != 0
        and all(isinstance(text, str) for text in texts)
        and all(
            isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST
            for number in numbers
        )
    )


def _numbers(message: MessageRef | None) -> list[int]:
    return [] if message is None else [message.chat_id, message.message_id, message.reply_to or 0]


def _read(updates: Sequence[Update], bot: Bot) -> Received | None:
    update = updates[0]
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.my_chat_member is not None:
        change = update.my_chat_member
        if change.chat.type != ChatType.PRIVATE:
            return None
        reachable = change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT)
        return _received(Reachability(reachable), change.from_user, change.chat, 0)
    if update.edited_message is not None:
        message = update.edited_message
        edited = Edited(message.text or message.caption or "", _ref(message))
        return _from(message, edited if _for_us(message, bot) else Overheard(edited))
    if update.message is not None:
        parts = [each.message for each in updates if each.message is not None]
        return _from(update.message, _message(parts, bot))
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
    if message.from_user is None or (message.from_user.is_bot and message.from_user.id != ANONYMOUS):
        return None
    thread = message.message_thread_id if message.is_topic_message else None
    return _received(reply, message.from_user, message.chat, thread or 0)


def _received(reply: Reply, user: User, chat: Chat, thread_id: int) -> Received:
    person = Person(user.id, user.first_name, user.language_code or "")
    return Received(reply, person, chat.id, thread_id, chat.type == ChatType.PRIVATE)


def _message(parts: Sequence[Message], bot: Bot) -> Reply:
    message = parts[0]
    command = _command(message, bot)
    if command is not None:
        return command
    said = _said(parts)
    if said is None:
        return Ignored("a service message")
    return said if _for_us(message, bot) else Overheard(said)


def _said(parts: Sequence[Message]) -> Typed | Sent | None:
    message = parts[0]
    if message.text is not None:
        return Typed(message.text, _ref(message))
    media = _media_of(message)
    if media is None:
        return None
    return Sent(
        media,
        next((part.caption for part in parts if part.caption), ""),
        tuple(file for part in parts if (file := _attachment(part)) is not None),
        _contact(message),
        _location(message),
        _ref(message),
    )


def _media_of(message: Message) -> Media | None:
    for attribute, media in _MEDIA.items():
        if getattr(message, attribute):
            # Telegram sends an animation as a document too.
            return Media.VIDEO if media is Media.DOCUMENT and message.animation is not None else media
    return None


def _attachment(message: Message) -> Attachment | None:
    media = _media_of(message)
    if message.photo:
        file: Any = max(message.photo, key=lambda size: size.width * size.height)
    else:
        file = next((found for kind in _FILES if (found := getattr(message, kind))), None)
    if media is None or file is None:
        return None
    return Attachment(
        media=media,
        file_id=file.file_id,
        unique_id=file.file_unique_id,
        name=getattr(file, "file_name", None) or "",
        media_type=getattr(file, "mime_type", None) or "",
        size=file.file_size,
    )


def _contact(message: Message) -> Contact | None:
    shared = message.contact
    if shared is None:
        return None
    own = message.from_user is not None and shared.user_id == message.from_user.id
    name = f"{shared.first_name} {shared.last_name or ''}".strip()
    return Contact(shared.phone_number, name, own and message.forward_origin is None)


def _location(message: Message) -> Location | None:
    location = message.venue.location if message.venue is not None else message.location
    return None if location is None else Location(location.latitude, location.longitude)


def _ref(message: Message) -> MessageRef:
    answered = _answered(message)
    return MessageRef(message.chat_id, message.message_id, answered.message_id if answered else None)


def _answered(message: Message) -> Message | None:
    """The message that this one answers. In a topic Telegram has everything else answer the one that opened
    it.
    """
    answered = message.reply_to_message
    opens = message.is_topic_message and answered and answered.message_id == message.message_thread_id
    return None if opens else answered


def _command(message: Message, bot: Bot) -> Command | None:
    """The slash command that the message begins with; none where it is meant for another bot."""
    text = message.text or ""
    if not text.startswith("/") or message.forward_origin is not None:
        return None
    head, *argument = text.split(maxsplit=1)
    name, _, addressee = head[1:].partition("@")
    if not name or (addressee and addressee.lower() != bot.username.lower()):
        return None
    return Command(name.lower(), "".join(argument).strip(), _ref(message), text)


def _for_us(message: Message, bot: Bot) -> bool:
    """In a private chat everything is; in a group only what answers one of our messages."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    answered = _answered(message)
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot.id
