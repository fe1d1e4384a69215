"""Frames of the AB protocol, big-endian, without byte stuffing:

    F7 | LEN | SRC | DST | ATTR | DATA (0 to 57 bytes) | SUM16

LEN counts SRC, DST, ATTR and DATA. SUM16 is their sum modulo 65536. F7 can stand inside of DATA, so a frame
is found by its length and its sum, never by F7 alone.
"""

from __future__ import annotations

from dataclasses import dataclass

START = 0xF7
MOST_DATA = 57
DEVICE = 127
"""The address of the device."""
NO_ADDRESS = 0
"""The address of an additional block that has been given none yet."""
MOST_ADDRESS = 127
_HEAD = 3  # SRC, DST, ATTR
_AROUND = 4  # F7, LEN, SUM16


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame. Addresses are 0 to 127, the attribute 0 to 255. Raises ValueError for anything else."""

    source: int
    destination: int
    attribute: int
    data: bytes = b""

    def __post_init__(self) -> None:
        if not (0 <= self.source <= MOST_ADDRESS and 0 <= self.destination <= MOST_ADDRESS):
            raise ValueError("an address is 0 to 127")
        if not 0 <= self.attribute <= 255:
            raise ValueError("an attribute is one byte")
        if len(self.data) > MOST_DATA:
            raise ValueError("a frame holds 57 bytes of data at most")

    def encode(self) -> bytes:
        """The bytes on the wire."""
        body = bytes((self.source, self.destination, self.attribute)) + self.data
        return bytes((START, len(body))) + body + (sum(body) % 65536).to_bytes(2, "big")


class FrameReader:
    """Finds frames in a stream of bytes, whatever noise is between them.

    What looks like the head of a long frame may be noise, and hide a whole frame behind it until more bytes
    come. Who has waited long enough calls `give_up`.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.skipped = 0
        """Bytes that were part of no frame."""

    def feed(self, received: bytes) -> list[Frame]:
        """Take what was received. Returns the frames that are whole by now."""
        self._bytes += received
        return self._frames()

    def give_up(self) -> list[Frame]:
        """Wait no longer for the rest of a frame. Returns the frames found behind its beginning."""
        found = []
        while self._bytes:
            self._skip(1)
            found += self._frames()
        return found

    def _frames(self) -> list[Frame]:
        found = []
        while self._bytes:
            begin = self._bytes.find(START)
            self._skip(begin if begin >= 0 else len(self._bytes))
            if len(self._bytes) < 2:
                break
            length = self._bytes[1]
            if not _HEAD <= length <= _HEAD + MOST_DATA:
                self._skip(1)
                continue
            if len(self._bytes) < length + _AROUND:
                break
            body = bytes(self._bytes[2 : 2 + length])
            frame = _read(body, bytes(self._bytes[2 + length : length + _AROUND]))
            if frame is None:
                self._skip(1)
                continue
            del self._bytes[: length + _AROUND]
            found.append(frame)
        return found

    def _skip(self, number: int) -> None:
        del self._bytes[:number]
        self.skipped += number


def _read(body: bytes, checksum: bytes) -> Frame | None:
    if sum(body) % 65536 != int.from_bytes(checksum, "big"):
        return None
    try:
        return Frame(body[0], body[1], body[2], body[3:])
    except ValueError:
        return None
