"""A world with a gateway, and its technician."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from tests.programming.benches import GATEWAY
from tests.support import Chat, World


@pytest.fixture
def bot_settings() -> Mapping[str, object]:
    return GATEWAY


@pytest.fixture
async def technician(world: World) -> AsyncIterator[Chat]:
    async with world.chat(4) as chat:
        await chat.says("/start", button="I miei lavori")
        await chat.press("I miei lavori")
        await chat.press("Accetto")
        await chat.sees("Non hai lavori aperti")
        yield chat
