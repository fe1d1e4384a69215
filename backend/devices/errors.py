"""What can go wrong with devices.

DeviceError
└── DeviceImportFailed     the file as a whole cannot be loaded; nothing was changed
"""

from __future__ import annotations


class DeviceError(Exception):
    """Root of this package's exceptions."""


class DeviceImportFailed(DeviceError):
    """A file of devices as a whole cannot be loaded. `reason` says why in words for the operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
