"""A device on a port: opened by one program only, and gone when its cable is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from device_bridge.ab.errors import LinkLost
from device_bridge.ab.session import AbSession
from device_bridge.readings import identify, read
from device_bridge.serial_port import PortUnavailable, SerialTransport
from device_bridge.simulator.device import Configuration, SimulatedDevice
from device_bridge.simulator.pty import PtyDevice

NID = bytes.fromhex("0011223344AA")


@pytest.fixture
async def plugged() -> AsyncIterator[PtyDevice]:
    async with PtyDevice(SimulatedDevice(NID, Configuration("IT001E12345678"))) as device:
        yield device


async def test_a_device_is_identified_and_read_over_a_port(plugged: PtyDevice) -> None:
    transport = await SerialTransport.open(plugged.path)
    try:
        device = AbSession(transport)
        await device.open()
        identity, readings = await identify(device), await read(device)
    finally:
        await transport.close()
    assert (identity.info.nid, identity.pod, set(identity.links.values())) == (
        "0011223344AA",
        "IT001E12345678",
        {None},
    )
    assert (readings.imported, readings.produced) == (2_000_000, None)


async def test_a_port_is_open_for_one_program_only(plugged: PtyDevice) -> None:
    transport = await SerialTransport.open(plugged.path)
    with pytest.raises(PortUnavailable) as refused:
        await SerialTransport.open(plugged.path)
    assert refused.value.reason == "busy"
    await transport.close()
    again = await SerialTransport.open(plugged.path)
    await again.close()


async def test_a_port_that_is_not_there_is_named_so() -> None:
    with pytest.raises(PortUnavailable) as refused:
        await SerialTransport.open("/dev/ttyACM-none")
    assert refused.value.reason == "missing"


async def test_a_cable_that_is_pulled_is_noticed_at_once(plugged: PtyDevice) -> None:
    transport = await SerialTransport.open(plugged.path)
    device = AbSession(transport, answer_seconds=20.0)
    await device.open()
    plugged.unplug()
    with pytest.raises(LinkLost):
        await device.info()
    await transport.close()
