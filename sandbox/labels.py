"""Labels of devices as they are printed, and as people photograph them: for trying the bot, and for measuring
what it reads. Everything is drawn by code and decided by a seed.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import zxingcpp
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

PAPER, INK = 245, 20
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Symbol(StrEnum):
    """The kinds of symbol that labels have."""

    CODE_128 = "code_128"
    QR = "qr"
    DATA_MATRIX = "data_matrix"


_FORMATS = {
    Symbol.CODE_128: zxingcpp.BarcodeFormat.Code128,
    Symbol.QR: zxingcpp.BarcodeFormat.QRCode,
    Symbol.DATA_MATRIX: zxingcpp.BarcodeFormat.DataMatrix,
}


class Trouble(StrEnum):
    """What is wrong with a photo."""

    NOTHING = "nothing"
    ANGLE = "angle"
    BLUR = "blur"
    NOISE = "noise"
    GLARE = "glare"
    CONTRAST = "contrast"
    FAR = "far"
    SLANT = "slant"


@dataclass(frozen=True)
class Printed:
    """A symbol on a label and what it says."""

    text: str
    symbol: Symbol = Symbol.CODE_128


def label(printed: Sequence[Printed]) -> Image.Image:
    """A label with these symbols below each other, each with its words, on a background."""
    width, height = 900, 60 + 190 * len(printed)
    if any(each.symbol is not Symbol.CODE_128 for each in printed):
        height += 60 * len(printed)
    paper = Image.new("L", (width, height), PAPER)
    pen, font, at = ImageDraw.Draw(paper), ImageFont.load_default(26), 30
    for each in printed:
        made = _drawn(each)
        paper.paste(made, (40, at))
        beside = each.symbol is not Symbol.CODE_128
        words = (60 + made.width, at + made.height // 2) if beside else (50, at + made.height + 4)
        pen.text(words, each.text.split("\n")[0][:30], INK, font)
        at += made.height + (24 if beside else 50)
    pen.rectangle((4, 4, width - 5, height - 5), outline=120, width=3)
    return paper


def _drawn(printed: Printed) -> Image.Image:
    linear = printed.symbol is Symbol.CODE_128
    made = zxingcpp.create_barcode(printed.text, _FORMATS[printed.symbol]).to_image(scale=3 if linear else 7)
    rows, columns = made.shape
    drawn = Image.frombuffer("L", (columns, rows), bytes(memoryview(made)))  # type: ignore[arg-type] # it is a buffer, which its types leave out
    return drawn.resize((columns, 110)) if linear else drawn


def photographed(shown: Image.Image, trouble: Trouble, seed: int, hardness: float = 1.0) -> bytes:
    """A label on a photo (JPEG) with this trouble; 1 is as much of it as happens on site."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    scene = Image.new("L", (1400, 1100), chance.randint(70, 150))
    pen = ImageDraw.Draw(scene)
    for _ in range(12):  # what else there is to see
        x, y = chance.randint(0, 1400), chance.randint(0, 1100)
        pen.rectangle(
            (x, y, x + chance.randint(20, 300), y + chance.randint(20, 200)), chance.randint(40, 200)
        )
    degrees = chance.uniform(-3, 3)
    if trouble is Trouble.ANGLE:
        degrees = chance.uniform(-180, 180)
    if trouble is Trouble.SLANT:
        shown = _slanted(shown, chance.uniform(0.05, 0.2) * hardness)
    if trouble is Trouble.CONTRAST:
        shown = ImageEnhance.Contrast(shown).enhance(max(0.06, chance.uniform(0.12, 0.3) / hardness))
    mask = Image.new("L", shown.size, 255)
    turned = shown.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    mask = mask.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    if turned.width > 1380 or turned.height > 1080:
        size = min(1380 / turned.width, 1080 / turned.height)
        to = (int(turned.width * size), int(turned.height * size))
        turned, mask = turned.resize(to), mask.resize(to)
    place = (
        (scene.width - turned.width) // 2 + chance.randint(-10, 10),
        (scene.height - turned.height) // 2 + chance.randint(-10, 10),
    )
    scene.paste(turned, place, mask)
    if trouble is Trouble.FAR:
        times = chance.uniform(0.55, 0.75) / hardness
        scene = scene.resize((int(1400 * times), int(1100 * times)), Image.Resampling.LANCZOS)
    if trouble is Trouble.BLUR:
        scene = scene.filter(ImageFilter.GaussianBlur(chance.uniform(1.5, 3.2) * hardness))
    if trouble is Trouble.GLARE:
        scene = _glaring(scene, chance, hardness)
    if trouble is Trouble.NOISE:
        noise = Image.effect_noise(scene.size, chance.uniform(40, 90) * hardness)
        scene = Image.blend(scene, noise, 0.35)
    out = io.BytesIO()
    scene.convert("RGB").save(out, "JPEG", quality=chance.randint(60, 90))
    return out.getvalue()


def _slanted(shown: Image.Image, by: float) -> Image.Image:
    """As seen from the side: one end is farther away."""
    width, height = shown.size
    less = height * by / 2
    corners = (0, -less, 0, height + less, width, height - less, width, less)
    return shown.transform(
        shown.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=PAPER
    )


def _glaring(scene: Image.Image, chance: random.Random, hardness: float) -> Image.Image:
    """A lamp is mirrored in it, and a shadow lies over the rest."""
    light = Image.new("L", scene.size, 0)
    pen = ImageDraw.Draw(light)
    x, y = chance.randint(300, 1100), chance.randint(300, 800)
    wide, high = chance.randint(40, 120), chance.randint(20, 60)
    pen.ellipse((x - wide, y - high, x + wide, y + high), min(255, int(200 * hardness)))
    light = light.filter(ImageFilter.GaussianBlur(50))
    shade = Image.linear_gradient("L").resize(scene.size).rotate(chance.choice((0, 90, 180)))
    dark = Image.composite(scene, ImageEnhance.Brightness(scene).enhance(0.45), shade)
    return Image.composite(Image.new("L", scene.size, 255), dark, light)


def made_up_codes(seed: int) -> tuple[str, str]:
    """A SID and a NID that no device has."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    sid = "".join(chance.choice(_ALPHABET) for _ in range(16)) + str(chance.randint(0, 9))
    return sid, f"{chance.getrandbits(48):012X}"
