"""A wire to a simulated device, with faults where a test wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from device_bridge.ab.errors import LinkLost
from device_bridge.simulator.device import SimulatedDevice

Spoil = Callable[[int, bytes], bytes]
"""`(number of the frame, its bytes)`: what arrives of it."""


def whole(number: int, data: bytes) -> bytes:
    """Nothing is spoilt."""
    return data


def spoiling(device: SimulatedDevice, way: str, spoil: Spoil) -> Wire:
    """A wire that spoils one way: "there" or "back"."""
    return Wire(device, there=spoil) if way == "there" else Wire(device, back=spoil)


class Wire:
    """A transport. `there` and `back` spoil what is sent; after `cut` bytes of both ways it breaks."""

    def __init__(
        self, device: SimulatedDevice, *, there: Spoil = whole, back: Spoil = whole, cut: int | None = None
    ) -> None:
        self.device = device
        self.there, self.back = there, back
        self.cut = cut
        self.sent = self.received = 0
        """Frames."""
        self.bytes = 0
        self._arrived = bytearray()
        self._news = asyncio.Event()

    async def write(self, data: bytes) -> None:
        arrived = self._pass(self.there(self.sent, data))
        self.sent += 1
        answer = self.device.receive(arrived)
        if answer:
            spoilt = self.back(self.received, answer)
            self.received += 1
            self._arrived += self._pass(spoilt, loses=True)
            self._news.set()

    def deliver(self, data: bytes) -> None:
        """These bytes come late."""
        self._arrived += data
        self._news.set()

    async def read(self, seconds: float) -> bytes:
        if not self._arrived:
            if self.cut == 0:
                raise LinkLost
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait()
            except TimeoutError:
                return b""
        data, self._arrived = bytes(self._arrived), bytearray()
        self._news.clear()
        return data

    async def close(self) -> None:
        self.cut = 0

    def _pass(self, data: bytes, *, loses: bool = False) -> bytes:
        """What gets through before the wire breaks."""
        if self.cut is None:
            self.bytes += len(data)
            return data
        through = data[: self.cut]
        self.bytes += len(through)
        self.cut -= len(through)
        if len(through) < len(data) and not loses:
            raise LinkLost
        return through
