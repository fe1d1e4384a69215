"""Reply markups: checked as Telegram checks them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.call import Call
from sandbox.entities import utf16_length
from sandbox.errors import bad_request
from sandbox.json_values import Json
from sandbox.state import Chat

MAX_CALLBACK_BYTES = 64
MAX_COPY_TEXT = 256
MAX_BUTTONS = 100
_NOT_JSON = "can't parse reply keyboard markup JSON object"
_NOT_OBJECT = "object expected as reply markup"


def read_markup(call: Call, chat: Chat) -> Json | None:
    """The `reply_markup` of a message to be sent, checked and without what is not kept."""
    markup = call.json("reply_markup", _NOT_JSON)
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request(_NOT_OBJECT)
    if "inline_keyboard" in markup:
        return inline_keyboard(markup)
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"])
        return {**markup, "keyboard": [[_reply_button(b, chat) for b in row] for row in rows]}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def read_inline_markup(call: Call) -> Json | None:
    """The `reply_markup` of an edit: an inline keyboard or nothing."""
    markup = call.object("reply_markup", _NOT_OBJECT)
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return inline_keyboard(markup)


def inline_keyboard(markup: Json) -> Json | None:
    """An inline keyboard without its empty rows; `None` when nothing is left."""
    rows = [[_inline_button(b) for b in row] for row in _rows(markup["inline_keyboard"])]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad_request(f'{_NOT_JSON}: field "keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse keyboard button: expected an array of arrays of buttons")
    return [row for row in value if row]


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    shown: Json = {"text": text}
    if "style" in button:
        shown["style"] = button["style"]
    if "callback_data" in button:
        data = str(button["callback_data"])
        if not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return shown | {"callback_data": data}
    if "url" in button:
        return shown | {"url": _url(str(button["url"]))}
    if "copy_text" in button:
        copied = button["copy_text"]
        copied = copied.get("text") if isinstance(copied, dict) else None
        if not isinstance(copied, str) or not 1 <= utf16_length(copied) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return shown | {"copy_text": {"text": copied}}
    raise bad_request("text buttons are unallowed in the inline keyboard")


def _url(url: str) -> str:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL") from None
    if parts.scheme not in ("http", "https", "tg", "ton", "tonsite"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme in ("http", "https") and "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return url


def _reply_button(button: Any, chat: Chat) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if button.get("request_contact"):
        if not chat.private:
            raise bad_request("phone number can be requested in private chats only")
        return {"text": button["text"], "request_contact": True}
    return {"text": button["text"]}
