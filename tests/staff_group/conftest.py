"""A forum that the staff works in, with its topics as phones show them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from backend.identity.permissions import StaffRole
from sandbox.client import UserClient
from sandbox.state import Chat as Group
from tests.support import Chat, World

STAFF, OTHER, ADMINISTRATOR, MEMBER = 1, 2, 8, 9
"""Two people who answer tickets, an administrator of the service, and one in the group without a role."""


@dataclass
class Room:
    """The staff group; the bot runs."""

    world: World
    group: Group
    general: Chat = field(init=False)
    phones: list[UserClient] = field(default_factory=list)

    async def open(self, person: int, thread: int | None = None) -> Chat:
        """The group, or one of its topics, on somebody's phone."""
        client = UserClient(self.world.api.base_url, self.world.people[person].id)
        phone = client.at(self.group.id, thread)
        await phone.__aenter__()
        self.phones.append(phone)
        return Chat(phone)

    def topic(self, words: str) -> int:
        """The number of the topic whose name holds these words."""
        return next(t.thread_id for t in self.group.topics.values() if words in t.name)


@asynccontextmanager
async def staff_group(world: World) -> AsyncIterator[Room]:
    """Make a forum, and have an administrator choose it as the staff group."""
    people = world.people
    for number in (STAFF, OTHER):
        await world.give_staff_role(StaffRole.SUPPORT, people[number].id)
    members = [people[number] for number in (ADMINISTRATOR, STAFF, OTHER, MEMBER)]
    group = world.api.add_group("Assistenza", world.bot, members, is_forum=True)
    made = Room(world, group)
    general = made.general = await made.open(ADMINISTRATOR)
    await general.says("/gruppo", "Le richieste di assistenza arrivano in questo gruppo?", button="Usa")
    await general.press("Usa questo gruppo")
    await general.sees("arrivano qui, ognuna nel suo argomento")
    yield made
    for phone in made.phones:
        await phone.__aexit__(None, None, None)


@pytest.fixture
async def room(world: World) -> AsyncIterator[Room]:
    """The staff group of the world."""
    async with staff_group(world) as made:
        yield made
