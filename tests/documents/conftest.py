"""People of the tests of useful documents."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.documents.walks import STAFF
from tests.support import Chat, World


@pytest.fixture
async def staff(world: World) -> AsyncIterator[Chat]:
    """Somebody who looks after documents."""
    async with world.chat(STAFF) as chat:
        await chat.says("/start", button="Documenti utili")
        yield chat
