"""A simulated device on a pseudo-terminal: programs open its path as they open a serial port. POSIX only."""

from __future__ import annotations

import asyncio
import os
import tty
from contextlib import suppress
from typing import Self

from device_bridge.simulator.device import SimulatedDevice


class PtyDevice:
    """Serves a device on a pseudo-terminal until it is closed. Use as an async context manager."""

    def __init__(self, device: SimulatedDevice) -> None:
        self.device = device
        self.path = ""
        self._master = self._slave = -1

    async def __aenter__(self) -> Self:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        asyncio.get_running_loop().add_reader(self._master, self._answer)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.unplug()

    def unplug(self) -> None:
        """The cable is pulled: whoever has the port open learns it."""
        if self._master < 0:
            return
        asyncio.get_running_loop().remove_reader(self._master)
        for end in (self._master, self._slave):
            os.close(end)
        self._master = self._slave = -1

    def _answer(self) -> None:
        with suppress(OSError):
            answer = self.device.receive(os.read(self._master, 4096))
            while answer:
                answer = answer[os.write(self._master, answer) :]
