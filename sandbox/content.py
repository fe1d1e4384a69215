"""The content of a message: texts and files, read from a call's parameters."""

from __future__ import annotations

from typing import Any

from sandbox import render
from sandbox.call import Call, Upload
from sandbox.entities import formatted, utf16_length
from sandbox.errors import ApiError, bad_request
from sandbox.files import MAX_PHOTO, MAX_UPLOAD
from sandbox.json_values import Json
from sandbox.state import StoredFile

MAX_TEXT = 4096
MAX_CAPTION = 1024
_FOLDERS = {"document": "documents", "photo": "photos", "voice": "voice"}
_IN_ALBUMS = ("document", "photo")


def formatted_text(call: Call, name: str, entities_name: str) -> Json:
    """The content fields of a text or caption parameter, formatted; nothing for a missing caption.

    Raises `ApiError` for markup that cannot be read, and for a text that is empty or too long.
    """
    given = call.array(entities_name, "can't parse message entities JSON object")
    return text_content(
        call.text(name), call.text("parse_mode"), given, name=name, entities_name=entities_name
    )


def text_content(
    text: str, parse_mode: str, given: list[Any] | None, *, name: str, entities_name: str
) -> Json:
    """The content fields `name` and `entities_name` of a formatted text."""
    plain, entities = formatted(text, parse_mode, _checked(given))
    if name == "text":
        if not plain:
            raise bad_request("message text is empty")
        if utf16_length(plain) > MAX_TEXT:
            raise bad_request("message is too long")
    elif utf16_length(plain) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {name: plain} if plain else {}
    if entities:
        content[entities_name] = entities
    return content


def _checked(entities: list[Any] | None) -> list[Json] | None:
    for entity in entities or []:
        whole = isinstance(entity, dict) and all(isinstance(entity.get(k), int) for k in ("offset", "length"))
        if not whole or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: expected an Object with type, offset and length")
    return entities


def upload_or_known(call: Call, value: str | Upload | None, kind: str) -> StoredFile:
    """The file that a parameter carries, attaches (`attach://name`) or names by `file_id`."""
    if isinstance(value, str) and value.startswith("attach://"):
        value = call.params.get(value.removeprefix("attach://"))
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(value, Upload):
        return _stored(call, value, kind)
    if value.startswith(("http://", "https://")):
        # The local server never leaves the machine; this is what Telegram says of a link it cannot read.
        raise bad_request("failed to get HTTP URL content")
    file = call.world.files.get(value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if kind == "photo" and file.picture is None:
        raise bad_request("type of file mismatch")
    return file


def _stored(call: Call, upload: Upload, kind: str) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.data) > MAX_PHOTO:
        raise bad_request("file is too big")
    file = call.world.files.add(_FOLDERS[kind], upload.name, upload.mime_type, upload.data)
    if kind == "photo" and file.picture is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return file


def media_item(call: Call, item: Any) -> Json:
    """The content of one `InputMedia`."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in _IN_ALBUMS:
        raise bad_request(f'type "{kind}" of InputMedia is not supported by the local Bot API')
    media = item.get("media")
    if not isinstance(media, str):
        raise bad_request('can\'t parse InputMedia: Field "media" must be of type String')
    file = upload_or_known(call, media, kind)
    shown = render.document(file) if kind == "document" else render.photo(file)
    caption = text_content(
        str(item.get("caption", "")),
        str(item.get("parse_mode", "")),
        item.get("caption_entities"),
        name="caption",
        entities_name="caption_entities",
    )
    return {kind: shown, **caption}
