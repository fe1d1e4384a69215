"""The charts: which there are, what each shows, and what is said beside it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from backend.bulk.values import RowState
from backend.statistics.drawing import Chart, Series
from backend.statistics.values import CONFIRMATION_AGES, TICKET_AGES, Outcome, Statistics
from conversations.core.context import Say
from conversations.core.prompts import Html, join
from conversations.statistics.wording import (
    associations_line,
    bulk_line,
    confirmations_line,
    tickets_line,
)

CHARTS = ("associations", "bulk", "tickets", "confirmations")
MOST_OUTCOMES = 5
"""Bars of a chart of outcomes; the rest are one more."""
MOST_LINES = 10
_GOOD, _BAD, _REST = 0, 1, 2
_COLORS = {RowState.CREATED: _GOOD, RowState.REFUSED: _BAD, RowState.FAILED: _BAD}


def chart_of(which: str, found: Statistics, say: Say) -> Chart | None:
    """The chart; None where there is nothing to show."""
    match which:
        case "associations":
            chart = _associations(found, say)
        case "bulk":
            chart = _bulk(found, say)
        case "tickets":
            chart = _tickets(found, say)
        case _:
            chart = _confirmations(found, say)
    return chart if any(any(series.values) for series in chart.series) else None


def details(which: str, found: Statistics, say: Say) -> Html:
    """What is said beside the chart."""
    match which:
        case "associations":
            return associations_line(found, say)
        case "bulk":
            lines = [
                say("statistics.outcome", rows=each.rows, outcome=say(f"bulk.outcome.{each.outcome}"))
                for each in found.outcomes[:MOST_LINES]
            ]
            return join([bulk_line(found, say), join(lines)], "\n\n")
        case "tickets":
            return tickets_line(found, say)
        case _:
            return confirmations_line(found, say)


def _associations(found: Statistics, say: Say) -> Chart:
    return Chart(
        title=_plain(say("statistics.chart.associations")),
        labels=tuple(f"{week.monday:%d/%m}" for week in found.weeks),
        series=(
            Series(_plain(say("statistics.created")), tuple(week.created for week in found.weeks), (_GOOD,)),
            Series(_plain(say("statistics.deleted")), tuple(week.deleted for week in found.weeks), (_BAD,)),
        ),
        below=_plain(say("statistics.weeks")),
    )


def _bulk(found: Statistics, say: Say) -> Chart:
    shown, rest = found.outcomes[:MOST_OUTCOMES], found.outcomes[MOST_OUTCOMES:]
    labels = [_plain(say(f"bulk.outcome.{each.outcome}")) for each in shown]
    values, colors = [each.rows for each in shown], [_color(each) for each in shown]
    if rest:
        labels.append(_plain(say("statistics.others")))
        values.append(sum(each.rows for each in rest))
        colors.append(_REST)
    return Chart(
        title=_plain(say("statistics.chart.bulk")),
        labels=tuple(labels),
        series=(Series("", tuple(values), tuple(colors)),),
        lying=True,
        below=_plain(say("statistics.rows", weeks=len(found.weeks))),
    )


def _color(outcome: Outcome) -> int:
    return _COLORS.get(outcome.state, _REST)


def _tickets(found: Statistics, say: Say) -> Chart:
    return Chart(
        title=_plain(say("statistics.chart.tickets")),
        labels=_ages(TICKET_AGES, say),
        series=(
            Series(_plain(say("statistics.assigned")), found.assigned, (_GOOD,)),
            Series(_plain(say("statistics.unassigned")), found.unassigned, (_BAD,)),
        ),
        stacked=True,
        below=_plain(say("statistics.days_open")),
    )


def _confirmations(found: Statistics, say: Say) -> Chart:
    colors = (_GOOD, _GOOD, *(_BAD for _ in found.unconfirmed[2:]))
    return Chart(
        title=_plain(say("statistics.chart.confirmations")),
        labels=_ages(CONFIRMATION_AGES, say),
        series=(Series("", found.unconfirmed, colors),),
        below=_plain(say("statistics.days_associated")),
    )


def _ages(days: Sequence[int], say: Say) -> tuple[str, ...]:
    """The spans of ages in words, by the days that are over: none, from one to two, …, from thirty on."""
    spans = zip((0, *days), (each - 1 for each in days), strict=False)
    between = (f"{first}–{last}" if first < last else str(first) for first, last in spans)
    return (*between, _plain(say("statistics.more_days", days=days[-1])))


def _plain(text: Html) -> str:
    """A text as it is drawn."""
    return html.unescape(text)
