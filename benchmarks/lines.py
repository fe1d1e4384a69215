"""Bytes on the serial line: what the bridge needs, beside the least that the framing allows.

The least is computed here from the rules of the frames, with none of the bridge's own code: each block of a
log once and its acknowledgement once; of an upload only the requests that carry the content. What a bridge
sends beside that (enrolment, questions, the digest) counts against it.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime

from benchmarks.figures import Figure, beside
from device_bridge.ab.errors import LinkLost
from device_bridge.ab.session import AbSession
from device_bridge.ab.values import LogKind
from device_bridge.loaders.smp import SmpLoader
from device_bridge.simulator.device import Configuration, SimulatedDevice
from sandbox import showcase

KIB = 1024
CONTENTS = (1 * KIB, 16 * KIB, 64 * KIB)
GOAL = 0.97

# The AB protocol: F7 | LEN | SRC | DST | ATTR | DATA (57 bytes at most) | SUM16.
_AROUND = 7
_MOST_DATA = 57
_SAMPLE = 9  # five bytes of time, four of energy
_BLOCK_HEAD = 3  # kind, number of the block, number of blocks
_ACK = _AROUND + 1

# SMP over a serial console: lines of 127 bytes, of which two begin and one ends each; in them, in base64, the
# message's length, the message and its CRC.
_LINE = 127
_LINE_ENDS = 3
_LENGTH, _CRC = 2, 2
_HEADER = 8
_BUFFER = 2048
_PATH = "/lfs1/device.scp"


async def figures() -> list[Figure]:
    """Measure both protocols on a simulated device."""
    return [await _log(), *[each for size in CONTENTS for each in await _upload(size)]]


class CountedLine:
    """A transport to a simulated device that answers at once. It counts the bytes of both ways."""

    def __init__(self, device: SimulatedDevice) -> None:
        self.sent = self.received = 0
        self._device = device
        self._arrived = b""

    async def write(self, data: bytes) -> None:
        """See `Transport`."""
        self.sent += len(data)
        self._arrived += self._device.receive(data)

    async def read(self, seconds: float) -> bytes:
        """See `Transport`."""
        if not self._arrived:
            raise LinkLost  # nothing more will ever come
        data, self._arrived = self._arrived, b""
        self.received += len(data)
        return data

    async def close(self) -> None:
        """See `Transport`."""


def least_for_log(samples: int) -> int:
    """The bytes of both ways without which so many samples cannot be had."""
    blocks = math.ceil(samples / ((_MOST_DATA - _BLOCK_HEAD) // _SAMPLE))
    return samples * _SAMPLE + blocks * (_AROUND + _BLOCK_HEAD + _ACK)


def least_for_upload(size: int) -> int:
    """The bytes of the requests that carry a content: as few as the buffer allows, each as full as can be."""
    total = offset = 0
    while offset < size:
        most = _BUFFER - _LENGTH - _CRC - _HEADER
        part = size - offset
        while (body := _upload_body(offset, part, size)) > most:
            part -= max(1, body - most - 4)  # the head of the data may shrink too, by four bytes at most
        total += _on_line(body)
        offset += part
    return total


def least_for_questions() -> int:
    """The bytes of the two other requests: how much is there, and which SHA-256 it has."""
    name = _text("name") + _text(_PATH)
    return _on_line(1 + name) + _on_line(1 + name + _text("type") + _text("sha256"))


def _upload_body(offset: int, part: int, size: int) -> int:
    """Bytes of the CBOR map of an upload; the first one tells the length of the whole."""
    fields = _text("name") + _text(_PATH) + _text("off") + _head(offset) + _text("data") + _head(part) + part
    return 1 + fields + (_text("len") + _head(size) if offset == 0 else 0)


def _head(number: int) -> int:
    """Bytes of the head of a CBOR item: an integer's value, a string's length."""
    return 1 if number < 24 else 2 if number < 1 << 8 else 3 if number < 1 << 16 else 5


def _text(text: str) -> int:
    return _head(len(text)) + len(text)


def _on_line(body: int) -> int:
    """Bytes of a message with this body, in its lines."""
    encoded = math.ceil((_LENGTH + _HEADER + body + _CRC) / 3) * 4
    return encoded + math.ceil(encoded / ((_LINE - _LINE_ENDS) // 4 * 4)) * _LINE_ENDS


async def _log() -> Figure:
    at = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001 - the meter's local time
    nid = bytes.fromhex(showcase.nid("MOME", 1))
    device = SimulatedDevice(nid, Configuration(showcase.pod_number(1)), now=lambda: at)
    line = CountedLine(device)
    session = AbSession(line)
    await session.open()
    samples = len((await session.log(LogKind.IMPORT)).samples)
    least, taken, payload = least_for_log(samples), line.sent + line.received, samples * _SAMPLE
    name = f"AB, ten-day log of {samples} samples: bytes on the line for one of payload"
    return beside(name, taken / payload, "bytes", "least", least / taken, GOAL)


async def _upload(size: int) -> list[Figure]:
    line = CountedLine(SimulatedDevice(bytes.fromhex(showcase.nid("MOME", 1))))
    content = bytes(size)
    digest = await SmpLoader(buffer=_BUFFER).load(content, line, lambda done, of: None)
    if digest != hashlib.sha256(content).digest():
        raise RuntimeError("the device holds something else")
    least = least_for_upload(size)
    name = f"SMP, {size // KIB} KiB: bytes sent for one of payload"
    asked = (least + least_for_questions()) / line.sent
    return [
        beside(name, line.sent / size, "bytes", "least for the content", least / line.sent, GOAL),
        beside(
            f"{name}, its two questions allowed", line.sent / size, "bytes", "least with them", asked, GOAL
        ),
    ]
