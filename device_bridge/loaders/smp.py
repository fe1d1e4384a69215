"""The reference protocol, which is not the vendor's: SMP, the Simple Management Protocol of Zephyr, group 8
(files), over the serial framing of its console.
"""

from __future__ import annotations

import hashlib
import logging
import struct

from smp import packet
from smp.exceptions import SMPException
from smpclient import SMPClient
from smpclient.exceptions import SMPBadSequence, SMPUploadError, SMPValidationException
from smpclient.generics import success
from smpclient.requests.file_management import FileHashChecksum, FileStatus, FileUpload
from smpclient.transport import SMPTransport

from device_bridge.loaders.loader import LineUnsure, LoadFailed, Progress, ScpLoader
from device_bridge.transports import Transport

# Their messages name what was sent, which is the secret content of a file.
for _library in ("smp", "smpclient"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)

PATH = "/lfs1/device.scp"
LINE = 127
"""Bytes of a line of the console."""
BUFFER = 2048
"""Bytes of a message that the device takes."""
ANSWER_SECONDS = 2.5
_GARBLED = (TimeoutError, SMPBadSequence, SMPValidationException, SMPException, ValueError, struct.error)
_AROUND = 4  # length and CRC of a packet


class SmpLoader(ScpLoader):
    """Uploads the file, goes on where an earlier upload stopped, and asks for its SHA-256."""

    name = "smp-reference"

    def __init__(self, answer_seconds: float = ANSWER_SECONDS, buffer: int = BUFFER) -> None:
        self._answer_seconds = answer_seconds
        self._buffer = buffer

    async def load(self, content: bytes, transport: Transport, progress: Progress) -> bytes | None:
        client = SMPClient(_Console(transport, self._buffer), PATH, self._answer_seconds)
        try:
            return await self._load(client, content, progress)
        except _GARBLED as error:
            raise LineUnsure(type(error).__name__) from error
        except SMPUploadError as error:
            raise LoadFailed("refused") from error

    async def _load(self, client: SMPClient, content: bytes, progress: Progress) -> bytes:
        offset = await self._offset(client, content)
        progress(offset, len(content))
        while offset < len(content):
            empty = FileUpload(name=PATH, off=offset, data=b"", len=len(content) if offset == 0 else None)
            _, size = client.get_max_cbor_and_data_size(empty)
            part = content[offset : offset + size]
            answer = await client.request(
                FileUpload(name=PATH, off=offset, data=part, len=len(content) if offset == 0 else None)
            )
            if not success(answer):
                raise SMPUploadError(answer)
            if not 0 <= answer.off <= len(content):
                raise LoadFailed("offset")
            if answer.off <= offset:  # it wants something again
                left = await self._offset(client, content)
                if left <= offset:
                    raise LoadFailed("stuck")
                offset = left
            else:
                offset = answer.off
            progress(offset, len(content))
        digest = await self._digest(client, len(content))
        if digest is None:
            raise LoadFailed("no digest")
        return digest

    async def _offset(self, client: SMPClient, content: bytes) -> int:
        """How much of this very content is there already."""
        status = await client.request(FileStatus(name=PATH))
        if not success(status) or not 0 < status.len <= len(content):
            return 0
        same = hashlib.sha256(content[: status.len]).digest()
        return status.len if await self._digest(client, status.len) == same else 0

    async def _digest(self, client: SMPClient, length: int) -> bytes | None:
        answer = await client.request(FileHashChecksum(name=PATH, type="sha256", len=length))
        return answer.output if success(answer) and isinstance(answer.output, bytes) else None


class _Console(SMPTransport):
    """SMP messages in lines of the console, over a transport that is open already."""

    def __init__(self, transport: Transport, buffer: int) -> None:
        self._transport = transport
        self._smp_server_transport_buffer_size = buffer
        self._arrived = bytearray()

    async def connect(self, address: str, timeout_s: float) -> None:
        """It is open."""

    async def disconnect(self) -> None:
        """Whoever opened it closes it."""

    async def send(self, data: bytes) -> None:
        self._arrived.clear()  # an answer to what was asked before
        await self._transport.write(b"".join(packet.encode(data, line_length=LINE)))

    async def receive(self) -> bytes:
        decoder = packet.decode()
        next(decoder)
        while True:
            line = await self._line()
            try:
                decoder.send(line)
            except StopIteration as whole:
                return bytes(whole.value)

    async def send_and_receive(self, data: bytes) -> bytes:
        await self.send(data)
        return await self.receive()

    @property
    def mtu(self) -> int:
        return LINE

    @property
    def max_unencoded_size(self) -> int:
        return self._buffer_size() - _AROUND

    def _buffer_size(self) -> int:
        return self._smp_server_transport_buffer_size or LINE

    async def _line(self) -> bytes:
        """The next line that is part of a packet; everything else on the port is skipped."""
        while True:
            while (end := self._arrived.find(packet.END_DELIMITER)) >= 0:
                line = bytes(self._arrived[: end + 1])
                del self._arrived[: end + 1]
                for begin in (packet.START_DELIMITER, packet.CONTINUE_DELIMITER):
                    if begin in line:
                        return line[line.index(begin) :]
            self._arrived += await self._transport.read(60.0)
