"""Faults between a bot and its users: each acts as described, when switched on, and no further."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from sandbox.client import RefusedError, UserClient
from sandbox.errors import UserError
from sandbox.faults import Fault, FaultKind
from sandbox.server import LocalBotApi
from sandbox.state import User
from tests.sandbox.conftest import Caller, Receiver

Json = dict[str, Any]


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def said(phone: UserClient) -> list[str]:
    return [message.text for message in (await phone.screen()).from_bot]


async def test_a_lost_answer_comes_after_the_message(phone: UserClient, call: Caller) -> None:
    await phone.type("/start")
    await phone.switch_faults(Fault(FaultKind.LOST, "sendMessage"))
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=phone.user_id, text="eccomi")
    assert await said(phone) == ["eccomi"]


async def test_an_unreached_call_leaves_no_message(phone: UserClient, call: Caller) -> None:
    await phone.type("/start")
    await phone.switch_faults(Fault(FaultKind.UNREACHED, "sendMessage"))
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=phone.user_id, text="eccomi")
    assert await said(phone) == []


async def test_refusals_have_telegrams_form(phone: UserClient, call: Caller) -> None:
    await phone.type("/start")
    await phone.switch_faults(
        Fault(FaultKind.SERVER_ERROR, times=1),
        Fault(FaultKind.FLOOD, seconds=7, times=1),
        Fault(FaultKind.EXPIRED),
        Fault(FaultKind.FILE_GONE),
    )
    bad_gateway = {"ok": False, "error_code": 502, "description": "Bad Gateway"}
    assert await call.answer("sendMessage", chat_id=phone.user_id, text="1") == bad_gateway
    flooded = await call.answer("sendMessage", chat_id=phone.user_id, text="2")
    assert (flooded["error_code"], flooded["parameters"]) == (429, {"retry_after": 7})
    assert "query is too old" in await call.refusal("answerCallbackQuery", callback_query_id="1")
    assert "wrong file identifier" in await call.refusal("sendDocument", chat_id=phone.user_id, document="x")
    await call("sendMessage", chat_id=phone.user_id, text="3")
    assert await said(phone) == ["3"]
    assert (await phone.faults())["happened"] == {
        "server-error sendMessage": 1,
        "flood sendMessage": 1,
        "expired answerCallbackQuery": 1,
        "file-gone sendDocument": 1,
    }


async def test_a_slow_answer_comes_after_its_message(phone: UserClient, call: Caller) -> None:
    await phone.type("/start")
    await phone.switch_faults(Fault(FaultKind.SLOW, "sendMessage", seconds=0.3))
    began = time.monotonic()
    answer = asyncio.create_task(call("sendMessage", chat_id=phone.user_id, text="eccomi"))
    await phone.wait_for(lambda screen: screen.from_bot)
    assert not answer.done()
    await answer
    assert time.monotonic() - began >= 0.3


async def test_a_fault_can_be_limited_by_count_and_chat(
    api: LocalBotApi, phone: UserClient, call: Caller, anna: User
) -> None:
    await phone.type("/start")
    api.faults.switch([Fault(FaultKind.SERVER_ERROR, spared=1, times=2, chat=anna.id)])
    codes = [
        (await call.answer("sendMessage", chat_id=anna.id, text=str(number))).get("error_code", 200)
        for number in range(5)
    ]
    assert codes == [200, 502, 502, 200, 200]
    api.faults.switch([Fault(FaultKind.SERVER_ERROR, chat=anna.id + 1)])
    await call("sendMessage", chat_id=anna.id, text="a un altro no")


async def test_the_same_seed_strikes_the_same_calls(
    api: LocalBotApi, phone: UserClient, call: Caller
) -> None:
    await phone.type("/start")

    async def struck() -> list[bool]:
        api.faults.switch([Fault(FaultKind.SERVER_ERROR, "getMe", chance=0.5)], seed=3)
        return [(await call.answer("getMe"))["ok"] for _ in range(20)]

    first = await struck()
    assert first == await struck()
    assert {True, False} == set(first)


async def test_an_update_can_come_twice_with_its_own_id(call: Caller, phone: UserClient) -> None:
    await phone.switch_faults(Fault(FaultKind.TWICE, "message", times=1))
    await phone.type("a")
    await phone.type("b")
    first = await call.updates()
    second = await call.updates()
    assert texts(first) == ["a", "b"]
    assert second == first[:1]
    assert await call.updates() == []


async def test_a_press_can_come_anew_with_another_id(call: Caller, phone: UserClient) -> None:
    await phone.type("/start")
    await call.updates()
    keyboard = {"inline_keyboard": [[{"text": "Sì", "callback_data": "y"}]]}
    await call("sendMessage", chat_id=phone.user_id, text="?", reply_markup=keyboard)
    await phone.switch_faults(Fault(FaultKind.ANEW, "callback_query"))
    await phone.press("Sì")
    first, second = await call.updates()
    assert second["update_id"] == first["update_id"] + 1
    assert first["callback_query"] == second["callback_query"]


async def test_swapped_updates_all_arrive(call: Caller, phone: UserClient) -> None:
    await phone.switch_faults(Fault(FaultKind.SWAPPED, "message", times=1, seconds=60))
    await phone.type("a")
    assert await call("getUpdates") == []
    await phone.type("b")
    batch = await call("getUpdates", limit=1)
    assert texts(batch) == ["b"]
    rest = await call("getUpdates", offset=batch[0]["update_id"] + 1)
    assert texts(rest) == ["a"]
    assert rest[0]["update_id"] < batch[0]["update_id"]
    assert await call("getUpdates", offset=batch[0]["update_id"] + 1) == []


async def test_a_swapped_update_without_a_successor_comes_after_its_time(
    call: Caller, phone: UserClient
) -> None:
    await phone.switch_faults(Fault(FaultKind.SWAPPED, "message", seconds=0.05))
    await phone.type("a")
    assert texts(await call("getUpdates", timeout=20)) == ["a"]


async def test_a_webhook_gets_updates_twice_and_out_of_order(
    hook: Receiver, call: Caller, phone: UserClient
) -> None:
    await call("setWebhook", url=hook.url)
    await phone.switch_faults(
        Fault(FaultKind.SWAPPED, "message", times=1, seconds=60),
        Fault(FaultKind.TWICE, "message", spared=1, times=1),
    )
    await phone.type("a")
    await phone.type("b")
    got = [await hook.updates.get() for _ in range(3)]
    assert texts(got) == ["b", "a", "b"]
    assert got[0]["update_id"] == got[2]["update_id"] == got[1]["update_id"] + 1


async def test_a_download_can_fail(call: Caller, phone: UserClient) -> None:
    await phone.send_file(b"dati", name="a.bin")
    (update,) = await call.updates()
    path = (await call("getFile", file_id=update["message"]["document"]["file_id"]))["file_path"]
    await phone.switch_faults(Fault(FaultKind.FILE_GONE, "download"))
    async with call.session.get(f"{call.base_url}/file/bot{call.token}/{path}") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "nonsense"}, "A fault is one of: unreached"),
        ({"kind": "lost", "often": 1}, "A fault has kind, of"),
        ({"kind": "lost", "chance": "x"}, "wrong type"),
        ({"kind": "lost", "chance": 2}, "out of range"),
        ({"kind": "lost", "of": "sendNothing"}, "Nothing is called “sendNothing”"),
        ({"kind": "twice", "of": "sendMessage"}, "Nothing is called “sendMessage”"),
    ],
)
async def test_an_invalid_fault_is_refused_with_a_sentence(
    phone: UserClient, fields: Json, sentence: str
) -> None:
    with pytest.raises(RefusedError, match=sentence):
        await phone._send("PUT", "/user/faults", json={"faults": [fields]})


async def test_a_request_without_body_switches_all_faults_off(phone: UserClient) -> None:
    await phone.switch_faults(Fault(FaultKind.LOST), seed=4)
    assert (await phone.faults())["faults"] != []
    await phone._send("DELETE", "/user/faults")
    assert (await phone.faults())["faults"] == []


def test_a_fault_is_written_in_one_word() -> None:
    assert Fault.parse("lost:sendMessage:0.1") == Fault(FaultKind.LOST, "sendMessage", chance=0.1)
    assert Fault.parse("slow:::2") == Fault(FaultKind.SLOW, seconds=2.0)
    with pytest.raises(UserError, match="KIND:OF:CHANCE:SECONDS"):
        Fault.parse("lost:sendMessage:often")
