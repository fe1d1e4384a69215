"""What a report says, against what the server knows; what of it is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.associations.values import Association
from backend.bridges.values import Bridge
from backend.programming.values import ReadBack
from device_bridge.wire.report import Outcome, Report, is_simulated

CLOCK = timedelta(days=2)
OLDEST = timedelta(days=60)
"""How far ahead a laptop's clock may be, and how late a report may come; times beyond are not shown."""
STANDARD, PROSUMER = 0, 2
"""The model of a device: table 101, row 18."""
_METERS = {STANDARD: {"primary"}, PROSUMER: {"primary", "production"}}


class ReportRefused(Exception):
    """A report is not what it should be. The argument is a word for the log."""


def check_report(report: Report, association: Association, content: bytes | None) -> None:
    """Check a report about the association's device; `content` is the SHA-256 of the file that it should
    hold. Raises ReportRefused.
    """
    if content is None or report.sha256 != content or report.held not in (None, content):
        raise ReportRefused("another file")
    if report.pod not in (None, association.pod.code):
        raise ReportRefused("another point")
    if is_simulated(report.firmware) and not report.simulated:
        raise ReportRefused("simulated")
    model = STANDARD if association.production_pod is None else PROSUMER
    if report.pod is None:
        if report.held is None or report.outcome is not Outcome.UNREAD:
            raise ReportRefused("nothing was read")
        return
    if report.model != model:
        raise ReportRefused("another model")
    reached = report.links.keys() == _METERS[model] and set(report.links.values()) == {"ok"}
    if report.outcome is Outcome.CONFIRMED and not reached:
        raise ReportRefused("a meter is not reached")
    if report.outcome is Outcome.UNREAD and reached:
        raise ReportRefused("all was read")
    if report.outcome is Outcome.UNPROVED and report.held is not None:
        raise ReportRefused("it is proved")


def read_back_of(report: Report, bridge: Bridge, attempt: int, at: datetime) -> ReadBack:
    """What is kept of a report to be shown, received at this time."""
    right = at - OLDEST < report.began_at <= report.ended_at < at + CLOCK
    return ReadBack(
        outcome=report.outcome.value,
        nid=report.nid,
        pod=report.pod,
        model=report.model,
        firmware=report.firmware[:64],
        links={meter[:16]: said[:32] for meter, said in list(report.links.items())[:4]},
        loader=report.loader[:32],
        sequence=report.sequence,
        sha256=report.sha256.hex(),
        held=None if report.held is None else report.held.hex(),
        simulated=report.simulated,
        host=bridge.host,
        fingerprint=bridge.fingerprint,
        began_at=report.began_at if right else at,
        ended_at=report.ended_at if right else at,
        attempt=attempt,
        clock_wrong=not right,
    )
