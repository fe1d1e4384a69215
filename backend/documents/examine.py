"""Whether a file is what its name's ending says, by its content. What users send is examined in a child
process: `run_in_child("backend.documents.examine:examine")`.

The staff may well publish programs and archives, but only as what they are: a program under the name of a
document, or hidden in one, is refused. A file is a *tool* where it can run or hold something that can; those
belong into some folders only.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from backend.core.child_main import Refusal
from backend.core.filenames import clean_name

HEAD = 4096
TAIL = 65_536 + 22
"""Bytes at a file's end in which the end of an archive may be."""
MOST_NAMES = 50_000
MOST_SCANNED = 64 * 1024 * 1024
"""Bytes of a PDF that are looked through."""

_END_OF_ZIP = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch)\b")
_MARKUP = re.compile(r"<(!doctype|html|svg|\?xml|script|head|body|iframe|!--)", re.IGNORECASE)
_SCRIPT = re.compile(r"#!|@echo\b|<\?php|<%", re.IGNORECASE)
_CORE = "[Content_Types].xml"
_MACROS = re.compile(r"(?i)vbaproject|macrosheets/|activex/|oleobject")
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_HEX_LINE = re.compile(rb":[0-9A-Fa-f]{10,}\r?\n")
_RUNS = frozenset(
    (
        *("app", "appimage", "bat", "bin", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe", "hex", "hta"),
        *("inf", "jar", "js", "jse", "lnk", "msi", "msp", "pif", "pkg", "ps1", "py", "reg", "rpm", "run"),
        *("scr", "sh", "sys", "vbe", "vbs", "wsf"),
    )
)
"""Endings in an archive that make it a tool."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_DOCUMENT_ENDINGS = frozenset(("pdf", "docx", "xlsx", "pptx", "txt", "csv", "png", "jpg", "jpeg"))


@dataclass(frozen=True, slots=True)
class _Sample:
    """What is looked at: the file itself, and both of its ends."""

    file: BinaryIO
    size: int
    head: bytes
    tail: bytes

    def whole(self, most: int) -> bytes:
        """The content up to so many bytes."""
        self.file.seek(0)
        return self.file.read(most)


@dataclass(frozen=True, slots=True)
class Kind:
    """What files of an ending are: a media type, a check that raises Refusal, and whether that is a tool."""

    media_type: str
    check: Callable[[_Sample, str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is. `tool`: it can run, or holds something that can."""

    media_type: str
    name: str
    tool: bool


def examine(content: bytes, name: str) -> dict[str, Any]:
    """`{"media_type", "name", "tool"}` of a file. Raises Refusal: see `inspect`."""
    found = inspect(io.BytesIO(content), len(content), name)
    return {"media_type": found.media_type, "name": found.name, "tool": found.tool}


def inspect(file: BinaryIO, size: int, name: str) -> Found:
    """What a file that can be read from anywhere is. Raises Refusal: `empty`; `kind` for an ending that is
    not taken; `disguised` where the content is not what the ending says; `active` for a PDF with scripts;
    `macros`; `broken`.
    """
    ending = ending_of(name)
    kind = KINDS.get(ending)
    if kind is None:
        raise Refusal("kind")
    if size == 0:
        raise Refusal("empty")
    head = file.read(HEAD)
    file.seek(max(0, size - TAIL))
    tool = kind.check(_Sample(file, size, head, file.read(TAIL)), ending)
    stem = name.rpartition(".")[0]
    if tool and "." in stem and stem.rpartition(".")[2].strip().lower() in _DOCUMENT_ENDINGS:
        raise Refusal("disguised")  # `contract.pdf.exe`
    return Found(kind.media_type, clean_name(name, ending), tool)


def ending_of(name: str) -> str:
    """The ending of a name in small letters; empty where there is none."""
    stem, dot, ending = name.strip().rpartition(".")
    return ending.lower() if dot and stem else ""


def _is_disguised(head: bytes) -> bool:
    return head.startswith(_PROGRAMS)


def _pdf(sample: _Sample, ending: str) -> bool:
    if not sample.head.startswith(b"%PDF-") or _END_OF_ZIP in sample.tail:
        raise Refusal("disguised")
    if _MARKUP.search(sample.head[:1024].decode("latin-1")):
        raise Refusal("disguised")
    if b"%%EOF" not in sample.tail[-2048:]:
        raise Refusal("broken")
    # What stands in compressed streams is not seen.
    plain = _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), sample.whole(MOST_SCANNED))
    if _ACTIVE_PDF.search(plain):
        raise Refusal("active")
    return False


def _names(sample: _Sample) -> set[str]:
    """The names in an archive that begins where the file begins."""
    if not sample.head.startswith((b"PK\x03\x04", _END_OF_ZIP)):
        raise Refusal("disguised")
    try:
        with zipfile.ZipFile(sample.file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError, EOFError):
        raise Refusal("broken") from None
    if not entries or len(entries) > MOST_NAMES or min(each.header_offset for each in entries):
        raise Refusal("broken")
    return {each.filename for each in entries}


