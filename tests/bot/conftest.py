"""A scripted Bot API and a bot that speaks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.core.request import AiohttpRequest
from tests.acceptance.conftest import central, chat, clock, declared, features, prepared, running, world
from tests.bot.desk import desk
from tests.bot.telegram import TOKEN, ScriptedApi

__all__ = [
    "central",
    "chat",
    "clock",
    "declared",
    "desk",
    "features",
    "prepared",
    "running",
    "world",
]  # fixtures: found by their names


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    async with ScriptedApi() as api:
        yield api


@pytest.fixture
async def bot(api: ScriptedApi) -> AsyncIterator[Bot]:
    """A bot of the scripted Bot API, through the product's own HTTP client."""
    request = AiohttpRequest()
    async with Bot(TOKEN, base_url=f"{api.url}/bot", request=request, get_updates_request=request) as bot:
        yield bot


@pytest.fixture
def database_kind() -> str:
    """Worlds of this folder run on SQLite: what differs by database is tested on both without a world."""
    return "sqlite"
