"""Small files of every kind, made by hand, and some that are not what they say."""

from __future__ import annotations

import io
import struct
import zipfile

EXE = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(100)
ELF = b"\x7fELF" + bytes(100)
MSI = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def pdf(text: str = "Campione", inside: str = "") -> bytes:
    """A small PDF; `inside` stands in its catalogue."""
    catalogue = f"1 0 obj<</Type/Catalog {inside}>>endobj\ntrailer<</Root 1 0 R>>"
    return f"%PDF-1.4\n% {text}\n{catalogue}\n%%EOF\n".encode()


def archive(*names: str, content: bytes = b"x") -> bytes:
    """A zip file with members of these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, content)
    return made.getvalue()


def office(part: str, *others: str) -> bytes:
    """A file of an office suite with this main part."""
    return archive("[Content_Types].xml", part, *others)
