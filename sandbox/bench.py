"""The demo's bench: the technician's laptop, paired already, with simulated devices on its ports."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from backend.bridges import service as bridges
from backend.bridges.values import Bridge
from backend.core.db.database import Database
from backend.identity import service as identity
from device_bridge.agent import Agent
from device_bridge.home import Home, Pairing
from device_bridge.link import TurnedAway, about
from device_bridge.loaders.registry import smp_reference
from device_bridge.simulator.device import SimulatedDevice
from device_bridge.simulator.pty import PtyDevice
from device_bridge.wire.address import address
from device_bridge.wire.pairing import make_code
from device_bridge.work import SerialPorts
from sandbox import showcase

HOST = "portatile-demo"
"""The laptop's name."""


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def gateway_settings(port: int) -> dict[str, object]:
    """The settings of a gateway on this machine alone, which takes simulated devices."""
    return {
        "bridge_url": f"ws://127.0.0.1:{port}",
        "bridge_host": "127.0.0.1",
        "bridge_port": port,
        "bridge_certificate": "",
        "bridge_simulated": True,
    }


async def pair(database: Database, technician: int, server_key: bytes, gateway: str, folder: Path) -> Home:
    """Pair a laptop with a technician (a Telegram id), as they would in the chat."""
    key, code, at = Ed25519PrivateKey.generate(), make_code(server_key), datetime.now(UTC)
    laptop = about()

    def work(connection: Connection) -> None:
        actor = identity.actor_of(connection, technician)
        if actor is None:
            raise RuntimeError("the technician is not there")
        bridges.offer(connection, actor, code, at)
        public = key.public_key().public_bytes_raw()
        asked = bridges.ask(
            connection, code, public, host=HOST, platform=laptop.platform, program=laptop.program, at=at
        )
        if not isinstance(asked, Bridge):
            raise RuntimeError(f"the laptop cannot be paired: {asked.value}")
        bridges.decide(connection, actor, asked.id, True, at)

    await database.write(work)
    home = Home(folder)
    home.pair(Pairing(address(gateway), (server_key.hex(),), "", "smp-reference"), key)
    return home


@asynccontextmanager
async def running_bench(home: Home, nids: Sequence[str]) -> AsyncIterator[tuple[PtyDevice, ...]]:
    """Run the laptop with blank devices of these NIDs on its ports."""
    async with AsyncExitStack() as stack:
        devices = [
            await stack.enter_async_context(PtyDevice(SimulatedDevice(bytes.fromhex(nid)))) for nid in nids
        ]
        ports = SerialPorts(*(device.path for device in devices))
        agent = Agent(home, ports, smp_reference, host=HOST, answer_seconds=0.5, plug_seconds=5.0)
        run = asyncio.create_task(_run(agent), name="demo-laptop")
        try:
            yield tuple(devices)
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run


async def _run(agent: Agent) -> None:
    with suppress(TurnedAway):  # somebody has revoked it in the chat
        await agent.run()


def bench_nids() -> list[str]:
    """The devices on the bench: that of the supply that is associated already, those of the cheat sheet."""
    return [
        showcase.nid("MOME", 1),
        *(showcase.nid(kind, number) for kind in ("MOME", "SMART_INFO") for number in showcase.ON_BENCH),
    ]
