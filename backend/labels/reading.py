"""The codes on a photo of a label, by its symbols: Code 128, QR and Data Matrix. In a child process:
`run_in_child("backend.labels.reading:read")`.

No code is guessed: each symbol has a check of its own, what it says must be a code from its first letter to
its last, and nobody uses a code before the person who sent the photo has seen it. A photo is tried as it is,
then with more contrast, sharper or smoother, at other sizes and turned, for as long as there is time.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from backend.core.child_main import Refusal
from backend.core.pictures import MOST_PIXELS
from backend.core.pictures import READ as FORMATS
from backend.labels.codes import codes_in

if TYPE_CHECKING:
    from PIL.Image import Image

LONGER_SIDE = 2400
"""Pixels: a symbol needs two for each of its bars, and a greater photo takes longer."""
SMALL_SIDE = 1000
"""Photos that are smaller than this are also looked at when enlarged."""
_SIZES, _SIZES_OF_SMALL = (0.5, 0.7), (0.5, 2.0)
MOST_SECONDS = 9.0
"""By the clock, however busy the machine is."""
MOST_SYMBOLS = 40
_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
"""Of containers that hold a picture, as telephones write them."""
TURNS = (15, -15, 30, -30, 45)
"""Degrees. The library finds lines of any direction near to a right angle by itself."""


def read(content: bytes, pattern: str, seconds: float) -> dict[str, Any]:
    """`{"sids": […], "nids": […]}`, each once, in the order in which they were found. `pattern` is the form
    of a SID; the last try begins within `seconds` of the processor. Raises Refusal: `format` for a picture of
    another format than those that are read, `picture` for what is no picture, or is too great.
    """
    from PIL import ImageOps

    gray = _opened(content)
    even = _evened(gray)
    ends, late = time.process_time() + seconds, time.monotonic() + MOST_SECONDS
    sids: dict[str, None] = {}
    nids: dict[str, None] = {}

    def is_over() -> bool:
        return time.process_time() > ends or time.monotonic() > late

    def look(picture: Image) -> list[int]:
        """Keep the codes in a picture; how far each of their symbols is turned, in degrees."""
        turned = []
        for text, degrees in _symbols(picture):
            found = codes_in(text, pattern)
            sids.update(dict.fromkeys(found.sids))
            nids.update(dict.fromkeys(found.nids))
            if found.sids or found.nids:
                turned.append(degrees)
        return turned

    inverse = ImageOps.invert(gray)
    for picture, degrees in _tries(gray, even, inverse):
        turned = look(picture)
        if turned and picture is inverse:
            gray, even = inverse, _evened(inverse)
        if turned:
            # What is beside a code may be harder to read than the code: now it is known which way is up.
            for upright in _upright(gray, even, degrees + turned[0]):
                if is_over():
                    break
                look(upright)
                if sids and nids:
                    break
        if turned or is_over():
            break
    return {"sids": list(sids), "nids": list(nids)}


def _opened(content: bytes) -> Image:
    """The picture in shades of gray, upright. Raises Refusal."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refusal("picture")
            opened.draft("L", (LONGER_SIDE, LONGER_SIDE))
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refusal("format" if _is_other_format(content) else "picture") from None
    if "A" in upright.mode or "transparency" in upright.info:  # what cannot be seen is paper
        seen = upright.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        paper.alpha_composite(seen)
        upright = paper
    gray = upright.convert("L")
    gray.thumbnail((LONGER_SIDE, LONGER_SIDE))
    return gray


def _is_other_format(content: bytes) -> bool:
    """True for GIF, BMP, TIFF, HEIC and AVIF."""
    if content[4:8] == b"ftyp":
        return content[8:12] in _BRANDS
    return content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*"))


def _tries(gray: Image, even: Image, inverse: Image) -> Iterator[tuple[Image, int]]:
    """The picture as it is, and what may be easier to read, the likeliest first; how far each is turned."""
    yield gray, 0
    yield even, 0
    yield inverse, 0  # white on black
    for filtered in _FILTERS:
        yield filtered(gray), 0
    for times in _SIZES if max(gray.size) > SMALL_SIDE else _SIZES_OF_SMALL:
        yield _scaled(gray, times), 0
        yield _scaled(even, times), 0
    for degrees in TURNS:
        yield _turned(gray, degrees), degrees
        yield _turned(even, degrees), degrees
    for degrees in TURNS:
        for filtered in _FILTERS:
            yield filtered(_turned(even, degrees)), degrees


def _upright(gray: Image, even: Image, degrees: int) -> Iterator[Image]:
    """The picture turned so that its codes lie level, and what may be easier to read."""
    for picture in (gray, even):
        yield _turned(picture, degrees)
    for filtered in _FILTERS:
        yield filtered(_turned(even, degrees))
    yield _scaled(_turned(gray, degrees), 0.5)


def _symbols(picture: Image) -> list[tuple[str, int]]:
    """The words of the symbols that are found in a picture, and how far each is turned, in degrees."""
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    wanted = zxingcpp.BarcodeFormats([kinds.Code128, kinds.QRCode, kinds.DataMatrix])
    if min(picture.size) < 8:
        return []
    found = zxingcpp.read_barcodes(
        picture,
        formats=wanted,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [(each.text, round(each.orientation)) for each in found[:MOST_SYMBOLS] if each.valid]


def _evened(gray: Image) -> Image:
    """Without shadows and glare: how much each pixel differs from what is around it, with full contrast."""
    from PIL import ImageChops, ImageFilter, ImageOps

    around = gray.filter(ImageFilter.BoxBlur(max(8, max(gray.size) // 30)))
    return ImageOps.autocontrast(ImageChops.subtract(gray, around, 1.0, 128), cutoff=1)


def _sharper(picture: Image, radius: float = 2.2) -> Image:
    """What is out of focus, little by little: at once it would be all edges."""
    from PIL import ImageFilter

    little = ImageFilter.UnsharpMask(radius=radius, percent=100, threshold=0)
    for _ in range(6):
        picture = picture.filter(little)
    return picture


def _much_sharper(picture: Image) -> Image:
    return _sharper(picture, 3.0)


def _smoother(picture: Image) -> Image:
    from PIL import ImageFilter

    return picture.filter(ImageFilter.GaussianBlur(1.5))


_FILTERS: tuple[Callable[[Image], Image], ...] = (_sharper, _smoother, _much_sharper)


def _scaled(picture: Image, times: float) -> Image:
    from PIL import Image

    size = (max(1, int(picture.width * times)), max(1, int(picture.height * times)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _turned(picture: Image, degrees: int) -> Image:
    from PIL import Image

    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=160)
