"""Rows and verdicts of bulk requests in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Spent
from backend.bulk.values import Row, RowState, Verdict
from backend.core.json_values import from_json
from conversations.core.central import room
from conversations.core.context import Say
from conversations.core.prompts import Html, join

GROUPS_SHOWN = 8
NUMBERS_SHOWN = 10
MARKS = {
    RowState.READY: "✅",
    RowState.LATER: "⏳",
    RowState.WRONG: "⚠️",
    RowState.ALREADY: "🔗",
    RowState.WAITING: "⚪️",
    RowState.CREATED: "✅",
    RowState.REFUSED: "❌",
    RowState.FAILED: "🔁",
}


def file_reason(say: Say, verdict: Verdict) -> Html:
    """Why a file as a whole cannot be read, or checked."""
    if verdict.key == BudgetSpent.key:
        spent = from_json(Spent, verdict.values)
        key = "bulk.over_budget" if spent.until is None else "bulk.budget_spent"
        return say(key, number=spent.number, **room(say, spent))
    return say(f"import.file.{verdict.key}", **verdict.values)


def outcome(say: Say, key: str, values: dict[str, Any]) -> Html:
    """A row's verdict or outcome."""
    owner, _, reason = key.partition(":")
    if owner != "reason":
        return say(f"bulk.outcome.{key}")
    said = say(f"import.reason.{reason}", **{name: each for name, each in values.items() if name != "column"})
    column = str(values.get("column") or "")
    return say("bulk.of_column", column=column, reason=said) if column else said


def counts(say: Say, found: dict[RowState, int], separator: str = "\n") -> Html:
    """A line for each state that rows are in."""
    lines = [
        say(f"bulk.count.{state.value}", number=found[state], mark=MARKS[state])
        for state in RowState
        if found.get(state)
    ]
    return join(lines, separator)


def groups(say: Say, rows: Sequence[Row]) -> Html:
    """Rows with one fault in one line, the most frequent first."""
    found: dict[tuple[str, Any, RowState], list[Row]] = {}
    for row in rows:
        found.setdefault((row.outcome, row.values.get("column"), row.state), []).append(row)
    ordered = sorted(found.values(), key=lambda group: (-len(group), group[0].line))
    lines = [
        say(
            "bulk.group",
            mark=MARKS[group[0].state],
            number=len(group),
            lines=numbers(row.line for row in group),
            fault=_common(say, group),
        )
        for group in ordered[:GROUPS_SHOWN]
    ]
    if len(ordered) > GROUPS_SHOWN:
        lines.append(say("bulk.more_groups", number=len(ordered) - GROUPS_SHOWN))
    return join(lines)


def _common(say: Say, group: Sequence[Row]) -> Html:
    """The fault of rows that differ only in the line that each of them repeats."""
    first = group[0]
    if all(row.values == first.values for row in group):
        return outcome(say, first.outcome, first.values)
    return say(f"bulk.several_of.{first.outcome.partition(':')[2]}", column=first.values.get("column") or "")


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
