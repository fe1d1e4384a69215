"""Updates: long polling and its conflicts."""

from __future__ import annotations

import asyncio

import telegram

from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot
from tests.sandbox.conftest import Caller


async def test_updates_stay_until_they_are_confirmed(call: Caller, phone: UserClient) -> None:
    for text in ("a", "b", "c"):
        await phone.type(text)
    first = await call("getUpdates", limit=2)
    assert [u["message"]["text"] for u in first] == ["a", "b"]
    assert first == await call("getUpdates", limit=2)
    rest = await call("getUpdates", offset=first[1]["update_id"] + 1)
    assert [u["message"]["text"] for u in rest] == ["c"]
    assert rest[0]["update_id"] == first[0]["update_id"] + 2


async def test_a_negative_offset_forgets_the_past(call: Caller, phone: UserClient) -> None:
    for text in ("a", "b", "c"):
        await phone.type(text)
    assert [u["message"]["text"] for u in await call("getUpdates", offset=-1)] == ["c"]
    assert [u["message"]["text"] for u in await call("getUpdates")] == ["c"]


async def test_a_poll_waits_for_news(call: Caller, phone: UserClient) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=20))
    await phone.type("eccomi")
    (update,) = await poll
    assert update["message"]["text"] == "eccomi"


async def test_a_poll_without_news_ends_after_its_time(call: Caller) -> None:
    assert await call("getUpdates", timeout=1) == []


async def test_a_second_poll_ends_the_first(
    api: LocalBotApi, bot: Bot, call: Caller, phone: UserClient
) -> None:
    first = asyncio.create_task(call.refusal("getUpdates", timeout=20))
    await bot.updates.listening.wait()
    second = asyncio.create_task(call("getUpdates", timeout=20))
    assert await first == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await phone.type("x")
    assert len(await second) == 1


async def test_stopping_the_server_ends_a_poll(bot: Bot, call: Caller, api: LocalBotApi) -> None:
    poll = asyncio.create_task(call.refusal("getUpdates", timeout=20))
    await bot.updates.listening.wait()
    await api.stop()
    assert (await poll).startswith("Conflict: terminated")


async def test_a_bot_gets_the_kinds_of_update_that_it_asked_for(call: Caller, phone: UserClient) -> None:
    await call("getUpdates", allowed_updates=["edited_message"])
    message = await phone.type("x")
    await phone.edit(message.message_id, "y")
    (update,) = await call.updates()
    assert update["edited_message"]["text"] == "y"
    assert update["edited_message"]["edit_date"]
    assert (await call("getWebhookInfo"))["allowed_updates"] == ["edited_message"]
    await call("getUpdates", allowed_updates=[])
    await phone.type("z")
    assert len(await call.updates()) == 1


async def test_updates_are_frozen_when_they_happen(call: Caller, phone: UserClient) -> None:
    message = await phone.type("prima")
    await phone.edit(message.message_id, "dopo")
    before, after = await call.updates()
    assert before["message"]["text"] == "prima"
    assert after["edited_message"]["text"] == "dopo"


async def test_update_numbers_start_at_random(api: LocalBotApi) -> None:
    numbers = {api.add_bot("x", f"x{n}_bot").updates._last_id for n in range(5)}
    assert len(numbers) == 5


async def test_each_kind_of_message_from_a_person_is_an_update(ptb: telegram.Bot, phone: UserClient) -> None:
    await phone.type("/start 12")
    await phone.share_contact()
    await phone.send_sticker()
    await phone.send_voice()
    await phone.send_file(b"a", name="a.txt", caption="ecco")
    await phone.type("da altri", forwarded_from="Chi non si mostra")
    messages = [update.message for update in await ptb.get_updates()]
    assert [m and telegram.helpers.effective_message_type(m) for m in messages] == [
        "text",
        "contact",
        "sticker",
        "voice",
        "document",
        "text",
    ]
    assert messages[-1] is not None
    assert isinstance(messages[-1].forward_origin, telegram.MessageOriginHiddenUser)
