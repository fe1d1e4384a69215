"""What a file is, by its content and by nothing that its sender says of it. In a child process:
`run_in_child("backend.tickets.examine:examine")`.

Pictures are drawn anew. Everything else is stored as it came or not at all; archives are not opened, but for
the list of names in them, which tells a workbook from a program.
"""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
from typing import Any

from backend.core.child_main import Refusal
from backend.core.filenames import clean_name
from backend.core.pictures import redrawn
from backend.tickets.values import FileKind

PHOTO_SIDE = 2560
"""Pixels of the longer side of a photo; of a picture that was sent as a document, `DOCUMENT_SIDE`."""
DOCUMENT_SIDE = 4000
MOST_RATIO = 20
"""Telegram shows no photo whose one side is more than so many times the other."""
MOST_NAMES = 20_000
"""Entries of an archive whose names are looked at."""

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"!<arch>",
)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OTHER_PICTURES = (b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"8BPS", b"\x00\x00\x01\x00")
_HEIF = (b"heic", b"heix", b"mif1", b"avif", b"hevc")
_ARCHIVES = (
    b"\x1f\x8b",
    b"BZh91AY",
    b"\xfd7zXZ",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"MSCF",
    b"\x28\xb5\x2f\xfd",
)
_AUDIO = (b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\xff\xfb", b"\xff\xf3", b"fLaC", b"#!AMR")
_VIDEO = (b"\x1aE\xdf\xa3", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_ZIP = b"PK\x05\x06"
_TAIL = 65_536 + 22
_PROGRAM_NAMES = frozenset(
    ("exe", "dll", "msi", "scr", "pif", "cpl", "jar", "apk", "deb", "rpm", "dmg", "iso")
)
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_MARKUP = re.compile(
    r"<(!doctype|html|svg|\?xml|script|head|body|iframe|!--|[a-z][a-z0-9]*:svg)", re.IGNORECASE
)
_SCRIPT = re.compile(r"#!|@echo\b|<\?php|<%", re.IGNORECASE)
_SCRIPT_NAMES = frozenset(
    (
        *(
            "app",
            "bash",
            "bat",
            "cmd",
            "com",
            "desktop",
            "dll",
            "exe",
            "hta",
            "inf",
            "jar",
            "js",
            "jse",
            "lnk",
        ),
        *(
            "lua",
            "msi",
            "php",
            "pl",
            "ps1",
            "psm1",
            "py",
            "pyw",
            "rb",
            "reg",
            "scf",
            "scr",
            "sh",
            "url",
            "vbe",
        ),
        *("vbs", "wsf", "wsh", "zsh"),
    )
)
_MARKUP_NAMES = frozenset(("htm", "html", "mht", "mhtml", "shtml", "svg", "xhtml", "xml"))
_TEXT_NAMES = {"csv": "text/csv", "log": "text/plain", "txt": "text/plain"}
_SIGNS = "\t\n\r\f\x1b"
"""Control characters that logs hold."""
_CORE, _MACROS = (
    "[Content_Types].xml",
    re.compile(r"(?i)vbaproject|macrosheets/|activex/|oleobject|embeddings/"),
)
_PROGRAMS_IN_ZIP = re.compile(r"(?i)^(META-INF/MANIFEST\.MF|AndroidManifest\.xml|classes\.dex)$")


def examine(content: bytes, name: str = "", photo: bool = False) -> dict[str, Any]:
    """`{"kind", "media_type", "name"}`, and `"content"` (base 64) where the file was made anew. `photo`: it
    was sent as one. Raises Refusal: `empty`, `program`, `script`, `markup`, `macros`, `picture`, `archive`,
    `audio`, `video`, `mixed`, `active`, `broken` or `type`.
    """
    if not content:
        raise Refusal("empty")
    if content.startswith(_PROGRAMS):
        raise Refusal("program")
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return _picture(content, name, photo)
    _refuse_others(content)
    if content.startswith(b"OggS"):
        return _made(FileKind.VOICE, _voice(content), "", "ogg")
    if content.startswith(b"%PDF-"):
        return _made(FileKind.DOCUMENT, _pdf(content), name, "pdf")
    if content.startswith((b"PK\x03\x04", _END_OF_ZIP)):
        media_type, suffix = _zip(content)
        return _made(FileKind.DOCUMENT, media_type, name, suffix)
    return _text(content, name)


def _refuse_others(content: bytes) -> None:
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    is_bitmap = content[:2] == b"BM" and content[6:10] == bytes(4)
    if content.startswith(_OTHER_PICTURES) or is_bitmap or brand in _HEIF:
        raise Refusal("picture")
    if content.startswith(_ARCHIVES):
        raise Refusal("archive")
    if content.startswith(_VIDEO) or (content[:4] == b"RIFF" and content[8:12] == b"AVI "):
        raise Refusal("video")
    if content.startswith(_AUDIO) or brand.startswith(b"M4A") or content[:4] == b"RIFF":
        raise Refusal("audio")
    if brand:
        raise Refusal("video")
    if content.startswith(_OLD_OFFICE):
        raise Refusal("macros")  # they may be anywhere in it


def _picture(content: bytes, name: str, photo: bool) -> dict[str, Any]:
    made = redrawn(content, PHOTO_SIDE if photo else DOCUMENT_SIDE, keep_png=not photo)
    if made is None or not made.width or not made.height:
        raise Refusal("picture")
    sides = sorted((made.width, made.height))
    kind = FileKind.PHOTO if photo and sides[1] <= sides[0] * MOST_RATIO else FileKind.DOCUMENT
    shown = "" if kind is FileKind.PHOTO else name or "foto"
    suffix = "png" if made.media_type == "image/png" else "jpg"
    return _made(kind, made.media_type, shown, suffix) | {
        "content": base64.b64encode(made.content).decode("ascii")
    }


def _made(kind: FileKind, media_type: str, name: str, suffix: str) -> dict[str, Any]:
    named = clean_name(name, suffix) if kind is FileKind.DOCUMENT else ""
    return {"kind": kind.value, "media_type": media_type, "name": named}


def _voice(content: bytes) -> str:
    """An Ogg stream with Opus in it, from the first byte to the last."""
    at, serial = 0, b""
    while at < len(content):
        page = content[at : at + 27]
        if len(page) < 27 or page[:5] != b"OggS\x00":
            raise Refusal("broken")
        lacing = content[at + 27 : at + 27 + page[26]]
        body = at + 27 + page[26]
        if at == 0:
            serial = page[14:18]
            if content[body : body + 8] != b"OpusHead":
                raise Refusal("audio")
        if page[14:18] != serial or len(lacing) != page[26]:
            raise Refusal("broken")
        at = body + sum(lacing)
    if at != len(content):
        raise Refusal("broken")
    return "audio/ogg"


def _pdf(content: bytes) -> str:
    if _has_zip(content) or _MARKUP.search(content[:1024].decode("latin-1")):
        raise Refusal("mixed")
    if b"%%EOF" not in content[-2048:]:
        raise Refusal("broken")
    plain = _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ACTIVE_PDF.search(plain):
        raise Refusal("active")
    return "application/pdf"


def _has_zip(content: bytes) -> bool:
    """True if an archive ends where the file ends."""
    return _END_OF_ZIP in content[-_TAIL:]


def _zip(content: bytes) -> tuple[str, str]:
    """A workbook or an archive, by the names in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if not entries or len(entries) > MOST_NAMES or min(each.header_offset for each in entries):
                raise Refusal("broken")
            names = {each.filename for each in entries}
            if _CORE in names:
                return _office(archive, names)
    except (
        zipfile.BadZipFile,
        struct.error,
        ValueError,
        NotImplementedError,
        OSError,
        RuntimeError,
        EOFError,
    ):
        raise Refusal("broken") from None
    suffixes = {each.rpartition(".")[2].lower() for each in names if "." in each}
    if any(_PROGRAMS_IN_ZIP.match(each) for each in names) or suffixes & (_SCRIPT_NAMES | _PROGRAM_NAMES):
        raise Refusal("program")
    if "mimetype" in names:  # OpenDocument, EPUB
        raise Refusal("type")
    return "application/zip", "zip"


def _office(archive: zipfile.ZipFile, names: set[str]) -> tuple[str, str]:
    with archive.open(_CORE) as listed:
        types = listed.read(1024 * 1024)
    if any(_MACROS.search(each) for each in names) or b"macroEnabled" in types or b"vbaProject" in types:
        raise Refusal("macros")
    if "xl/workbook.xml" not in names:
        raise Refusal("type")
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"


def _text(content: bytes, name: str) -> dict[str, Any]:
    text = _decoded(content)
    if text is None:
        raise Refusal("type")
    head = text.lstrip("\ufeff \t\r\n")[:1024]
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in _SCRIPT_NAMES or _SCRIPT.match(head):
        raise Refusal("script")
    if suffix in _MARKUP_NAMES or _MARKUP.search(head):
        raise Refusal("markup")
    if head.startswith(("{\\rtf", "%!PS")):
        raise Refusal("type")
    kept = suffix if suffix in _TEXT_NAMES else "txt"
    return _made(FileKind.DOCUMENT, _TEXT_NAMES[kept], name, kept)


def _decoded(content: bytes) -> str | None:
    """The content as text; None where it is none."""
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf_16 and b"\0" in content:
        return None
    for encoding in ("utf-16",) if utf_16 else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(sign < " " and sign not in _SIGNS for sign in set(text)) or _has_zip(content):
            return None
        return text
    return None
