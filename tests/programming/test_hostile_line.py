"""What the laptop does not write, does not take for a proof, and does not forget."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from serial import SerialException

from device_bridge.ab.errors import DeviceError
from device_bridge.ab.values import Led, Model
from device_bridge.agent import Agent
from device_bridge.home import Home, Pairing
from device_bridge.loaders.loader import LoadFailed
from device_bridge.loaders.registry import smp_reference
from device_bridge.loaders.smp import SmpLoader
from device_bridge.programmer import Programmer, ProgrammingFailed
from device_bridge.serial_port import _why
from device_bridge.simulator.device import Configuration
from device_bridge.wire.messages import Command
from device_bridge.wire.signing import SigningKeys
from device_bridge.work import SerialPorts
from tests.device_bridge import test_programmer as pt
from tests.device_bridge.wires import Wire
from tests.programming.benches import blank, laptop, paired, running
from tests.programming.test_programming import OTHER_NID, assigned, opened
from tests.support import Chat, World, on_sqlite


class Moved(Wire):
    """The device's own cable is moved while the adapter stays in the laptop: silence, then another device."""

    def __init__(self, first: Any, other: Any, after: int) -> None:
        super().__init__(first)
        self.other, self.after, self.silent = other, after, 1

    async def write(self, data: bytes) -> None:
        if self.sent >= self.after and self.device is not self.other:
            if self.silent:
                self.silent -= 1
                self.sent += 1
                return
            self.device = self.other
        await super().write(data)


async def test_a_device_that_is_moved_behind_its_adapter_gets_no_byte() -> None:
    for after in range(1, 20):
        first, other = pt.device(), pt.device(pt.OTHER_NID)
        wire = Moved(first, other, after)

        async def open_port(wire: Wire = wire) -> Any:
            return wire

        loader = SmpLoader(answer_seconds=pt.ANSWER_SECONDS, buffer=256)
        work = Programmer(open_port, loader, pt.SIGNER.trusted, lambda: pt.NOW, pt.ANSWER_SECONDS)
        with suppress(ProgrammingFailed, DeviceError, LoadFailed):
            await work.program(pt.assignment(), pt.quiet)
        assert (other.files.written, other.configuration) == (0, None), f"after frame {after}"


@on_sqlite
async def test_a_wrong_device_does_not_blink(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank(OTHER_NID)
    await paired(world, technician, home)
    async with running(world, home, device):
        await opened(technician)
        shown = await technician.sees("È collegato un altro dispositivo")
        world.forge("1.e.job_blink.1", person=4, message_id=shown.message_id)
        await world.settled()
        screen = await technician.screen()
        assert not any("quel dispositivo è il tuo" in each.text for each in screen.from_bot)
        assert device.led is Led.OFF


@on_sqlite
async def test_a_wrong_device_is_not_read_for_a_job(
    world: World, declared: Chat, technician: Chat, tmp_path: Path
) -> None:
    await assigned(declared)
    home, device = laptop(tmp_path), blank(OTHER_NID)
    device.configuration = Configuration("IT001E99999999", Model.PRIMARY)
    await paired(world, technician, home)
    async with running(world, home, device):
        await opened(technician)
        shown = await technician.sees("È collegato un altro dispositivo")
        world.forge("1.e.job_readings.1", person=4, message_id=shown.message_id)
        await world.settled()
        screen = await technician.screen()
        assert not any("Energia prelevata" in each.text for each in screen.from_bot)


async def test_loaded_is_about_one_job(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    home = Home(tmp_path / "laptop")
    key = SigningKeys.generate().public_key.public_bytes_raw().hex()
    home.pair(Pairing("ws://127.0.0.1:1/bridge", (key,), "x"), Ed25519PrivateKey.generate())
    agent = Agent(home, SerialPorts("/dev/none"), smp_reference)
    waits = [asyncio.create_task(agent._by_hand(Path(f"{number}.scp"), job=number)) for number in (1, 2)]
    await asyncio.sleep(0)
    await agent._result(Command(command=1, kind="loaded", job=1))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    ended = [each.done() for each in waits]
    for each in waits:
        each.cancel()
    assert ended == [True, False], "the file of the other job was not loaded"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)", "busy"),
        ("could not open port 'COM3': PermissionError(13, 'Accesso negato.', None, 5)", "busy"),
        (
            "could not open port 'COM9': FileNotFoundError(2, 'File non trovato.', None, 2)",
            "missing",
        ),
    ],
)
def test_what_windows_says_of_a_port_is_understood(text: str, reason: str) -> None:
    """pyserial quotes Windows' own words, in its language; a port in use is "access denied" there."""
    assert _why(SerialException(text)) == reason
