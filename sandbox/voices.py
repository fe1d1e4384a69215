"""A voice message of a few milliseconds: silence as Opus in Ogg, made here so that no recording is needed."""

from __future__ import annotations

import struct
from functools import cache

_SERIAL = 1
_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
_TAGS = b"OpusTags" + struct.pack("<I", 4) + b"a486" + struct.pack("<I", 0)
_SILENT_PACKET = b"\xf8\xff\xfe"
_FIRST, _LAST = 2, 4


@cache
def silence() -> bytes:
    """The bytes of the message."""
    return _page(0, _FIRST, 0, _HEAD) + _page(1, 0, 0, _TAGS) + _page(2, _LAST, 960, _SILENT_PACKET)


def _page(number: int, flags: int, position: int, packet: bytes) -> bytes:
    lacing = bytes([len(packet)])

    def page(check: int) -> bytes:
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, _SERIAL, number, check, len(lacing))
        return head + lacing + packet

    return page(_check(page(0)))


def _check(page: bytes) -> int:
    """Ogg's check sum: CRC-32, not reflected, from zero."""
    check = 0
    for octet in page:
        check ^= octet << 24
        for _ in range(8):
            check = ((check << 1) ^ 0x04C11DB7 if check & 0x80000000 else check << 1) & 0xFFFFFFFF
    return check
