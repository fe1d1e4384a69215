"""Pictures of strangers, drawn anew from their pixels. For a child process, as decoding may end badly."""

from __future__ import annotations

import io
from dataclasses import dataclass

MOST_PIXELS = 80_000_000
READ = ("JPEG", "PNG", "WEBP")
"""The formats that are decoded; what a picture is called does not matter."""
_MODES = {"RGB", "RGBA", "L"}


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture that was drawn anew. Sizes in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def redrawn(content: bytes, side: int, *, keep_png: bool = False) -> Redrawn | None:
    """The picture as a JPEG without anything but its pixels (no place, no comment, no profile), upright, its
    longer side at most `side` pixels. A PNG stays one where `keep_png` says so. None where the content is no
    picture that can be read, is not all there, or has more than `MOST_PIXELS`.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=READ) as opened:
            if opened.width * opened.height > MOST_PIXELS:  # the library only warns, up to twice as many
                return None
            is_png = opened.format == "PNG"
            opened.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    upright.thumbnail((side, side))
    lossless = keep_png and is_png
    if not lossless or upright.mode not in _MODES:
        upright = upright.convert("RGBA" if lossless and "transparency" in upright.info else "RGB")
    upright.info = {}  # comments and profiles would be written again
    out = io.BytesIO()
    if lossless:
        upright.save(out, "PNG", optimize=True)
    else:
        upright.save(out, "JPEG", quality=85)
    return Redrawn(out.getvalue(), "image/png" if lossless else "image/jpeg", upright.width, upright.height)
