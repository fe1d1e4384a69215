"""What every way to load shares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from device_bridge.transports import Transport

Progress = Callable[[int, int], None]
"""`(bytes loaded, bytes in all)`."""


class LoadFailed(Exception):
    """The device did not take the file. The argument is a word for the log."""


class LineUnsure(Exception):
    """The device was silent, or could not be understood: it may be another one by now. The argument is a word
    for the log.
    """


class HandOver(ABC):
    """A way to load in which the technician uses another program. Its name stands in reports: it never
    changes.
    """

    name: ClassVar[str]

    @abstractmethod
    async def hand_over(self, content: bytes, file_name: str) -> None:
        """Give the file to the technician, and return when they say that it is loaded. Raises LoadFailed."""


class ScpLoader(ABC):
    """A way to load. Its name stands in reports: it never changes."""

    name: ClassVar[str]

    @abstractmethod
    async def load(self, content: bytes, transport: Transport, progress: Progress) -> bytes | None:
        """Load the content over an open transport; what an earlier try has left there is gone on with.

        Returns the SHA-256 that the device gives for what it holds, or None where it gives none. Raises
        LoadFailed or LinkLost, and LineUnsure after any silence: it is called again once the device is
        identified.
        """
