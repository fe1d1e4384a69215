"""Devices as the service knows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class DeviceType(Enum):
    """The kind of a device. The code does not tell it: the register of devices does."""

    MOME = "MOME"
    """The module that is built into another maker's appliance."""
    SMART_INFO = "SMART_INFO"
    """The device that stands by itself."""

    @property
    def product_name(self) -> str:
        """The name that is printed on it."""
        return "MOME" if self is DeviceType.MOME else "Smart Info"


@dataclass(frozen=True, slots=True)
class Device:
    """A device delivered to an integrator. `sid` is 17 characters, `nid` 12 hexadecimal ones."""

    id: int
    sid: str
    nid: str
    type: DeviceType
    integrator_id: int
