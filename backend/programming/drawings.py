"""Pictures and documents, made in a child process: `run_in_child("backend.programming.drawings:…")`.

Each function gets bytes and JSON, and returns JSON with what it made in base 64.
"""

from __future__ import annotations

import base64
import io
import json
import os
from datetime import datetime, timedelta
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from backend.core.pictures import redrawn

PHOTO_SIDE = 1600
"""Pixels of a photo's longer side."""
CHART_PIXELS = (900, 620)
_DPI = 150
_MARGIN = 18.0  # mm


def photo(content: bytes) -> dict[str, str]:
    """A picture as a JPEG without anything but its pixels, upright, no larger than needed. Empty where the
    content is no picture that can be read.
    """
    made = redrawn(content, PHOTO_SIDE)
    return {} if made is None else {"jpeg": _text(made.content)}


def chart(content: bytes, samples: list[list[Any]], title: str, unit: str, cache: str) -> dict[str, str]:
    """The energy of each day, as bars. `samples` are local times and Wh of a counter that only grows; `cache`
    is a folder in which the library keeps what it knows of fonts.
    """
    os.environ["MPLCONFIGDIR"] = cache
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    days = per_day(samples)
    width, height = CHART_PIXELS
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    names = [day.strftime("%d/%m") for day, _ in days]
    bars = axes.bar(range(len(days)), [energy / 1000 for _, energy in days], color="#2a78c2", width=0.7)
    axes.bar_label(
        bars, [f"{energy / 1000:.2f}".replace(".", ",") for _, energy in days], fontsize=8, padding=2
    )
    axes.set_xticks(range(len(days)), names, fontsize=8.5)
    axes.set_title(title, fontsize=11)
    axes.set_ylabel(unit, fontsize=9)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:g}".replace(".", ","))
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(y=0.15)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return {"png": _text(out.getvalue())}


def per_day(samples: list[list[Any]]) -> list[tuple[datetime, int]]:
    """The energy (Wh) that a counter has grown by on each day. What lies between two samples belongs to the
    day of the later one, but midnight ends a day.
    """
    days: dict[datetime, int] = {}
    read = [(datetime.fromisoformat(at), int(energy)) for at, energy in samples]
    for (_, before), (at, after) in pairwise(read):
        begin = datetime(at.year, at.month, at.day)  # noqa: DTZ001 - the meter's local time
        day = begin if at != begin else begin - timedelta(days=1)
        days[day] = days.get(day, 0) + max(0, after - before)
    return sorted(days.items())


def document(
    content: bytes, title: str, subtitle: str, sections: list[list[Any]], notes: list[str], footer: str
) -> dict[str, str]:
    """A document of labelled values, one page or more. `content` is a JPEG for its end, or empty; each
    section is `[heading, [[label, value], …]]`.
    """
    from fpdf import FPDF

    class Page(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("body", size=7)
            self.set_text_color(110)
            self.cell(0, 5, f"{footer}   {self.page_no()}/{{nb}}", align="C")

    page = Page(format="A4")
    page.set_margin(_MARGIN)
    page.set_auto_page_break(True, 20)
    fonts = _fonts()
    page.add_font("body", "", fonts / "DejaVuSans.ttf")
    page.add_font("body", "B", fonts / "DejaVuSans-Bold.ttf")
    page.set_title(title)
    page.add_page()
    page.set_font("body", "B", 17)
    page.multi_cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
    page.set_font("body", size=10)
    page.set_text_color(90)
    page.multi_cell(0, 6, subtitle, new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(0)
    for heading, rows in sections:
        page.ln(4)
        page.set_font("body", "B", 11)
        page.cell(0, 7, heading, border="B", new_x="LMARGIN", new_y="NEXT")
        page.ln(1)
        for label, value in rows:
            page.set_font("body", size=9)
            page.set_text_color(90)
            page.cell(52, 5.6, label)
            page.set_text_color(0)
            page.multi_cell(0, 5.6, str(value), new_x="LMARGIN", new_y="NEXT")
    page.ln(4)
    page.set_font("body", size=8)
    for note in notes:
        page.multi_cell(0, 4.6, note, new_x="LMARGIN", new_y="NEXT")
        page.ln(1)
    if content:
        page.ln(3)
        page.image(io.BytesIO(content), w=110, h=110, keep_aspect_ratio=True)
    return {"pdf": _text(bytes(page.output()))}


def long_document(content: bytes) -> dict[str, str]:
    """A `document` without a picture, whose arguments are the content (JSON): an order is one short line."""
    return document(b"", **json.loads(content))


def _fonts() -> Path:
    """DejaVu, under its free licence, which comes with the library that draws charts."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _text(made: bytes) -> str:
    return base64.b64encode(made).decode("ascii")
