"""Ways to a device: bytes there and back."""

from __future__ import annotations

from typing import Protocol


class Transport(Protocol):
    """An open way to a device."""

    async def write(self, data: bytes) -> None:
        """Send all of it. Raises LinkLost."""

    async def read(self, seconds: float) -> bytes:
        """What has come, as soon as there is something; b"" where nothing came in time. Raises LinkLost."""

    async def close(self) -> None:
        """Close it; closing twice does no harm."""
