"""The simulated device takes files from a client that is not ours: smpclient as it comes."""

from __future__ import annotations

import hashlib

import pytest
from smpclient import SMPClient
from smpclient.generics import success
from smpclient.requests.file_management import FileHashChecksum, FileStatus
from smpclient.transport.serial import SMPSerialTransport

from device_bridge.loaders.smp import PATH
from device_bridge.simulator.device import Configuration, SimulatedDevice
from device_bridge.simulator.pty import PtyDevice
from tests.device_bridge.test_programmer import NID, POD, content


@pytest.mark.parametrize("size", [1, 333, 5000])
async def test_a_file_is_loaded_and_its_digest_asked_for_by_the_stock_client(size: int) -> None:
    made = SimulatedDevice(bytes.fromhex(NID))
    data = bytes(index * 37 % 251 for index in range(size))
    async with PtyDevice(made) as port, SMPClient(SMPSerialTransport(), port.path, 5.0) as client:
        offsets = [offset async for offset in client.upload_file(data, PATH)]
        assert offsets[-1] == size
        status = await client.request(FileStatus(name=PATH))
        assert success(status)
        assert status.len == size
        digest = await client.request(FileHashChecksum(name=PATH, type="sha256"))
        assert success(digest)
        assert digest.output == hashlib.sha256(data).digest()
    assert made.files.stored[PATH] == data


async def test_the_stock_client_configures_a_device() -> None:
    made = SimulatedDevice(bytes.fromhex(NID))
    async with PtyDevice(made) as port, SMPClient(SMPSerialTransport(), port.path, 5.0) as client:
        async for _ in client.upload_file(content(), PATH):
            pass
    assert made.configuration == Configuration(POD)
