"""What the gateway does for bridges that stay connected, and when it stops."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from backend.bridges import service
from device_bridge.home import Home
from device_bridge.link import Link, NoLink, opened
from tests.programming.benches import GATEWAY, paired
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
