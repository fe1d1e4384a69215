"""What a file is, by its content: in a child process, as the bot does it."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from backend.core.child import ChildRefused, run_in_child
from backend.core.filenames import clean_name
from backend.tickets.examine import DOCUMENT_SIDE, PHOTO_SIDE
from bot.tickets.files import EXAMINE, LIMITS
from tests.tickets import corpus


async def examined(content: bytes, name: str = "", *, photo: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = await run_in_child(EXAMINE, content, LIMITS, name=name, photo=photo)
    return found


@pytest.mark.parametrize("what", corpus.REFUSED)
async def test_what_is_harmful_or_not_what_it_seems_is_refused(what: str) -> None:
    content, name, why = corpus.REFUSED[what]
    with pytest.raises(ChildRefused) as refused:
        await examined(content, name)
    assert refused.value.key == why


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type", "named"),
    [
        (corpus.PDF, "manuale.PDF", "document", "application/pdf", "manuale.pdf"),
        (corpus.PDF, "manuale.exe", "document", "application/pdf", "manuale.pdf"),
        (b"a;b\r\n1;2\r\n", "dati.csv", "document", "text/csv", "dati.csv"),
        ("è andato\x1b[0m\n".encode(), "ponte.log", "document", "text/plain", "ponte.log"),
        ("perché".encode("cp1252"), "note", "document", "text/plain", "note.txt"),
        ("perché".encode("utf-16"), "note.md", "document", "text/plain", "note.txt"),
        (corpus.archive("a.log", "b.log"), "log.zip", "document", "application/zip", "log.zip"),
        (
            corpus.workbook(),
            "dati.zip",
            "document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "dati.xlsx",
        ),
        (corpus.VOICE, "x.exe", "voice", "audio/ogg", ""),
    ],
)
async def test_what_is_accepted_is_told_by_its_content_and_named_after_it(
    content: bytes, name: str, kind: str, media_type: str, named: str
) -> None:
    assert await examined(content, name) == {"kind": kind, "media_type": media_type, "name": named}


async def test_a_photo_is_stored_upright_without_anything_but_its_pixels() -> None:
    sent = corpus.jpeg(size=(64, 48), orientation=6)
    assert corpus.PLACE.encode() in sent
    found = await examined(sent, "IMG_1.jpg", photo=True)
    stored = base64.b64decode(found.pop("content"))
    assert found == {"kind": "photo", "media_type": "image/jpeg", "name": ""}
    assert corpus.PLACE.encode() not in stored
    assert b"Exif" not in stored
    with Image.open(io.BytesIO(stored)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((48, 64), {})


async def test_a_picture_with_a_program_behind_it_loses_the_program() -> None:
    found = await examined(corpus.jpeg() + corpus.archive("a.jar") + corpus.EXE, "foto.jpg", photo=True)
    stored = base64.b64decode(found["content"])
    assert b"PK\x03\x04" not in stored
    assert corpus.EXE not in stored


async def test_a_picture_sent_as_a_document_stays_one_and_keeps_its_detail() -> None:
    found = await examined(corpus.png((2 * PHOTO_SIDE, 20)), "schermo.JPG")
    stored = base64.b64decode(found.pop("content"))
    assert found == {"kind": "document", "media_type": "image/png", "name": "schermo.png"}
    assert corpus.PLACE.encode() not in stored
    with Image.open(io.BytesIO(stored)) as picture:
        assert picture.width == DOCUMENT_SIDE


async def test_a_photo_too_narrow_for_telegram_is_a_document() -> None:
    found = await examined(corpus.jpeg(size=(1000, 20)), photo=True)
    assert (found["kind"], found["name"]) == ("document", "foto.jpg")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "_.._etc_passwd.txt"),
        ("C:\\temp\\a.txt", "C__temp_a.txt"),
        ("fattura\u202etxt.exe", "fattura txt.txt"),
        ("a\r\nb\0c.txt", "a b c.txt"),
        ("  . .txt", "txt.txt"),
        ("CON.txt", "_CON.txt"),
        ("x" * 300 + ".txt", "x" * 76 + ".txt"),
        ("", "documento.txt"),
    ],
)
def test_names_show_what_a_file_is(name: str, shown: str) -> None:
    assert clean_name(name, "txt") == shown
