"""A technician's bench: a laptop with a simulated device on a pseudo-terminal, paired through the chat."""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from device_bridge.agent import Agent
from device_bridge.home import Home
from device_bridge.link import pair
from device_bridge.loaders.registry import MakeLoader, smp_reference
from device_bridge.simulator.device import SimulatedDevice
from device_bridge.simulator.pty import PtyDevice
from device_bridge.wire.address import address
from device_bridge.wire.pairing import read_code
from device_bridge.work import SerialPorts
from sandbox import showcase
from tests.support import LOOK_AGAIN_SECONDS, PATIENCE, Chat, World

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

    async def holds(self, number: int) -> None:
        """Wait until the laptop holds so many jobs."""
        await self._until(
            lambda: len(self.agent.work.journal.jobs()) == number, "the laptop was not told its jobs"
        )

    async def told_its_jobs(self) -> None:
        """Wait until the server has said which jobs the laptop holds."""
        await self._until(lambda: any(event == "jobs" for event, _ in self.heard), "no word of the jobs")

    async def turned_away(self) -> None:
        """Wait until the gateway has refused the laptop."""
        await self._until(lambda: any(event == "turned_away" for event, _ in self.heard), "it was let in")

    async def all_told(self) -> None:
        """Wait until the server knows everything that the laptop knows."""
        await self._until(lambda: not self.agent.work.journal.untold(), "something is not told")

    async def _until(self, condition: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, otherwise
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def picture() -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
    return out.getvalue()


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
    world: World, home: Home, device: SimulatedDevice, make_loader: MakeLoader = smp_reference, **options: Any
) -> AsyncIterator[Bench]:
    """A laptop that runs, with this device on its port."""
    heard: list[tuple[str, dict[str, Any]]] = []
    home.keep(replace(home.pairing(), gateway=address(gateway_of(world))))
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
            await asyncio.wait([run])
            if not run.cancelled():
                run.exception()  # a test may have killed it


def laptop(folder: Path) -> Home:
    """A laptop's folder."""
    return Home(folder / "laptop")


def blank(nid: str = NID, **others: Any) -> SimulatedDevice:
    """A device that was not configured yet."""
    return SimulatedDevice(bytes.fromhex(nid), **others)
