"""Telegram's limits on writing, when switched on."""

from __future__ import annotations

import aiohttp

from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from tests.sandbox.conftest import Caller, Clock


async def flood(call: Caller, chat_id: int) -> int:
    """Write until refused; returns how many messages passed."""
    passed = 0
    while (await call.answer("sendMessage", chat_id=chat_id, text=str(passed)))["ok"]:
        passed += 1
    return passed


async def test_limits_hold_per_chat_and_overall(http: aiohttp.ClientSession, clock: Clock) -> None:
    async with LocalBotApi(limits=True, clock=clock) as api:
        bot = api.add_bot("Prova", "prova_bot")
        call = Caller(api.base_url, bot.token, http)
        people = [api.add_user(f"P{n}") for n in range(8)]
        group = api.add_group("Squadra", bot, people)
        for person in people:
            async with UserClient(api.base_url, person.id) as phone:
                await phone.type("/start")
        assert await flood(call, people[0].id) == 5
        refused = await call.answer("editMessageText", chat_id=people[0].id, message_id=99, text="x")
        assert refused["error_code"] == 400
        refused = await call.answer("sendMessage", chat_id=people[0].id, text="x")
        assert refused == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
        clock.advance(1)
        assert await flood(call, people[0].id) == 1
        assert await flood(call, group.id) == 20
        slow = await call.answer("sendMessage", chat_id=group.id, text="x")
        assert slow["parameters"] == {"retry_after": 3}
        assert await flood(call, people[1].id) == 5
        assert await flood(call, people[2].id) == 4
        clock.advance(1)
        assert sum([await flood(call, person.id) for person in people[3:]]) == 25
        assert await flood(call, people[2].id) == 2
