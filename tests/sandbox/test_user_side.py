"""The user side as the page uses it."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox.client import RefusedError, UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.sandbox.conftest import Caller


async def test_the_state_lists_everyone_and_the_notes(
    api: LocalBotApi, bot: Bot, anna: User, http: aiohttp.ClientSession
) -> None:
    api.notes = [{"title": "POD", "rows": [{"code": "IT001E00000001", "text": "free"}]}]
    group = api.add_group("Squadra", bot, [anna], is_forum=True)
    async with http.get(f"{api.base_url}/user/state") as response:
        state = await response.json()
    assert state["notes"] == api.notes
    assert state["bots"][0]["username"] == "prova_bot"
    assert [(c["id"], c["type"]) for c in state["chats"]] == [(anna.id, "private"), (group.id, "supergroup")]


async def test_a_person_can_be_added_later(api: LocalBotApi, bot: Bot, call: Caller) -> None:
    async with await UserClient.create(api.base_url, "Carla", language_code="it", phone="+39333") as phone:
        await phone.type("/start")
    (update,) = await call.updates()
    assert update["message"]["from"]["first_name"] == "Carla"


async def test_every_member_sees_what_happens(api: LocalBotApi, bot: Bot, anna: User, bruno: User) -> None:
    group = api.add_group("Squadra", bot, [anna, bruno])
    async with (
        UserClient(api.base_url, anna.id, chat=group.id) as one,
        UserClient(api.base_url, bruno.id, chat=group.id) as other,
    ):
        said = await one.type("ciao")
        await other.wait_for(lambda screen: screen.message(said.message_id))
        await one.delete(said.message_id)
        await other.wait_for(lambda screen: screen.message(said.message_id) is None)
        with pytest.raises(RefusedError, match="Only your own"):
            await other.delete((await one.type("mio")).message_id)
    kinds = [event["type"] for event in other.events]
    assert kinds[:2] == ["message", "delete"]


async def test_strangers_to_a_chat_are_refused(api: LocalBotApi, bot: Bot, anna: User, bruno: User) -> None:
    group = api.add_group("Squadra", bot, [anna])
    async with UserClient(api.base_url, bruno.id, chat=group.id) as phone:
        with pytest.raises(RefusedError, match="not in such a chat"):
            await phone.type("ciao")


async def test_a_timed_out_wait_reports_what_was_on_the_screen(phone: UserClient) -> None:
    await phone.type("ciao")
    with pytest.raises(TimeoutError, match="ciao"):
        await phone.wait_for(lambda screen: screen.message(99), timeout=0.05)


async def test_a_phone_notices_that_the_server_stops(api: LocalBotApi, phone: UserClient) -> None:
    assert (await phone.screen()).messages == ()
    await api.stop()
    with pytest.raises((ConnectionError, aiohttp.ClientError)):
        await phone.wait_for(lambda screen: screen.last)


async def test_the_state_outlives_a_stop(api: LocalBotApi, anna: User, phone: UserClient) -> None:
    await phone.type("ricordami")
    await api.stop()
    await api.start()
    async with UserClient(api.base_url, anna.id) as again:
        assert (await again.screen()).messages[0].text == "ricordami"


async def test_each_bot_has_its_own_private_chat_with_a_person(
    api: LocalBotApi, bot: Bot, anna: User, phone: UserClient, http: aiohttp.ClientSession
) -> None:
    second = api.add_bot("Seconda", "seconda_bot")
    url = f"{api.base_url}/user/chats/{anna.id}/messages"
    async with http.post(url, params={"bot": str(second.id)}, json={"as": anna.id, "text": "tu"}) as response:
        assert response.status == 200
    assert (await phone.screen()).messages == ()
    (update,) = await Caller(api.base_url, second.token, http).updates()
    assert update["message"]["text"] == "tu"


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("messages", {"as": 1001}, "“text” is missing."),
        ("messages", {"as": "x", "text": "x"}, "“as” has the wrong type."),
        ("messages", {"as": 1001, "text": " "}, "There is nothing to send."),
        ("presses", {"as": 1001, "message_id": 99, "data": "x"}, "There is no such message here."),
        ("edits", {"as": 1001, "message_id": 99, "text": "x"}, "There is no such message here."),
        ("messages", [], "The body must be a JSON object."),
    ],
)
async def test_refusals_come_as_sentences(
    api: LocalBotApi, anna: User, http: aiohttp.ClientSession, path: str, body: object, reason: str
) -> None:
    async with http.post(f"{api.base_url}/user/chats/{anna.id}/{path}", json=body) as response:
        assert await response.json() == {"ok": False, "error": reason}
        assert response.status in (400, 404)
