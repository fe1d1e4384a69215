"""Why something did not work, as a word that both ends have a sentence for."""

from __future__ import annotations

from dataclasses import dataclass, field

from device_bridge.ab.errors import BadAnswer, DeviceRefused, LinkLost, NoAnswer
from device_bridge.ab.values import Nack
from device_bridge.loaders.loader import LoadFailed
from device_bridge.programmer import (
    OtherContent,
    ProgrammingFailed,
    ReadOtherwise,
    Step,
    WrongDevice,
    WrongEnvelope,
)
from device_bridge.serial_port import PortUnavailable
from device_bridge.wire.errors import EnvelopeError, Expired

WORDS = (
    *(f"port.{word}" for word in ("none", "which", "missing", "busy", "permission", "failed")),
    *(f"device.{word}" for word in ("wrong", "absent", "lost", "silent", "strange")),
    *(f"envelope.{word}" for word in ("device", "pods", "sequence", "expired", "changed")),
    *(f"read.{word}" for word in ("pod", "model", "configuration")),
    *(f"nack.{nack.name}" for nack in Nack),
    "nack.unknown",
    "content.other",
    "load.failed",
    "report.simulated",
    "report.refused",
    "interrupted",
    "busy",
    "gone",
    "failed",
)
"""Every reason: both ends have a sentence for each."""


@dataclass(frozen=True, slots=True)
class Reason:
    """At which step, why (`word` is the text's key), and the values of the text."""

    step: str
    word: str
    values: dict[str, str | int] = field(default_factory=dict)


class NotHere(Exception):
    """No connected device is the one that is wanted. `connected` are the NIDs of those that are there."""

    def __init__(self, expected: str, connected: list[str]) -> None:
        super().__init__(expected)
        self.expected, self.connected = expected, connected


class Busy(Exception):
    """This laptop is doing something with that device already."""


class Gone(Exception):
    """The laptop does not have the job any more."""


def reason_of(error: Exception, step: str = Step.IDENTIFY) -> Reason:
    """The reason of an error that a command or a programming may end with. Raises the error where it is none
    of these: then it is a defect.
    """
    match error:
        case WrongDevice(connected=connected, expected=expected):
            return Reason(Step.IDENTIFY, "device.wrong", {"connected": connected, "expected": expected})
        case NotHere(expected=expected, connected=[connected]):
            return Reason(Step.IDENTIFY, "device.wrong", {"connected": connected, "expected": expected})
        case NotHere(expected=expected):
            return Reason(Step.IDENTIFY, "device.absent", {"expected": expected})
        case WrongEnvelope() as wrong:
            return Reason(Step.CHECK, f"envelope.{wrong}")
        case OtherContent():
            return Reason(Step.LOAD, "content.other")
        case ReadOtherwise(field=field):
            return Reason(Step.READ_BACK, f"read.{field}")
        case ProgrammingFailed():
            return Reason(error.step, "failed")
        case Expired():
            return Reason(Step.CHECK, "envelope.expired")
        case EnvelopeError():
            return Reason(Step.CHECK, "envelope.changed")
        case LoadFailed():
            return Reason(Step.LOAD, "load.failed", {"why": str(error)[:64]})
        case PortUnavailable():
            return Reason(step, f"port.{error.reason}", {"port": str(error.path)[:64]})
        case DeviceRefused(reason=None, code=code):
            return Reason(step, "nack.unknown", {"code": code})
        case DeviceRefused(reason=nack) if nack is not None:
            return Reason(step, f"nack.{nack.name}")
        case LinkLost():
            return Reason(step, "device.lost")
        case NoAnswer():
            return Reason(step, "device.silent")
        case BadAnswer():
            return Reason(step, "device.strange")
        case Busy():
            return Reason(step, "busy")
        case Gone():
            return Reason(step, "gone")
        case _:
            raise error
