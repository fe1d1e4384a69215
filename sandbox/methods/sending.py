"""Methods that put new messages into a chat."""

from __future__ import annotations

from typing import Any

from sandbox import render
from sandbox.call import Call, method
from sandbox.content import formatted_text, media_item, upload_or_known
from sandbox.errors import bad_request
from sandbox.json_values import Json
from sandbox.markup import read_markup
from sandbox.state import Bot, Chat, Message, User

MAX_ALBUM = 10
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def reply_target(call: Call, chat: Chat) -> Message | None:
    """The message that `reply_parameters` (or the older `reply_to_message_id`) names."""
    given = call.object("reply_parameters", "can't parse reply parameters JSON object") or {}
    message_id = given.get("message_id") or call.integer("reply_to_message_id")
    if not message_id:
        return None
    if not isinstance(message_id, int):
        raise bad_request('can\'t parse reply parameters: Field "message_id" must be a valid Number')
    target = chat.messages.get(message_id)
    lenient = given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")
    if target is None and not lenient:
        raise bad_request("message to be replied not found")
    return target


def send(call: Call, chat: Chat, content: Json, **extra: Any) -> Message:
    """Posts one message with the parameters that all sending methods share."""
    thread_id = call.thread(chat)
    reply_to = reply_target(call, chat)
    markup = read_markup(call, chat)
    call.limit(chat)
    inline = markup if markup is not None and "inline_keyboard" in markup else None
    message = call.world.post(
        chat,
        call.bot,
        content,
        thread_id=thread_id,
        keyboard=inline,
        reply_to=reply_to,
        protected=call.flag("protect_content"),
        silent=call.flag("disable_notification"),
        editable=markup is inline,
        **extra,
    )
    if markup is not None and inline is None:
        call.world.show_keyboard(chat, None if markup.get("remove_keyboard") else markup)
    return message


@method("sendMessage")
async def send_message(call: Call) -> Json:
    chat = call.chat(write=True)
    content = formatted_text(call, "text", "entities")
    preview = call.object("link_preview_options", "can't parse link preview options JSON object")
    if preview:
        content["link_preview_options"] = preview
    return render.message(send(call, chat, content))


@method("sendDocument")
async def send_document(call: Call) -> Json:
    chat = call.chat(write=True)
    file = upload_or_known(call, call.params.get("document"), "document")
    content = {"document": render.document(file), **formatted_text(call, "caption", "caption_entities")}
    return render.message(send(call, chat, content))


@method("sendPhoto")
async def send_photo(call: Call) -> Json:
    chat = call.chat(write=True)
    file = upload_or_known(call, call.params.get("photo"), "photo")
    content = {"photo": render.photo(file), **formatted_text(call, "caption", "caption_entities")}
    return render.message(send(call, chat, content))


@method("sendVoice")
async def send_voice(call: Call) -> Json:
    chat = call.chat(write=True)
    file = upload_or_known(call, call.params.get("voice"), "voice")
    content = {"voice": render.voice(file), **formatted_text(call, "caption", "caption_entities")}
    return render.message(send(call, chat, content))


@method("sendMediaGroup")
async def send_media_group(call: Call) -> list[Json]:
    chat = call.chat(write=True)
    items = call.array("media", "can't parse media JSON object") or []
    if not 2 <= len(items) <= MAX_ALBUM:
        few_or_many = "few" if len(items) < MAX_ALBUM else "many"
        raise bad_request(f"too {few_or_many} messages to send as an album")
    contents = [media_item(call, item) for item in items]
    if len({("document" in content) for content in contents}) > 1:
        raise bad_request("document can't be mixed with other media types")
    thread_id, reply_to = call.thread(chat), reply_target(call, chat)
    call.limit(chat, len(items))
    group_id = str(call.world.new_album_id())
    return [
        render.message(
            call.world.post(
                chat,
                call.bot,
                content,
                thread_id=thread_id,
                reply_to=reply_to,
                media_group_id=group_id,
                protected=call.flag("protect_content"),
                silent=call.flag("disable_notification"),
            )
        )
        for content in contents
    ]


def source_message(call: Call, verb: str) -> Message:
    """The message to copy or forward, if it may be."""
    origin = call.chat("from_chat_id")
    message = call.message(origin, verb)
    if message.is_service or message.protected:
        raise bad_request(f"the message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


@method("copyMessage")
async def copy_message(call: Call) -> Json:
    chat = call.chat(write=True)
    source = source_message(call, "copy")
    content = dict(source.content)
    if "caption" in call.params and "text" not in content:
        content = {k: v for k, v in content.items() if k not in ("caption", "caption_entities")}
        content |= formatted_text(call, "caption", "caption_entities")
    return {"message_id": send(call, chat, content).message_id}


@method("forwardMessage")
async def forward_message(call: Call) -> Json:
    chat = call.chat(write=True)
    source = source_message(call, "forward")
    origin = source.forward_origin or user_origin(source.sender, source.date)
    return render.message(send(call, chat, dict(source.content), forward_origin=origin))


def user_origin(sender: User | Bot, date: int) -> Json:
    """A `MessageOriginUser` object."""
    return {"type": "user", "date": date, "sender_user": render.account(sender)}


@method("sendChatAction")
async def send_chat_action(call: Call) -> bool:
    chat = call.chat(write=True)
    if call.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.set_typing(chat, call.thread(chat), on=True)
    return True


@method("answerCallbackQuery")
async def answer_callback_query(call: Call) -> bool:
    text = call.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    known = call.world.answer_press(
        call.bot, call.text("callback_query_id"), text, alert=call.flag("show_alert")
    )
    if not known:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return True


@method("getMe")
async def get_me(call: Call) -> Json:
    return render.account(call.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
