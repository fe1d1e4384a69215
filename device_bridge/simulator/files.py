"""The files of a simulated device: the server's side of SMP, group 8, as far as loading needs it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cbor2
from smp import packet
from smp.exceptions import SMPException

_HEADER = struct.Struct(">BBHHBB")
_OP = 0b111
_FILES = 8
_OS, _PARAMETERS = 0, 6
_UNKNOWN, _NO_SUCH_FILE, _NOT_SUPPORTED = 1, 8, 8
BUFFER = 2048
"""Bytes of a message that it takes."""
_VERSION = 0b11000


@dataclass
class SimulatedFiles:
    """A device's files. `whole(content)` is called when one is there entirely."""

    whole: Callable[[bytes], None]
    stored: dict[str, bytes] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    written: int = 0
    """Bytes written, repeated ones included."""
    _arrived: bytearray = field(default_factory=bytearray)
    _decoder: Any = None

    def receive(self, data: bytes) -> bytes:
        """The answers to what has come."""
        self._arrived += data
        answers = b""
        while (end := self._arrived.find(packet.END_DELIMITER)) >= 0:
            line = bytes(self._arrived[: end + 1])
            del self._arrived[: end + 1]
            message = self._read(line)
            if message is not None and len(message) >= _HEADER.size:
                answers += b"".join(packet.encode(self._answer(message)))
        del self._arrived[:-4096]
        return answers

    def lose_power(self) -> None:
        """What is written stays; what was being received is gone."""
        self._arrived.clear()
        self._decoder = None

    def _read(self, line: bytes) -> bytes | None:
        start = line.find(packet.START_DELIMITER)
        if start >= 0:
            self._decoder, line = packet.decode(), line[start:]
            next(self._decoder)
        elif packet.CONTINUE_DELIMITER in line:
            line = line[line.index(packet.CONTINUE_DELIMITER) :]
        if self._decoder is None:
            return None
        try:
            self._decoder.send(line)
        except StopIteration as whole:
            self._decoder = None
            return bytes(whole.value)
        except (SMPException, ValueError, struct.error):
            self._decoder = None
        return None

    def _answer(self, message: bytes) -> bytes:
        op, _, length, group, sequence, command = _HEADER.unpack(message[: _HEADER.size])
        try:
            asked = cbor2.loads(message[_HEADER.size : _HEADER.size + length])
            body = self._do(op & _OP, group, command, asked)
        except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError):
            body = _error(op, group, _UNKNOWN)
        if body is None:
            body = _error(op, group, _NO_SUCH_FILE if group == _FILES else _NOT_SUPPORTED)
        encoded = cbor2.dumps(body)
        return _HEADER.pack(op + 1, 0, len(encoded), group, sequence, command) + encoded

    def _do(self, op: int, group: int, command: int, asked: dict[str, Any]) -> dict[str, Any] | None:
        if (group, op, command) == (_OS, 0, _PARAMETERS):
            return {"buf_size": BUFFER, "buf_count": 1}
        if group != _FILES:
            return None
        name = str(asked["name"])
        held = self.stored.get(name)
        match (op, command):
            case (2, 0):
                return self._write(name, int(asked["off"]), bytes(asked["data"]), asked.get("len"))
            case (0, 1) if held is not None:
                return {"len": len(held)}
            case (0, 2) if held is not None:
                part = held[: asked.get("len") or len(held)]
                return {"type": "sha256", "len": len(part), "output": hashlib.sha256(part).digest()}
        return None

    def _write(self, name: str, offset: int, data: bytes, length: int | None) -> dict[str, Any]:
        if offset == 0:
            self.stored[name], self.lengths[name] = b"", int(length or 0)
        held = self.stored.get(name, b"")
        if offset == len(held):
            self.stored[name] = held + data
            self.written += len(data)
            if len(self.stored[name]) == self.lengths.get(name):
                self.whole(self.stored[name])
        return {"off": len(self.stored.get(name, b""))}


def _error(op: int, group: int, code: int) -> dict[str, Any]:
    return {"err": {"group": group, "rc": code}} if op & _VERSION else {"rc": code}
