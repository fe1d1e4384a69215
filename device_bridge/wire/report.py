"""The report of a programming: what a bridge has done and read, signed by the bridge.

It says what this laptop read, not more: the AB protocol does not authenticate a device. The payload is a
CBOR map with the names of `Report`'s fields; times are whole seconds since the Unix epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import cbor2

from device_bridge.wire.cose import Signer, exactly, load, sign, verified
from device_bridge.wire.errors import Malformed
from device_bridge.wire.signing import TrustedKeys

FORMAT = "a486-programming-report-1"
_KINDS: dict[str, type[Any]] = {
    **dict.fromkeys(("job", "outcome", "sid", "nid", "loader", "firmware"), str),
    "attempt": int,
    "sequence": int,
    "sha256": bytes,
    "simulated": bool,
}
_MAY_BE_NONE: dict[str, type[Any]] = {"held": bytes, "pod": str, "model": int}


class Outcome(StrEnum):
    """What came of it."""

    CONFIRMED = "confirmed"
    """The device holds the file, and everything that was read back is as it should be."""
    UNREAD = "unread"
    """The device holds the file; its meter cannot be read yet, or not all of it."""
    UNPROVED = "unproved"
    """What was read is as it should be, but it was so before, and the device cannot say what it holds:
    whether the file was loaded by hand is not known.
    """


@dataclass(frozen=True, slots=True)
class Report:
    """What was done and read. `sha256` is of the content, `held` what the device says of what it holds (None
    where it cannot say). `attempt` counts the tries of the job, those that were cut off included. `links`
    says of each meter "ok" or why it was not reached.
    """

    job: str
    attempt: int
    outcome: Outcome
    sid: str
    nid: str
    sequence: int
    loader: str
    sha256: bytes
    held: bytes | None
    pod: str | None
    model: int | None
    firmware: str
    links: dict[str, str]
    simulated: bool
    began_at: datetime
    ended_at: datetime


SIMULATED = "A486SIM"
"""How the firmware of a simulated device begins."""


def is_simulated(firmware: str) -> bool:
    """True for a simulated device."""
    return firmware.startswith(SIMULATED)


def seal_report(report: Report, signer: Signer) -> bytes:
    """The signed report."""
    payload = {name: getattr(report, name) for name in Report.__slots__}
    payload |= {
        "format": FORMAT,
        "outcome": report.outcome.value,
        "began_at": int(report.began_at.timestamp()),
        "ended_at": int(report.ended_at.timestamp()),
    }
    return sign(cbor2.dumps(payload, canonical=True), signer)


def open_report(data: bytes, trusted_keys: TrustedKeys) -> Report:
    """Check a report and return it. Raises Malformed, UnknownKey or BadSignature."""
    payload, _ = verified(data, trusted_keys)
    try:
        fields = dict(load(payload))
        if fields.pop("format") != FORMAT:
            raise Malformed("another format")
        if fields.keys() != set(Report.__slots__):
            raise Malformed("it says more or less than is known")
        for name, kind in _KINDS.items():
            exactly(kind, fields[name])
        for name, kind in _MAY_BE_NONE.items():
            if fields[name] is not None:
                exactly(kind, fields[name])
        links = {exactly(str, meter): exactly(str, said) for meter, said in dict(fields["links"]).items()}
        times = {
            name: datetime.fromtimestamp(exactly(int, fields[name]), UTC) for name in ("began_at", "ended_at")
        }
        return Report(**{**fields, **times, "links": links, "outcome": Outcome(fields["outcome"])})
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Malformed("a field is missing or of another kind") from error
