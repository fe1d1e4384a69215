"""What can go wrong between the laptop and the device.

DeviceError
├── LinkLost         the cable, the port
├── NoAnswer         the device says nothing, or nothing that can be read
├── BadAnswer        the device's answer makes no sense
└── DeviceRefused    the device says no, and why
"""

from __future__ import annotations

from device_bridge.ab.values import Nack


class DeviceError(Exception):
    """The device cannot be spoken to, or refuses."""


class LinkLost(DeviceError):
    """The port is gone: the cable was pulled, or the device lost power."""


class NoAnswer(DeviceError):
    """The device did not answer in time, however often it was asked."""


class BadAnswer(DeviceError):
    """The answer has not the form that it should have."""


class DeviceRefused(DeviceError):
    """The device refused. `code` is the reason's number, `reason` its name where it is known."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.reason = Nack(code) if code in set(Nack) else None
        super().__init__(self.reason.name if self.reason is not None else f"code {code}")
