"""A technician's bench: a laptop with a simulated device on a pseudo-terminal, paired through the chat."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from device_bridge.agent import Agent
from device_bridge.home import Home
from device_bridge.link import pair
from device_bridge.loaders.registry import MakeLoader, smp_reference
from device_bridge.simulator.device import SimulatedDevice
from device_bridge.simulator.pty import PtyDevice
from device_bridge.wire.pairing import read_code
from device_bridge.work import SerialPorts
from sandbox import showcase
from tests.support import Chat, World

GATEWAY: Mapping[str, object] = {
    "bridge_url": "ws://127.0.0.1:8487",
    "bridge_host": "127.0.0.1",
    "bridge_port": 0,
    "bridge_simulated": True,
}
"""Settings of a bot with a gateway that takes simulated devices."""
NID = showcase.nid("MOME", 1)
"""Of the device that the cheat sheet calls associated."""


@dataclass
class Bench:
    """A laptop and its device."""

    home: Home
    device: SimulatedDevice
    port: PtyDevice
    agent: Agent
    heard: list[tuple[str, dict[str, Any]]]


def gateway_of(world: World) -> str:
    """The address of the running gateway."""
    assert world.app is not None
    return f"ws://127.0.0.1:{world.app.http.port_of('bridges')}"


async def pairing_code(chat: Chat) -> str:
    """A code from the chat."""
    await chat.says("/portatili", button="Abbina un portatile")
    await chat.press("Abbina un portatile")
    shown = await chat.sees("a486-bridge pair")
    found = re.search(r"((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})", shown.text)
    assert found is not None
    return found.group(1)


async def paired(world: World, chat: Chat, home: Home) -> None:
    """Pair a laptop with the technician of a chat."""
    code, key = read_code(await pairing_code(chat)), Ed25519PrivateKey.generate()
    asking = asyncio.create_task(pair(gateway_of(world), code, key))
    await chat.sees("chiede di essere abbinato")
    await chat.press("Sì, è il mio")
    await chat.sees("è abbinato")
    pairing, _ = await asking
    home.pair(pairing, key)


@asynccontextmanager
async def running(
    home: Home, device: SimulatedDevice, make_loader: MakeLoader = smp_reference, **options: Any
) -> AsyncIterator[Bench]:
    """A laptop that runs, with this device on its port."""
    heard: list[tuple[str, dict[str, Any]]] = []
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(PtyDevice(device))
        agent = Agent(
            home,
            SerialPorts(port.path),
            make_loader,
            heard=lambda event, values: heard.append((event, values)),
            first_pause=0.05,
            plug_seconds=0.5,
            **{"answer_seconds": 0.2, **options},
        )
        run = asyncio.create_task(agent.run())
        try:
            yield Bench(home, device, port, agent, heard)
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await run


def laptop(folder: Path) -> Home:
    """A laptop's folder."""
    return Home(folder / "laptop")


def blank(nid: str = NID, **others: Any) -> SimulatedDevice:
    """A device that was not configured yet."""
    return SimulatedDevice(bytes.fromhex(nid), **others)