def _office(sample: _Sample, ending: str) -> bool:
    names = _names(sample)
    if _CORE not in names or _PARTS[ending] not in names:
        raise Refusal("disguised")
    if any(_MACROS.search(each) for each in names):
        raise Refusal("macros")
    return False


def _archive(sample: _Sample, ending: str) -> bool:
    names = _names(sample)
    if any(each.startswith("/") or ".." in each.replace("\\", "/").split("/") for each in names):
        raise Refusal("broken")  # it would write outside of its folder
    if ending == "jar" and "META-INF/MANIFEST.MF" not in names:
        raise Refusal("disguised")
    return ending == "jar" or any(ending_of(each.rpartition("/")[2]) in _RUNS for each in names)


def _text(sample: _Sample, ending: str) -> bool:
    head = sample.head
    if _is_disguised(head) or b"\0" in head or _END_OF_ZIP in sample.tail:
        raise Refusal("disguised")
    said = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if _SCRIPT.match(said) or _MARKUP.search(said[:1024]):
        raise Refusal("disguised")
    return False


def _picture(*marks: bytes) -> Callable[[_Sample, str], bool]:
    def check(sample: _Sample, ending: str) -> bool:
        if not sample.head.startswith(marks) or _END_OF_ZIP in sample.tail:
            raise Refusal("disguised")
        return False

    return check


def _tool(*marks: bytes) -> Callable[[_Sample, str], bool]:
    """A tool that begins in one of these ways."""

    def check(sample: _Sample, ending: str) -> bool:
        if not sample.head.startswith(marks):
            raise Refusal("disguised")
        return True

    return check


def _exe(sample: _Sample, ending: str) -> bool:
    head = sample.head
    if not head.startswith(b"MZ") or len(head) < 64:
        raise Refusal("disguised")
    (at,) = struct.unpack_from("<I", head, 60)
    if at + 4 > HEAD or head[at : at + 4] != b"PE\0\0":
        raise Refusal("disguised")
    return True


def _dmg(sample: _Sample, ending: str) -> bool:
    if sample.tail[-512:-508] != b"koly":
        raise Refusal("disguised")
    return True


def _image(sample: _Sample, ending: str) -> bool:
    """A firmware image: opaque, but nothing that another ending names."""
    head = sample.head
    others = (b"%PDF-", b"PK\x03\x04", b"MZ", _OLD_OFFICE, b"Rar!", b"7z\xbc\xaf")
    said = head[:1024].decode("latin-1").lstrip()
    if head.startswith(others) or _SCRIPT.match(said) or _MARKUP.match(said):
        raise Refusal("disguised")
    return True


def _hex(sample: _Sample, ending: str) -> bool:
    if not _HEX_LINE.match(sample.head):
        raise Refusal("disguised")
    return True


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPAQUE = "application/octet-stream"
KINDS = {
    "pdf": Kind("application/pdf", _pdf),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _office),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _office),
    "pptx": Kind(f"{_OFFICE}.presentationml.presentation", _office),
    "txt": Kind("text/plain", _text),
    "csv": Kind("text/csv", _text),
    "png": Kind("image/png", _picture(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind("image/jpeg", _picture(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _picture(b"\xff\xd8\xff")),
    "zip": Kind("application/zip", _archive),
    "jar": Kind("application/java-archive", _archive),
    "7z": Kind("application/x-7z-compressed", _tool(b"7z\xbc\xaf\x27\x1c")),
    "gz": Kind("application/gzip", _tool(b"\x1f\x8b")),
    "tgz": Kind("application/gzip", _tool(b"\x1f\x8b")),
    "xz": Kind("application/x-xz", _tool(b"\xfd7zXZ\0")),
    "exe": Kind("application/vnd.microsoft.portable-executable", _exe),
    "msi": Kind("application/x-msi", _tool(_OLD_OFFICE)),
    "cab": Kind("application/vnd.ms-cab-compressed", _tool(b"MSCF")),
    "dmg": Kind("application/x-apple-diskimage", _dmg),
    "pkg": Kind("application/x-xar", _tool(b"xar!")),
    "deb": Kind("application/vnd.debian.binary-package", _tool(b"!<arch>\ndebian")),
    "rpm": Kind("application/x-rpm", _tool(b"\xed\xab\xee\xdb")),
    "appimage": Kind(_OPAQUE, _tool(b"\x7fELF")),
    "bin": Kind(_OPAQUE, _image),
    "img": Kind(_OPAQUE, _image),
    "dfu": Kind(_OPAQUE, _image),
    "hex": Kind(_OPAQUE, _hex),
}
"""What is taken, by ending."""
