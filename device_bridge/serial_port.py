"""A device on a serial port. pyserial blocks, so it reads in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import serial
from serial.tools import list_ports

from device_bridge.ab.errors import LinkLost

BAUD = 57600
"""Smart Info: 57600 8N1, no flow control. A MOME's settings are not public: the same are tried."""
_READ_SECONDS = 0.2
_BY_ID = Path("/dev/serial/by-id")


class PortUnavailable(Exception):
    """The port cannot be opened. `reason` says why: `missing`, `busy`, `permission` or `failed`."""

    def __init__(self, reason: str, path: str) -> None:
        super().__init__(reason, path)
        self.reason, self.path = reason, path


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port. `path` stays the same when cables move, where the system has such names."""

    path: str
    description: str
    hardware: str


def ports() -> list[Port]:
    """The serial ports of this machine, USB devices first."""
    found = sorted(list_ports.comports(), key=lambda each: (each.vid is None, each.device))
    return [
        Port(
            _stable(each.device), each.description or "", f"{each.vid:04X}:{each.pid:04X}" if each.vid else ""
        )
        for each in found
    ]


def _stable(path: str) -> str:
    if not _BY_ID.is_dir():
        return path
    target = Path(path).resolve()
    return next((str(link) for link in sorted(_BY_ID.iterdir()) if link.resolve() == target), path)


class SerialTransport:
    """An open port, for nobody else while it is open."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._arrived = bytearray()
        self._news = asyncio.Event()
        self._lost = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="serial-reader", daemon=True)
        self._thread.start()

    @classmethod
    async def open(cls, path: str) -> Self:
        """Open a port. Raises PortUnavailable."""
        try:
            port = await asyncio.to_thread(
                serial.Serial, path, BAUD, timeout=_READ_SECONDS, write_timeout=2.0, exclusive=True
            )
        except serial.SerialException as error:
            raise PortUnavailable(_why(error), path) from error
        return cls(port)

    async def write(self, data: bytes) -> None:
        """Send all of it. Raises LinkLost."""
        if self._lost:
            raise LinkLost
        try:
            await asyncio.to_thread(self._port.write, data)
        except (serial.SerialException, OSError) as error:
            self._break()
            raise LinkLost from error

    async def read(self, seconds: float) -> bytes:
        """What has come; b"" where nothing came in time. Raises LinkLost."""
        if not self._arrived and not self._lost:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._news.wait()
        data, self._arrived = bytes(self._arrived), bytearray()
        self._news.clear()
        if not data and self._lost:
            raise LinkLost
        return data

    async def close(self) -> None:
        """Close the port; closing twice does no harm."""
        self._closing.set()
        with suppress(serial.SerialException, OSError, AttributeError):
            self._port.cancel_read()
        await asyncio.to_thread(self._thread.join)
        with suppress(serial.SerialException, OSError):
            await asyncio.to_thread(self._port.close)
        self._lost = True

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                data = self._port.read(max(1, self._port.in_waiting))
            except (serial.SerialException, OSError, TypeError):  # pulled out; TypeError: closed meanwhile
                break
            if data:
                self._loop.call_soon_threadsafe(self._took, data)
        with suppress(RuntimeError):  # the loop is over
            self._loop.call_soon_threadsafe(self._break)

    def _took(self, data: bytes) -> None:
        self._arrived += data
        self._news.set()

    def _break(self) -> None:
        self._lost = True
        self._news.set()


def _why(error: serial.SerialException) -> str:
    text, number = str(error).lower(), error.errno
    # Windows: pyserial quotes the exception, in the system's language; "denied" is "in use" there.
    if "permissionerror(13" in text:
        return "busy"
    if "filenotfounderror(2" in text:
        return "missing"
    if number == 2 or "no such file" in text or "cannot find" in text:
        return "missing"
    if number == 13 or "permission" in text:
        return "permission"
    if number in (11, 16) or "busy" in text or "exclusively lock" in text or "access is denied" in text:
        return "busy"
    return "failed"
