"""Rows and verdicts of bulk requests in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from backend.bulk.values import Row, RowState, Verdict
from conversations.core.context import Say
from conversations.core.prompts import Html, join

GROUPS_SHOWN = 8
NUMBERS_SHOWN = 10
MARKS = {
    RowState.READY: "✅",
    RowState.LATER: "⏳",
    RowState.WRONG: "⚠️",
    RowState.ALREADY: "🔗",
    RowState.WAITING: "▫️",
    RowState.CREATED: "✅",
    RowState.REFUSED: "❌",
    RowState.FAILED: "🔁",
}


def file_reason(say: Say, verdict: Verdict) -> Html:
    """Why a file as a whole cannot be read."""
    return say(f"import.file.{verdict.key}", **verdict.values)


def outcome(say: Say, key: str, values: dict[str, Any]) -> Html:
    """A row's verdict or outcome."""
    owner, _, reason = key.partition(":")
    if owner != "reason":
        return say(f"bulk.outcome.{key}")
    said = say(f"import.reason.{reason}", **{name: each for name, each in values.items() if name != "column"})
    column = str(values.get("column") or "")
    return say("bulk.of_column", column=column, reason=said) if column else said


def counts(say: Say, found: dict[RowState, int]) -> Html:
    """A line for each state that rows are in."""
    return join(
        say(f"bulk.count.{state.value}", number=found[state], mark=MARKS[state])
        for state in RowState
        if found.get(state)
    )


def groups(say: Say, rows: Sequence[Row]) -> Html:
    """Rows with one fault in one line, the most frequent first."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(outcome(say, row.outcome, row.values), []).append(row.line)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[1]))
    lines = [
        say("bulk.group", number=len(lines), lines=numbers(lines), fault=Html(fault))
        for fault, lines in ordered[:GROUPS_SHOWN]
    ]
    if len(ordered) > GROUPS_SHOWN:
        lines.append(say("bulk.more_groups", number=len(ordered) - GROUPS_SHOWN))
    return join(lines)


def numbers(lines: Iterable[int]) -> str:
    """Line numbers, neighbours as ranges: `2, 5–8, 11`."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    shown = [str(low) if low == high else f"{low}–{high}" for low, high in ranges[:NUMBERS_SHOWN]]
    return ", ".join(shown) + (", …" if len(ranges) > NUMBERS_SHOWN else "")


def row_line(say: Say, row: Row) -> Html:
    """A row with its outcome in one line."""
    return say(
        "bulk.row",
        line=row.line,
        mark=MARKS[row.state],
        pod=row.pod or "–",
        outcome=outcome(say, row.outcome, row.values),
    )
