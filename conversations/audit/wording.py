"""Entries and reports of the audit in words."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import datetime

from backend.audit.values import LookUps
from backend.core.audit.values import AuditRecord
from backend.core.clock import ROME
from backend.supplies.pod import Pod
from backend.supplies.values import LookUpOutcome
from conversations.core.context import Say
from conversations.core.prompts import Html, join

NAME_SHOWN = 40
COLUMNS = (
    "number",
    "at",
    "person",
    "company",
    "action",
    "whom",
    "outcome",
    "pod",
    "association",
    "detail",
    "sealed",
    "correlation",
)
REPORT_COLUMNS = ("company", "vat", "person", "points", "followed", "rest", "share")
_OUTCOMES = {each.value for each in LookUpOutcome}


def entry_lines(say: Say, entry: AuditRecord, *, with_pod: bool) -> Html:
    """An entry in two lines. The POD is masked, and only there where it is not what was searched for."""
    who = _of(say, _person(say, entry), entry.integrator_name)
    parts = [say(f"audit.action.{entry.action.value}")]
    if entry.about_subject is not None:
        parts.append(_name(say, entry.about_name))
    if entry.outcome is not None:
        parts.append(_outcome(say, entry.outcome))
    if entry.detail.get("watched"):
        parts.append(say("audit.watched"))
    if with_pod and entry.point is not None:
        parts.append(say("audit.pod", pod=Pod(entry.point, entry.point).masked))
    return say("audit.entry", at=entry.at, who=who, what=join(parts, " · "))


def _person(say: Say, entry: AuditRecord) -> Html:
    if entry.person_subject is None:
        return say("audit.by_service")
    return _name(say, entry.person_name)


def _name(say: Say, name: str | None) -> Html:
    return say("audit.person", name=name[:NAME_SHOWN]) if name else say("audit.erased")


def _of(say: Say, person: Html, company: str | None) -> Html:
    return say("audit.of", name=person, company=company[:NAME_SHOWN]) if company else person


def _outcome(say: Say, outcome: str) -> Html:
    if outcome in _OUTCOMES:
        return say(f"audit.outcome.{outcome}")
    return say("audit.other_outcome", outcome=outcome)


def cells(say: Say, entry: AuditRecord) -> tuple[str, ...]:
    """An entry as a line of the file."""
    return (
        str(entry.id),
        _moment(entry.at),
        entry.person_name or html.unescape(_person(say, entry)),
        entry.integrator_name or "",
        html.unescape(say(f"audit.action.{entry.action.value}")),
        (entry.about_name or html.unescape(say("audit.erased"))) if entry.about_subject is not None else "",
        html.unescape(_outcome(say, entry.outcome)) if entry.outcome is not None else "",
        entry.point or "",
        str(entry.association_id or ""),
        json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
        str(entry.sequence or ""),
        entry.correlation or "",
    )


def _moment(at: datetime) -> str:
    return at.astimezone(ROME).strftime("%d/%m/%Y %H:%M:%S")


def report_line(say: Say, found: LookUps) -> Html:
    """A person's look-ups in two lines."""
    company = found.integrator.business_name if found.integrator is not None else None
    return say(
        "audit.unused_line",
        who=_of(say, _name(say, found.person_name), company),
        rest=found.rest,
        points=found.points,
        share=found.share,
    )


def report_cells(say: Say, found: LookUps) -> tuple[str, ...]:
    """A person's look-ups as a line of the file."""
    company = found.integrator
    return (
        company.business_name if company is not None else "",
        company.code if company is not None else "",
        found.person_name or html.unescape(say("audit.erased")),
        str(found.points),
        str(found.followed),
        str(found.rest),
        str(found.share),
    )


def headings(say: Say, columns: Sequence[str]) -> list[str]:
    """The first line of a file."""
    return [html.unescape(say(f"audit.column.{column}")) for column in columns]
