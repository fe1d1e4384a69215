"""Methods that change or remove messages."""

from __future__ import annotations

from typing import Any

from sandbox import render
from sandbox.call import Call, method
from sandbox.content import formatted_text, media_item
from sandbox.errors import bad_request
from sandbox.json_values import Json
from sandbox.markup import read_inline_markup
from sandbox.state import Chat, Message

# How long a bot may delete messages, in seconds.
DELETABLE = 48 * 3600
MAX_DELETED = 100


def own_message(call: Call) -> Message:
    """The bot's message to edit."""
    chat = call.chat(write=True)
    message = call.message(chat, "edit")
    if message.sender is not call.bot or not message.editable or message.forward_origin is not None:
        raise bad_request("message can't be edited")
    return message


def apply(call: Call, message: Message, content: Json) -> Json:
    """Replaces content and keyboard; refuses an edit that changes nothing."""
    keyboard = read_inline_markup(call)
    if content == message.content and keyboard == message.keyboard:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    call.limit(message.chat)
    message.keyboard = keyboard
    call.world.edited(message, content=content)
    return render.message(message)


@method("editMessageText")
async def edit_message_text(call: Call) -> Json:
    message = own_message(call)
    content = formatted_text(call, "text", "entities")
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    preview = call.object("link_preview_options", "can't parse link preview options JSON object")
    if preview:
        content["link_preview_options"] = preview
    return apply(call, message, content)


@method("editMessageCaption")
async def edit_message_caption(call: Call) -> Json:
    message = own_message(call)
    caption = formatted_text(call, "caption", "caption_entities")
    if not {"document", "photo"} & message.content.keys():
        raise bad_request("there is no caption in the message to edit")
    return apply(call, message, _without_caption(message.content) | caption)


@method("editMessageMedia")
async def edit_message_media(call: Call) -> Json:
    message = own_message(call)
    item = call.object("media", "can't parse InputMedia JSON object")
    if item is None:
        raise bad_request("input media is not specified")
    return apply(call, message, media_item(call, item))


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(call: Call) -> Json:
    message = own_message(call)
    return apply(call, message, message.content)


def _without_caption(content: Json) -> Json:
    return {key: value for key, value in content.items() if key not in ("caption", "caption_entities")}


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    if call.world.clock() - message.date > DELETABLE:
        return False
    return chat.private or message.sender is call.bot or chat.bot_status == "administrator"


@method("deleteMessage")
async def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, "delete")
    if not _deletable(call, chat, message):
        raise bad_request(
            "message can't be deleted for everyone" if chat.private else "message can't be deleted"
        )
    call.world.delete(message)
    return True


@method("deleteMessages")
async def delete_messages(call: Call) -> bool:
    chat = call.chat()
    ids: list[Any] = call.array("message_ids", "can't parse message identifiers JSON object") or []
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MAX_DELETED:
        raise bad_request("too many message identifiers specified")
    for message_id in (given for given in ids if isinstance(given, int)):
        # Those that are gone or cannot be deleted are skipped, as Telegram documents.
        message = chat.messages.get(message_id)
        if message is not None and _deletable(call, chat, message):
            call.world.delete(message)
    return True


def pinnable(call: Call) -> Chat:
    """The chat, if the bot may pin in it."""
    chat = call.chat(write=True)
    if not chat.private and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


@method("pinChatMessage")
async def pin_chat_message(call: Call) -> bool:
    chat = pinnable(call)
    message = call.message(chat, "pin")
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    chat.pinned.append(message.message_id)
    call.world.service(
        chat,
        call.bot,
        {"pinned_message": render.message(message, with_reply=False)},
        thread_id=message.thread_id,
    )
    return True


@method("unpinChatMessage")
async def unpin_chat_message(call: Call) -> bool:
    chat = pinnable(call)
    if not chat.pinned:
        raise bad_request("message to unpin not found")
    message_id = call.integer("message_id", chat.pinned[-1])
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    call.world.edited(chat.messages[message_id], shows_edit=False)
    return True
