"""Admission: tokens, hosts, origins, addresses."""

from __future__ import annotations

import logging

import aiohttp
import pytest
import telegram

from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.sandbox.conftest import Caller

FOREIGN = "12345678:AAF-made-up-but-shaped-like-a-real-one-xxx"


async def test_a_real_token_is_refused_and_never_logged(
    api: LocalBotApi, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for path in (f"/bot{FOREIGN}/getMe", f"/file/bot{FOREIGN}/documents/file_0"):
        async with http.get(api.base_url + path) as response:
            body = await response.json()
            assert response.status == 401
            assert "never give it the token of a real bot" in body["description"]
    assert FOREIGN not in caplog.text


async def test_unknown_tokens_and_methods_are_refused(
    api: LocalBotApi, bot: Bot, call: Caller, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{api.base_url}/bot{bot.id}:LOCAL-other/getMe") as response:
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await call.refusal("sendNothing") == "Not Found"
    assert (await call("GETME"))["username"] == "prova_bot"


async def test_parameters_come_in_every_form(
    api: LocalBotApi, bot: Bot, met: int, http: aiohttp.ClientSession
) -> None:
    url = f"{api.base_url}/bot{bot.token}/sendMessage"
    fields = {"chat_id": str(met), "text": "x"}
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    for request in (
        http.get(url, params=fields),
        http.post(url, data=fields),
        http.post(url, json=fields),
        http.post(url, data=multipart),
    ):
        async with request as response:
            assert (await response.json())["result"]["text"] == "x"
    async with http.post(url, data="[", headers={"Content-Type": "application/json"}) as response:
        assert (await response.json())["description"] == "Bad Request: can't parse JSON object"


@pytest.mark.parametrize("path", ["/", "/user/state", "/user/events?as=1001", "/page/app.js"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "127.0.0.1"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
async def test_the_user_side_refuses_other_hosts_and_origins(
    api: LocalBotApi, anna: User, http: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    async with http.get(api.base_url + path, headers=headers) as response:
        assert response.status == 403
        assert (await response.json())["ok"] is False


async def test_the_pages_own_origin_is_welcome(
    api: LocalBotApi, anna: User, http: aiohttp.ClientSession
) -> None:
    port = api.base_url.rpartition(":")[2]
    headers = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
    async with http.get(f"{api.base_url}/user/state", headers=headers) as response:
        assert response.status == 200
        state = await response.json()
    assert [user["first_name"] for user in state["users"]] == ["Anna"]


async def test_addresses_other_than_loopback_are_refused() -> None:
    for host in ("0.0.0.0", "192.0.2.1", "::"):  # noqa: S104 -- it is refused
        with pytest.raises(ValueError, match="this machine only"):
            await LocalBotApi().start(host)


async def test_files_cannot_run_as_code_in_the_page(
    api: LocalBotApi, ptb: telegram.Bot, phone: UserClient, met: int, http: aiohttp.ClientSession
) -> None:
    sent = await ptb.send_document(met, b"<script>1</script>", filename='x".html')
    shown = await phone.wait_for(lambda screen: screen.message(sent.message_id))
    async with http.get(api.base_url + shown.raw["document"]["url"]) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_files_outside_the_pages_folder_are_not_served(
    api: LocalBotApi, http: aiohttp.ClientSession
) -> None:
    for path in ("/page/..%2Fserver.py", "/page/nothing.js", "/elsewhere"):
        async with http.get(api.base_url + path) as response:
            assert response.status == 404
