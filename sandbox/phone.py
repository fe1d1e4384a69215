"""The world as a phone shows it: the objects of the user side."""

from __future__ import annotations

from urllib.parse import quote

from sandbox.entities import to_html
from sandbox.json_values import Json
from sandbox.state import Bot, Chat, Message, User

_SERVICE_NAMES = {
    "pinned_message": "pinned a message",
    "group_chat_created": "created the group",
    "supergroup_chat_created": "created the group",
    "forum_topic_closed": "closed the topic",
    "forum_topic_reopened": "reopened the topic",
    "migrate_to_chat_id": "upgraded the group to a supergroup",
    "migrate_from_chat_id": "upgraded the group to a supergroup",
}


def user(who: User) -> Json:
    """A person."""
    optional = {
        "last_name": who.last_name,
        "username": who.username,
        "phone": who.phone,
        "note": who.note,
    }
    shown = {"id": who.id, "first_name": who.first_name, "language_code": who.language_code}
    return shown | {key: value for key, value in optional.items() if value is not None}


def bot(who: Bot, language: str = "") -> Json:
    """A bot, its texts in the user's language where it has them."""
    return {
        "id": who.id,
        "username": who.username,
        "name": bot_text(who, "name", language) or who.name,
        "short_description": bot_text(who, "short_description", language),
        "description": bot_text(who, "description", language),
    }


def bot_text(who: Bot, kind: str, language: str) -> str:
    """The bot's text of a kind in a language, or the one for every language."""
    return who.texts.get((kind, language)) or who.texts.get((kind, ""), "")


def chat(where: Chat) -> Json:
    """A chat."""
    members = [where.id] if where.private else list(where.members)
    shown: Json = {"id": where.id, "type": where.type, "bot_id": where.bot.id, "members": members}
    if not where.private:
        shown |= {"title": where.title, "is_forum": where.is_forum}
        shown["topics"] = [
            {"thread_id": t.thread_id, "name": t.name, "closed": t.closed} for t in where.topics.values()
        ]
    return shown


def file_url(file_id: str, name: str) -> str:
    """The address of a file for a phone."""
    return f"/user/files/{quote(file_id)}/{quote(name)}"


def keyboard(markup: Json | None) -> Json | None:
    """A reply markup of the Bot API as the phone's keyboard; `None` when it shows no keys."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return {"inline": [[_button(b) for b in row] for row in markup["inline_keyboard"]]}
    shown: Json = {}
    if "keyboard" in markup:
        shown = {
            "reply": [[_reply_button(b) for b in row] for row in markup["keyboard"]],
            "resize": markup.get("resize_keyboard", False),
            "one_time": markup.get("one_time_keyboard", False),
        }
    elif "force_reply" in markup:
        shown = {"force_reply": True}
    if "input_field_placeholder" in markup:
        shown["placeholder"] = markup["input_field_placeholder"]
    return shown or None


def _button(button: Json) -> Json:
    shown: Json = {key: button[key] for key in ("text", "callback_data", "url", "style") if key in button}
    if "copy_text" in button:
        shown["copy_text"] = button["copy_text"]["text"]
    return shown


def _reply_button(button: Json) -> Json:
    contact = {"request_contact": True} if button.get("request_contact") else {}
    return {"text": button["text"], **contact}


def message(it: Message) -> Json:
    """A message."""
    content = it.content
    shown: Json = {
        "message_id": it.message_id,
        "chat_id": it.chat.id,
        "from": {"id": it.sender.id, "name": it.sender.name, "is_bot": it.from_bot},
        "date": it.date,
        "kind": "service" if it.is_service else _kind(content),
        "keyboard": keyboard(it.keyboard),
    }
    optional = {
        "thread_id": it.thread_id,
        "edited": it.edit_date,
        "media_group_id": it.media_group_id,
        "reply_to": _answered(it),
        "forwarded_from": _origin(it.forward_origin),
        "protected": it.protected or None,
        "silent": it.silent or None,
    }
    shown |= {key: value for key, value in optional.items() if value is not None}
    if it.is_service:
        shown["text"] = _service_text(it)
        shown["service"] = _service(it)
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        if text in content:
            shown["text"] = content[text]
            shown["html"] = to_html(content[text], content.get(entities, []))
    if "document" in content:
        document = content["document"]
        shown["document"] = {
            "file_name": document["file_name"],
            "size": document["file_size"],
            "mime_type": document["mime_type"],
            "url": file_url(document["file_id"], document["file_name"]),
        }
    if "photo" in content:
        photo = content["photo"][-1]
        url = file_url(photo["file_id"], "photo")
        shown["photo"] = {"url": url, "width": photo["width"], "height": photo["height"]}
    if "voice" in content:
        shown["voice"] = {"url": file_url(content["voice"]["file_id"], "voice.ogg")}
    if "contact" in content:
        contact = content["contact"]
        names = (contact["first_name"], contact.get("last_name"))
        shown["contact"] = {"phone": contact["phone_number"], "name": " ".join(n for n in names if n)}
    if "location" in content:
        shown["location"] = content["location"]
    return shown


def _answered(it: Message) -> int | None:
    """The message that this one answers: in a topic everything answers the one that opened it, which no phone
    shows.
    """
    if it.reply_to is None or it.reply_to.message_id == it.thread_id:
        return None
    return it.reply_to.message_id


def _service(it: Message) -> Json:
    """What a service message says, for a page in another language."""
    kind = next(iter(it.content), "")
    topic = it.content.get("forum_topic_created") or it.content.get("forum_topic_edited") or {}
    return {"kind": kind, "by": it.sender.name, "name": topic.get("name", "")}


def _kind(content: Json) -> str:
    return next(
        (
            kind
            for kind in ("photo", "document", "contact", "location", "sticker", "voice")
            if kind in content
        ),
        "text",
    )


def _origin(origin: Json | None) -> str | None:
    if origin is None:
        return None
    if "sender_user_name" in origin:
        return str(origin["sender_user_name"])
    if "sender_user" in origin:
        names = (origin["sender_user"]["first_name"], origin["sender_user"].get("last_name"))
        return " ".join(name for name in names if name)
    return str(origin["sender_chat"]["title"])


def _service_text(it: Message) -> str:
    content = it.content
    if "forum_topic_created" in content:
        return f"{it.sender.name} created the topic “{content['forum_topic_created']['name']}”"
    if "forum_topic_edited" in content:
        return f"{it.sender.name} changed the topic to “{content['forum_topic_edited'].get('name', '')}”"
    if "new_chat_members" in content:
        return ", ".join(m["first_name"] for m in content["new_chat_members"]) + " joined"
    if "left_chat_member" in content:
        return f"{content['left_chat_member']['first_name']} left"
    action = next((words for key, words in _SERVICE_NAMES.items() if key in content), "changed the chat")
    return f"{it.sender.name} {action}"
