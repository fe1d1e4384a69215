"""Files in both directions."""

from __future__ import annotations

import struct
import zlib

import pytest
import telegram

from sandbox.client import RefusedError, UserClient
from sandbox.files import picture_of
from sandbox.state import Picture
from tests.sandbox.conftest import Caller


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_pictures_are_known_by_their_bytes() -> None:
    frame = b"\xff\xc0\x00\x0b\x08\x00\x07\x00\x09\x01\x01\x11\x00"
    assert picture_of(png(3, 2)) == Picture("image/png", 3, 2)
    assert picture_of(b"GIF89a\x05\x00\x04\x00") == Picture("image/gif", 5, 4)
    assert picture_of(b"\xff\xd8\xff\xe0\x00\x04ab" + frame) == Picture("image/jpeg", 9, 7)
    webp = b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + b"\x06\x00\x08\x00"
    assert picture_of(webp) == Picture("image/webp", 6, 8)
    assert picture_of(b"text") is None
    assert picture_of(b"\xff\xd8\xff") is None


async def test_documents_go_in_both_directions(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    sent = await ptb.send_document(
        met, b"contenuto", filename="file.scp", caption="<i>Ecco</i>", parse_mode="HTML"
    )
    assert sent.document is not None
    shown = await phone.wait_for(lambda screen: screen.message(sent.message_id))
    assert shown.html == "<i>Ecco</i>"
    assert shown.raw["document"]["file_name"] == "file.scp"
    assert await phone.download(shown) == b"contenuto"
    again = await ptb.send_document(met, sent.document.file_id)
    assert again.document == sent.document
    await phone.send_file(b"\x00\x01", name="misura.bin", caption="da me")
    (update,) = await ptb.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    assert (update.message.document.file_name, update.message.caption) == ("misura.bin", "da me")
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"\x00\x01"


async def test_photos_have_their_size(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    sent = await ptb.send_photo(met, png(40, 30))
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    shown = await phone.send_file(png(8, 9), name="x.png", kind="photo")
    assert (shown.raw["photo"]["width"], shown.raw["photo"]["height"]) == (8, 9)
    with pytest.raises(telegram.error.BadRequest, match="Image_process_failed"):
        await ptb.send_photo(met, b"no picture")
    with pytest.raises(RefusedError, match="not a picture"):
        await phone.send_file(b"no picture", name="x.png", kind="photo")


async def test_albums_go_in_both_directions(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    sent = await ptb.send_media_group(
        met,
        [
            telegram.InputMediaDocument(b"1", filename="1.txt", caption="<b>due</b>", parse_mode="HTML"),
            telegram.InputMediaDocument(b"2", filename="2.txt"),
        ],
    )
    assert len({m.media_group_id for m in sent}) == 1
    assert (await phone.screen()).from_bot[0].html == "<b>due</b>"
    shown = await phone.send_album([("a.txt", b"a"), ("b.txt", b"b")], caption="ecco")
    assert len({m.raw["media_group_id"] for m in shown}) == 1
    messages = [update.message for update in await ptb.get_updates()]
    assert [m and m.caption for m in messages] == ["ecco", None]
    mixed: list[telegram.InputMediaDocument | telegram.InputMediaPhoto] = [
        telegram.InputMediaDocument(b"1"),
        telegram.InputMediaPhoto(png(1, 1)),
    ]
    with pytest.raises(telegram.error.BadRequest, match="can't be mixed"):
        await ptb.send_media_group(met, mixed)
    with pytest.raises(telegram.error.BadRequest, match="Too few messages"):
        await ptb.send_media_group(met, mixed[:1])


async def test_a_file_can_replace_a_file(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    sent = await ptb.send_document(met, b"1", filename="1.txt", caption="uno")
    await ptb.edit_message_caption(met, sent.message_id, caption="due")
    await ptb.edit_message_media(telegram.InputMediaPhoto(png(2, 2), caption="tre"), met, sent.message_id)
    shown = (await phone.screen()).message(sent.message_id)
    assert shown is not None
    assert (shown.kind, shown.text) == ("photo", "tre")


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "there is no document in the request"),
        ({"document": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ({"document": "https://a.example/x.pdf"}, "failed to get HTTP URL content"),
    ],
)
async def test_bad_documents_are_refused_in_telegrams_words(
    call: Caller, met: int, params: dict[str, str], reason: str
) -> None:
    assert await call.refusal("sendDocument", chat_id=met, **params) == f"Bad Request: {reason}"


async def test_captions_that_are_too_long_are_refused(ptb: telegram.Bot, met: int) -> None:
    await ptb.send_document(met, b"x", caption="x" * 1024)
    with pytest.raises(telegram.error.BadRequest, match="Message caption is too long"):
        await ptb.send_document(met, b"x", caption="x" * 1025)
    with pytest.raises(telegram.error.BadRequest, match="File must be non-empty"):
        await ptb.send_document(met, b"")


async def test_large_files_are_refused_as_by_telegram(ptb: telegram.Bot, phone: UserClient, met: int) -> None:
    megabyte = 1024 * 1024
    await phone.send_file(bytes(20 * megabyte + 1), name="large.bin")
    (update,) = await ptb.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    with pytest.raises(telegram.error.BadRequest, match="File is too big"):
        await update.message.document.get_file()
    await ptb.send_document(met, bytes(50 * megabyte))
    with pytest.raises(telegram.error.NetworkError, match="Request Entity Too Large"):
        await ptb.send_document(met, bytes(50 * megabyte + 1))
    with pytest.raises(telegram.error.BadRequest, match="Invalid file_id"):
        await ptb.get_file("nothing")
