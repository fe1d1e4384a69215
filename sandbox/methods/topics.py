"""Methods about forum topics."""

from __future__ import annotations

from sandbox import render
from sandbox.call import Call, method
from sandbox.entities import utf16_length
from sandbox.errors import bad_request
from sandbox.json_values import Json
from sandbox.state import TOPIC_COLOURS, Chat, Topic

MAX_NAME = 128


def forum(call: Call) -> Chat:
    """The forum that the call is about, in which the bot may manage topics."""
    chat = call.chat(write=True)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage topics in the chat")
    return chat


def existing(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def checked_name(name: str) -> str:
    if not name.strip():
        raise bad_request("title must be non-empty")
    if utf16_length(name) > MAX_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name.strip()


@method("createForumTopic")
async def create_forum_topic(call: Call) -> Json:
    chat = forum(call)
    name = checked_name(call.text("name"))
    colour = call.integer("icon_color", TOPIC_COLOURS[0])
    if colour not in TOPIC_COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    icon = call.text("icon_custom_emoji_id") or None
    return render.topic(call.world.open_topic(chat, call.bot, name, colour, icon))


@method("editForumTopic")
async def edit_forum_topic(call: Call) -> bool:
    chat = forum(call)
    topic = existing(call, chat)
    name = checked_name(call.text("name")) if call.text("name") else topic.name
    # An empty icon takes the icon away; a missing one leaves it as it is.
    icon = (
        call.text("icon_custom_emoji_id") or None
        if "icon_custom_emoji_id" in call.params
        else topic.icon_custom_emoji_id
    )
    if (name, icon) == (topic.name, topic.icon_custom_emoji_id):
        raise bad_request("TOPIC_NOT_MODIFIED")
    changes: Json = {"name": name} if name != topic.name else {}
    if icon != topic.icon_custom_emoji_id:
        changes["icon_custom_emoji_id"] = icon or ""
    topic.name, topic.icon_custom_emoji_id = name, icon
    call.world.change_topic(chat, topic, call.bot, {"forum_topic_edited": changes})
    return True


def set_closed(call: Call, *, closed: bool) -> bool:
    chat = forum(call)
    topic = existing(call, chat)
    if topic.closed is closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    service = "forum_topic_closed" if closed else "forum_topic_reopened"
    call.world.change_topic(chat, topic, call.bot, {service: {}})
    return True


@method("closeForumTopic")
async def close_forum_topic(call: Call) -> bool:
    return set_closed(call, closed=True)


@method("reopenForumTopic")
async def reopen_forum_topic(call: Call) -> bool:
    return set_closed(call, closed=False)


@method("deleteForumTopic")
async def delete_forum_topic(call: Call) -> bool:
    chat = forum(call)
    call.world.delete_topic(chat, existing(call, chat))
    return True
