"""Somebody of the staff who answers tickets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from backend.identity.permissions import StaffRole
from tests.support import Chat, World

STAFF, OTHER_STAFF = 1, 2
"""Two of the demo's people whom tests may give a role among the staff."""


@pytest.fixture
async def staff(world: World) -> AsyncIterator[Chat]:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[STAFF].id)
    async with world.chat(STAFF) as chat:
        await chat.says("/start", button="📥 Richieste")
        yield chat
