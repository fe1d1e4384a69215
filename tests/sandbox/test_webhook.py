"""Delivery to a webhook."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import FormData, web

from sandbox.client import UserClient
from sandbox.state import Bot
from tests.sandbox.conftest import Caller, Receiver


async def test_updates_are_delivered_in_order_with_the_secret(
    call: Caller, phone: UserClient, hook: Receiver
) -> None:
    await phone.type("before")
    await call("setWebhook", url=hook.url, secret_token="a-Secret_1")
    await phone.type("after")
    texts = [(await hook.updates.get())["message"]["text"] for _ in range(2)]
    assert texts == ["before", "after"]
    assert hook.secrets == ["a-Secret_1"] * 2


async def test_a_failed_delivery_is_repeated(call: Caller, phone: UserClient, hook: Receiver) -> None:
    hook.answers = [web.Response(status=503), web.Response(status=500)]
    await call("setWebhook", url=hook.url)
    await phone.type("x")
    same = [(await hook.updates.get())["update_id"] for _ in range(3)]
    assert len(set(same)) == 1
    info = await call("getWebhookInfo")
    assert info["url"] == hook.url
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_undelivered_updates_wait_for_polling(call: Caller, bot: Bot, phone: UserClient) -> None:
    await call("setWebhook", url="http://127.0.0.1:1/")
    await phone.type("x")
    active = await call.refusal("getUpdates")
    assert active == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert (await call("getWebhookInfo"))["pending_update_count"] == 1
    await call("deleteWebhook")
    assert len(await call("getUpdates")) == 1
    await call("deleteWebhook", drop_pending_updates=True)
    assert await call("getUpdates") == []


async def test_a_new_webhook_ends_a_poll(call: Caller, bot: Bot, hook: Receiver) -> None:
    poll = asyncio.create_task(call.refusal("getUpdates", timeout=20))
    await bot.updates.listening.wait()
    await call("setWebhook", url=hook.url)
    assert await poll == "Conflict: terminated by setWebhook request"


@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart"])
async def test_an_answer_can_carry_a_call(call: Caller, phone: UserClient, hook: Receiver, form: str) -> None:
    fields = {"method": "sendMessage", "chat_id": str(phone.chat), "text": "subito"}
    if form == "json":
        answer = web.json_response(fields)
    else:
        body = FormData(fields, default_to_multipart=form == "multipart")()
        answer = web.Response(body=body)
    hook.answers = [answer]
    await call("setWebhook", url=hook.url)
    await phone.type("x")
    assert await phone.wait_for(lambda screen: screen.from_bot and screen.from_bot[0].text) == "subito"


async def test_a_faulty_call_in_an_answer_changes_nothing(
    call: Caller, phone: UserClient, hook: Receiver
) -> None:
    hook.answers = [
        web.json_response({"method": "nothing"}),
        web.Response(text="{", content_type="application/json"),
    ]
    await call("setWebhook", url=hook.url)
    for text in ("a", "b", "c"):
        await phone.type(text)
    assert [(await hook.updates.get())["message"]["text"] for _ in range(3)] == ["a", "b", "c"]


async def test_bad_webhooks_are_refused_in_telegrams_words(call: Caller) -> None:
    for url, reason in (
        ("ftp://127.0.0.1/", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://a.example/", "bad webhook: the local Bot API delivers to this machine only"),
    ):
        assert await call.refusal("setWebhook", url=url) == f"Bad Request: {reason}"
    bad = await call.refusal("setWebhook", url="http://localhost:1/", secret_token="a b")
    assert bad == "Bad Request: secret token contains unallowed characters"


async def test_an_answer_may_move_the_webhook(call: Caller, phone: UserClient, hook: Receiver) -> None:
    navigates = f"{hook.url}?elsewhere"
    hook.answers = [web.json_response({"method": "setWebhook", "url": navigates})]
    await call("setWebhook", url=hook.url)
    await phone.type("a")
    await phone.type("b")
    delivered = [(await hook.updates.get())["message"]["text"] for _ in range(2)]
    assert delivered == ["a", "b"]
    assert (await call("getWebhookInfo"))["url"] == navigates
