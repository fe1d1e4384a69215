"""What the gateway does for bridges that stay connected, and when it stops."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select
from websockets.asyncio.client import connect

from backend.bridges import service
from backend.bridges.models import bridges
from device_bridge.home import Home
from device_bridge.link import Link, NoLink, about, opened, pair
from device_bridge.wire.address import address
from device_bridge.wire.messages import BRIDGE_PROOF, VERSION, Challenge, Hello, Prove, encode, from_gateway
from device_bridge.wire.pairing import read_code
from tests.programming.benches import GATEWAY, gateway_of, paired, pairing_code
from tests.support import Chat, World


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    return GATEWAY


async def cut(link: Link) -> None:
    """Wait until the gateway has ended the link."""
    while True:
        try:
            await link.receive()
        except NoLink:
            return


async def test_a_bridge_that_stays_connected_is_known_as_such(
    world: World, declared: Chat, tmp_path: Path
) -> None:
    stays, returns = Home(tmp_path / "stays"), Home(tmp_path / "returns")
    for home in (stays, returns):
        await paired(world, declared, home)
    async with AsyncExitStack() as links:
        link = await links.enter_async_context(opened(stays.pairing(), stays.key()))
        before = await links.enter_async_context(opened(returns.pairing(), returns.key()))
        for _ in range(20):
            world.later(timedelta(seconds=5))
            again = await links.enter_async_context(opened(returns.pairing(), returns.key()))
            await cut(before)  # the gateway has looked at everybody
            before = again
        assert world.clock is not None
        asked = partial(service.get_any, bridge_id=link.welcome.bridge, at=world.clock.now())
        bridge = await world.database.short_read(asked)
        assert bridge is not None
        assert bridge.connected


async def test_a_laptop_that_waits_to_be_confirmed_does_not_hold_up_a_stop(
    world: World, declared: Chat
) -> None:
    code = read_code(await pairing_code(declared))
    asking = asyncio.create_task(pair(gateway_of(world), code, Ed25519PrivateKey.generate()))
    await declared.sees("chiede di essere abbinato")
    async with asyncio.timeout(20):  # aiohttp gives a request a minute to end by itself
        await world.stop()
    with pytest.raises(NoLink):
        await asking


async def test_a_laptop_that_goes_as_it_is_let_in_is_not_connected(
    world: World, declared: Chat, tmp_path: Path
) -> None:
    home = Home(tmp_path / "goes")
    await paired(world, declared, home)
    key, where = home.key(), address(gateway_of(world))
    for _ in range(5):
        async with connect(where, compression=None) as socket:
            nonce = secrets.token_bytes(32)
            await socket.send(encode(Hello(version=VERSION, nonce=nonce)))
            challenge = from_gateway(await socket.recv(decode=False))
            assert isinstance(challenge, Challenge)
            signature = key.sign(BRIDGE_PROOF + challenge.nonce + nonce)
            await socket.send(encode(Prove(key_id=key.key_id, signature=signature, about=about())))
            socket.transport.abort()

    def linked(connection: Connection) -> bool:
        return connection.scalar(select(bridges.c.link)) is not None

    async with asyncio.timeout(20):
        while await world.database.long_read(linked):
            await world.database.signals.wait(service.SIGNAL, 0.05)
