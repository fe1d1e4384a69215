"""Charts, drawn in a child process: `run_in_child("backend.statistics.drawing:draw")`.

They are looked at on a phone, at two fifths of their size: few and large letters, few colours that differ in
lightness too, a number on each bar, and a light ground of their own, since a chat may be dark.
"""

from __future__ import annotations

import base64
import io
import os
import textwrap
from dataclasses import dataclass
from typing import Any

PIXELS = (1080, 860)
GROUND, INK, FAINT = "#f4f6f9", "#1b2430", "#5b6675"
COLORS = ("#1f6fb5", "#e08a1e", "#8a94a3")
"""What went well or is new; what did not or is old; the rest."""
_DPI = 260
_PADDING = 0.1  # inches
_LETTERS_BESIDE, _LETTERS_SHOWN = 18, 34
_LEAST_BARS = 4
"""Lying bars for which there is room at least: one by itself would fill the picture."""


@dataclass(frozen=True)
class Series:
    """Numbers, one for each label. `colors` are places in `COLORS`: one for all, or one for each."""

    name: str
    values: tuple[int, ...]
    colors: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: columns beside each other, or on each other (`stacked`); or bars with their labels beside
    (`lying`). Of one series the name is not shown.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    lying: bool = False
    stacked: bool = False
    below: str = ""
    """What the labels are."""


def draw(content: bytes, chart: dict[str, Any], cache: str) -> dict[str, str]:
    """A `Chart` (JSON) as a PNG, in base 64. `cache` is a folder in which the library keeps what it knows of
    fonts.
    """
    os.environ["MPLCONFIGDIR"] = cache
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from backend.core.json_values import from_json

    shown = from_json(Chart, chart)
    width, height = PIXELS
    figure = Figure(
        figsize=(width / _DPI, height / _DPI),
        dpi=_DPI,
        layout=ConstrainedLayoutEngine(w_pad=_PADDING, h_pad=_PADDING),
        facecolor=GROUND,
    )
    axes = figure.add_subplot(facecolor=GROUND)
    (_bars if shown.lying else _columns)(axes, shown)
    figure.suptitle(shown.title, fontsize=11.5, fontweight="bold", color=INK)
    if len(shown.series) > 1:
        figure.legend(
            loc="outside lower center", ncols=len(shown.series), fontsize=9.5, frameon=False, labelcolor=INK
        )
    axes.spines[["top", "right", "bottom" if shown.lying else "left"]].set_visible(False)
    axes.spines[:].set_color(FAINT)
    axes.tick_params(length=0, labelsize=8.5 if shown.lying or len(shown.labels) > 6 else 10, labelcolor=INK)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return {"png": base64.b64encode(out.getvalue()).decode("ascii")}


def _colors(series: Series) -> list[str]:
    return [COLORS[color] for color in series.colors]


def _columns(axes: Any, chart: Chart) -> None:
    """Upright columns: for weeks and ages, which have an order."""
    places = range(len(chart.labels))
    beneath = [0] * len(chart.labels)
    number = 1 if chart.stacked else len(chart.series)
    wide = 0.78 / number
    highest = max(_totals(chart))
    for at, series in enumerate(chart.series):
        across = 0.0 if chart.stacked else (at - (number - 1) / 2) * wide
        bars = axes.bar(
            [place + across for place in places],
            series.values,
            width=wide * 0.94,
            bottom=beneath if chart.stacked else 0,
            color=_colors(series),
            label=series.name,
        )
        beneath = [below + value for below, value in zip(beneath, series.values, strict=True)]
        if chart.stacked:  # how many of all; all of them stand above
            parts = zip(series.values, _totals(chart), strict=True)
            shown = [str(value) if highest / 12 < value < total else "" for value, total in parts]
            axes.bar_label(
                bars,
                shown,
                fontsize=10,
                color="white" if series.colors[0] == 0 else INK,
                label_type="center",
                fontweight="bold",
            )
        else:
            shown = [str(value) if value else "" for value in series.values]
            axes.bar_label(bars, shown, fontsize=10 if number == 1 else 8.5, color=INK, padding=2)
    if chart.stacked:
        for place, total in zip(places, _totals(chart), strict=True):
            axes.text(
                place, total, str(total) if total else "", ha="center", va="bottom", fontsize=10, color=INK
            )
    axes.set_xticks(places, chart.labels)
    axes.set_yticks([])
    axes.set_xlabel(chart.below, fontsize=9, color=FAINT)
    axes.margins(y=0.14)
    axes.set_ylim(bottom=0, top=None if any(any(each.values) for each in chart.series) else 1)


def _totals(chart: Chart) -> list[int]:
    """Of each label, all series together."""
    return [sum(values) for values in zip(*(each.values for each in chart.series), strict=True)]


def _bars(axes: Any, chart: Chart) -> None:
    """Lying bars: for outcomes, which have names."""
    (series,) = chart.series
    labels = [
        textwrap.fill(textwrap.shorten(each, _LETTERS_SHOWN, placeholder="…"), _LETTERS_BESIDE)
        for each in chart.labels
    ]
    places = range(len(labels))
    bars = axes.barh(places, series.values, height=0.66, color=_colors(series))
    axes.bar_label(bars, [str(value) for value in series.values], fontsize=10, color=INK, padding=4)
    axes.set_yticks(places, labels)
    spare = max(0, _LEAST_BARS - len(labels)) / 2
    axes.set_ylim(len(labels) - 0.5 + spare, -0.5 - spare)  # the first is uppermost
    axes.set_xticks([])
    axes.margins(x=0.14)
    axes.set_xlabel(chart.below, fontsize=9, color=FAINT)
