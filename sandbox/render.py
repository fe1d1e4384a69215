"""The world as the Bot API shows it to a bot."""

from __future__ import annotations

from sandbox.json_values import Json
from sandbox.state import GENERAL_TOPIC, Bot, Chat, Message, StoredFile, Topic, User

VOICE_SECONDS = 2


def account(who: User | Bot) -> Json:
    """A `User` object."""
    if isinstance(who, Bot):
        return {"id": who.id, "is_bot": True, "first_name": who.name, "username": who.username}
    return _without_none(
        {
            "id": who.id,
            "is_bot": who.stands_for is not None,
            "first_name": who.first_name,
            "last_name": who.last_name,
            "username": who.username,
            "language_code": who.language_code,
        }
    )


def chat(where: Chat) -> Json:
    """A `Chat` object."""
    if where.user is not None:
        person = account(where.user)
        names: Json = {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
        return {"id": where.id, "type": "private", **names}
    shown: Json = {"id": where.id, "type": where.type, "title": where.title}
    return {**shown, "is_forum": True} if where.is_forum else shown


def full_chat(where: Chat) -> Json:
    """A `ChatFullInfo` object."""
    full = chat(where) | {
        "accent_color_id": abs(where.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    pinned = next((m for i in reversed(where.pinned) if (m := where.messages.get(i))), None)
    if pinned is not None:
        full["pinned_message"] = message(pinned)
    return full


def message(it: Message, *, with_reply: bool = True) -> Json:
    """A `Message` object; the message replied to is shown one level deep, as Telegram does."""
    shown: Json = {
        "message_id": it.message_id,
        "from": account(it.sender),
        "chat": chat(it.chat),
        "date": it.date,
        **it.content,
    }
    if it.thread_id is not None and it.thread_id != GENERAL_TOPIC:
        shown |= {"message_thread_id": it.thread_id, "is_topic_message": True}
    if with_reply and it.reply_to is not None:
        shown["reply_to_message"] = message(it.reply_to, with_reply=False)
    if isinstance(it.sender, User) and it.sender.stands_for is not None:
        shown["sender_chat"] = chat(it.chat)
    optional = {
        "edit_date": it.edit_date,
        "reply_markup": it.keyboard,
        "forward_origin": it.forward_origin,
        "media_group_id": it.media_group_id,
        "has_protected_content": it.protected or None,
    }
    return shown | _without_none(optional)


def topic(it: Topic) -> Json:
    """A `ForumTopic` object."""
    return _without_none(
        {
            "message_thread_id": it.thread_id,
            "name": it.name,
            "icon_color": it.icon_color,
            "icon_custom_emoji_id": it.icon_custom_emoji_id,
        }
    )


def file(it: StoredFile) -> Json:
    """The common part of `Document`, `PhotoSize`, `Voice`, …"""
    return {"file_id": it.file_id, "file_unique_id": it.unique_id, "file_size": len(it.data)}


def document(it: StoredFile) -> Json:
    """A `Document` object."""
    return {**file(it), "file_name": it.name, "mime_type": it.mime_type}


def voice(it: StoredFile) -> Json:
    """A `Voice` object."""
    return {**file(it), "duration": VOICE_SECONDS, "mime_type": it.mime_type}


def photo(it: StoredFile) -> list[Json]:
    """The `PhotoSize` list of a photo: one size, the original."""
    width, height = (it.picture.width, it.picture.height) if it.picture is not None else (0, 0)
    return [{**file(it), "width": width, "height": height}]


_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member(where: Chat, who: User | Bot) -> Json:
    """A `ChatMember` object."""
    status = where.bot_status if isinstance(who, Bot) else where.members.get(who.id, "left")
    shown: Json = {"status": status, "user": account(who)}
    if status == "creator":
        return shown | {"is_anonymous": False}
    if status == "administrator":
        rights = dict.fromkeys(_RIGHTS, True) | {"can_pin_messages": True, "can_be_edited": False}
        return shown | {"is_anonymous": False, **rights, "can_manage_topics": where.is_forum}
    return shown | {"until_date": 0} if status == "kicked" else shown


def _without_none(values: Json) -> Json:
    return {key: value for key, value in values.items() if value is not None}
