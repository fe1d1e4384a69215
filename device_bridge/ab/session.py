"""A conversation with a device: enrol, get an address, then ask.

The device says nothing to a frame with a bad sum, and answers can be lost too, so each request is repeated.
An answer is taken only for the request under way; what comes late for an earlier one is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from device_bridge.ab.errors import BadAnswer, DeviceRefused, NoAnswer
from device_bridge.ab.frames import DEVICE, NO_ADDRESS, Frame, FrameReader
from device_bridge.ab.values import (
    APPLICATION,
    Attribute,
    DeviceInfo,
    Diagnostic,
    Led,
    Log,
    LogKind,
    Meter,
    Row,
    RowValue,
    Sample,
    read_moment,
)
from device_bridge.transports import Transport

ANSWER_SECONDS = 1.0
TRIES = 4
RELEASE = b"A486 BRIDGE1"
SERIAL = b"A486-BRIDGE-0001"
_SAMPLE = 9
_MOST_LATE = 64
"""Reads of what nobody waits for: a port that never falls silent is none of a device."""
_DONE = 0
"""The result byte of what went well."""
_ACCEPTED = 2


class AbSession:
    """A conversation over an open transport. Every request raises LinkLost, NoAnswer, BadAnswer or
    DeviceRefused.
    """

    def __init__(
        self, transport: Transport, *, answer_seconds: float = ANSWER_SECONDS, tries: int = TRIES
    ) -> None:
        self._transport = transport
        self._answer_seconds = answer_seconds
        self._tries = tries
        self._reader = FrameReader()
        self._address = NO_ADDRESS
        self._found: list[Frame] = []
        self._owed = False
        """An answer to a request that was repeated, or given up, may still come."""

    async def open(self) -> None:
        """Enrol and get an address. May be repeated: the device forgets it when it loses power."""
        self._address = NO_ADDRESS
        enrolled = await self._ask(Attribute.ENROL, APPLICATION + RELEASE + SERIAL, Attribute.ENROLLED)
        if enrolled.data != APPLICATION + bytes((_ACCEPTED,)):
            raise BadAnswer("the device did not enrol us")
        given = await self._ask(Attribute.ADDRESS, APPLICATION, Attribute.ADDRESS_GIVEN)
        if len(given.data) != len(APPLICATION) + 1 or not 0 < given.data[-1] < DEVICE:
            raise BadAnswer("the device gave no address")
        self._address = given.data[-1]

    async def info(self) -> DeviceInfo:
        """Who the device is."""
        data = (await self._ask(Attribute.INFO, bytes(1), Attribute.INFO_GIVEN)).data
        if len(data) != 26:
            raise BadAnswer("device information of a wrong length")
        return DeviceInfo(
            firmware=_text(data[1:9]),
            nid=data[9:15].hex().upper(),
            modem_software=_text(data[15:23]),
            modem_firmware=int.from_bytes(data[23:25], "big"),
            kind=data[25],
        )

    async def row(self, row: Row) -> RowValue:
        """A row of a table."""
        place = bytes((row.table - 100, row.row))
        data = (await self._ask(Attribute.READ, place, Attribute.ROW, lambda it: it[:2] == place)).data
        if len(data) < 9:
            raise BadAnswer("a row without a value")
        return RowValue(data[2:-6], read_moment(data[-6:-3], data[-3:]))

    async def check_link(self, meter: Meter) -> None:
        """Can the device reach this meter? DeviceRefused says why not."""
        await self._ask(Attribute.LINK_CHECK, bytes((meter,)), Attribute.ACK)

    async def show(self, led: Led) -> None:
        """Set the LED."""
        await self._ask(Attribute.LED, bytes((led,)), Attribute.ACK)

    async def diagnostics(self, *rows: Row) -> list[Diagnostic]:
        """The notifications in these rows."""
        found = []
        for row in rows:
            value = (await self.row(row)).value
            for begin in range(0, len(value) - 5, 6):
                kind, code, number = value[begin], value[begin + 1], value[begin + 2 : begin + 6]
                if kind:
                    found.append(Diagnostic(kind, code, int.from_bytes(number, "big")))
        return found

    async def clear_diagnostics(self) -> None:
        """Have the device forget its diagnostics."""
        await self._ask(Attribute.CLEAR_DIAGNOSTICS, bytes(1), Attribute.ACK)

    async def log(self, kind: LogKind, progress: Callable[[int, int], None] | None = None) -> Log:
        """The log of about ten days. `progress(block, blocks)` hears of each block."""
        for left in range(self._tries - 1, -1, -1):
            try:
                return await self._log(kind, progress)
            except (NoAnswer, BadAnswer):
                if not left:
                    raise
        raise NoAnswer  # pragma: no cover - the loop ends by return or raise

    async def _log(self, kind: LogKind, progress: Callable[[int, int], None] | None) -> Log:
        head = (await self._ask(Attribute.LOG, bytes((kind,)), Attribute.LOG_HEAD)).data
        if len(head) != 13 or head[8] != kind:
            raise BadAnswer("the head of another log")
        number, minutes = int.from_bytes(head[5:7], "big"), head[7]
        samples: list[Sample] = []
        block = 0
        while len(samples) < number:
            data = await self._block(kind, block + 1)
            blocks, block = data[2], data[1]
            samples += [_sample(data[at : at + _SAMPLE]) for at in range(3, len(data), _SAMPLE)]
            if progress is not None:
                progress(block, blocks)
            if block == blocks:
                break
        if len(samples) != number:
            raise BadAnswer("the log has another number of samples than it said")
        return Log(kind, minutes, tuple(samples))

    async def _block(self, kind: LogKind, expected: int) -> bytes:
        """The next block, acknowledged. One that came before is acknowledged again, and left."""
        for _ in range(self._tries):
            frame = await self._next(lambda it: it.attribute == Attribute.LOG_BLOCK)
            if frame is None:
                await self._send(Attribute.BLOCK_NACK, bytes(1))
                continue
            data = frame.data
            if len(data) < 3 or data[0] != kind or (len(data) - 3) % _SAMPLE:
                raise BadAnswer("a block of another log")
            await self._send(Attribute.BLOCK_ACK, bytes(1))
            if data[1] == expected:
                return data
            if data[1] > expected:
                raise BadAnswer("a block is missing")
        raise NoAnswer("the log stopped")

    async def _ask(
        self,
        attribute: Attribute,
        data: bytes,
        answer: Attribute,
        is_it: Callable[[bytes], bool] = lambda data: True,
    ) -> Frame:
        if self._owed:  # it must not pass for the answer to this one
            await self._hear_out()
        for attempt in range(self._tries):
            self._owed = attempt > 0
            self._found.clear()
            await self._send(attribute, data)
            frame = await self._next(
                lambda it: it.attribute == Attribute.NACK or (it.attribute == answer and is_it(it.data))
            )
            if frame is None:
                continue
            if frame.attribute != Attribute.NACK:
                return frame
            if len(frame.data) != 1:
                raise BadAnswer("a refusal without a reason")
            raise DeviceRefused(frame.data[0])
        self._owed = True
        raise NoAnswer(f"no answer to {attribute.name}")

    async def _hear_out(self) -> None:
        """Leave what comes, until the device has been silent for as long as an answer takes."""
        for _ in range(_MOST_LATE):
            if not await self._transport.read(self._answer_seconds):
                break
        self._reader = FrameReader()
        self._owed = False

    async def _send(self, attribute: Attribute, data: bytes) -> None:
        await self._transport.write(Frame(self._address, DEVICE, attribute, data).encode())

    async def _next(self, wanted: Callable[[Frame], bool]) -> Frame | None:
        """The next frame for us that is wanted; None where none comes in time."""
        until = time.monotonic() + self._answer_seconds
        while True:
            while self._found:
                frame = self._found.pop(0)
                if (frame.source, frame.destination) == (DEVICE, self._address) and wanted(frame):
                    return frame
            left = until - time.monotonic()
            received = await self._transport.read(left) if left > 0 else b""
            self._found += self._reader.feed(received) if received else self._reader.give_up()
            if left <= 0 and not self._found:
                return None


def _text(value: bytes) -> str:
    return value.rstrip(b"\0 ").decode("ascii", "replace").replace("�", "?")


def _sample(data: bytes) -> Sample:
    try:
        at = datetime(2000 + data[0], data[1], data[2], data[3], data[4])  # noqa: DTZ001 - the meter's local time
    except ValueError as error:
        raise BadAnswer("a sample without a time") from error
    return Sample(at, int.from_bytes(data[5:], "big"))
