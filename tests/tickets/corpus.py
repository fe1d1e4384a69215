"""Files as people send them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

from sandbox.voices import silence

PLACE = "GPS-45.4642-9.1900"
"""Stands in what a camera writes beside the pixels."""
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
VOICE = silence()


def jpeg(color: str = "navy", size: tuple[int, int] = (64, 48), orientation: int = 1) -> bytes:
    """A photo with a place in its EXIF, and in a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (45.0, 27.0, 51.0)
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG", exif=exif, comment=PLACE.encode())
    return out.getvalue()


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of a screen, with words beside the pixels."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", PLACE)
    out = io.BytesIO()
    Image.new("RGBA", size, (10, 200, 10, 128)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """A small PNG that says it is enormous."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(1000))), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def archive(*names: str, content: bytes = b"x") -> bytes:
    """A ZIP with these names in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, content)
    return out.getvalue()


def workbook(*more: str, types: bytes = b"<Types/>") -> bytes:
    """What tells a workbook from an archive, and no more."""
    return archive("[Content_Types].xml", "xl/workbook.xml", *more, content=types)


REFUSED = {
    "a program named as a photo": (EXE, "foto.jpg", "program"),
    "a Linux program": (b"\x7fELF" + bytes(60), "log.txt", "program"),
    "a page named as a PDF": (HTML, "fattura.pdf", "markup"),
    "a vector picture": (SVG, "schema.svg", "markup"),
    "a vector picture named as a log": (SVG, "schema.log", "markup"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "log.txt", "script"),
    "a batch file": (b"echo ciao\r\n", "avvia.bat", "script"),
    "a PDF with a page before it": (b"%PDF-1.4\n<html><script>x</script>" + PDF, "a.pdf", "mixed"),
    "a PDF with an archive behind it": (PDF + archive("a.jar"), "a.pdf", "mixed"),
    "a PDF that does something": (PDF.replace(b"/Catalog", b"/Catalog /JavaScript"), "a.pdf", "active"),
    "a PDF that is cut off": (PDF[:20], "a.pdf", "broken"),
    "a photo that is cut off": (jpeg(size=(600, 400))[:-700], "foto.jpg", "picture"),
    "a photo of a head only": (b"\xff\xd8\xff\xe0", "foto.jpg", "picture"),
    "a picture that says it is enormous": (bomb(), "foto.png", "picture"),
    "an animation": (b"GIF89a" + bytes(60), "a.gif", "picture"),
    "a workbook with macros": (workbook("xl/vbaProject.bin"), "dati.xlsx", "macros"),
    "a workbook that only says so": (workbook(types=b"macroEnabled.main+xml"), "dati.xlsx", "macros"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "dati.xls", "macros"),
    "a text document": (archive("[Content_Types].xml", "word/document.xml"), "a.docx", "type"),
    "a Java program": (archive("META-INF/MANIFEST.MF"), "log.zip", "program"),
    "an archive with a program before it": (b"junk" + archive("a.txt"), "log.zip", "type"),
    "an archive that is cut off": (archive("a.txt", content=bytes(900))[:200], "log.zip", "broken"),
    "another archive": (b"\x1f\x8b\x08" + bytes(30), "log.gz", "archive"),
    "music": (b"ID3\x03" + bytes(60), "voce.ogg", "audio"),
    "Ogg without Opus": (VOICE.replace(b"OpusHead", b"\x01vorbis\0"), "voce.ogg", "audio"),
    "a voice message with something behind it": (VOICE + EXE, "voce.ogg", "broken"),
    "a video": (bytes(4) + b"ftypisom" + bytes(60), "foto.jpg", "video"),
    "nothing": (b"", "vuoto.txt", "empty"),
    "bytes without a meaning": (bytes(range(256)), "dati.txt", "type"),
}
"""What is refused: its content, its name, why."""
