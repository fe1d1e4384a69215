"""Groups, their members, forums and their topics."""

from __future__ import annotations

import telegram

from sandbox.client import UserClient
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User
from tests.sandbox.conftest import Caller


async def test_a_bot_added_to_a_group_is_told_so(
    api: LocalBotApi, bot: Bot, anna: User, bruno: User, ptb: telegram.Bot
) -> None:
    group = api.add_group("Squadra", bot, [anna, bruno])
    joined, created = await ptb.get_updates()
    assert joined.my_chat_member is not None
    assert joined.my_chat_member.new_chat_member.status == "administrator"
    assert created.message is not None
    assert created.message.group_chat_created
    admins = await ptb.get_chat_administrators(group.id)
    assert [(a.user.id, a.status) for a in admins] == [(anna.id, "creator"), (bot.id, "administrator")]
    assert (await ptb.get_chat_member(group.id, bruno.id)).status == "member"
    assert (await ptb.get_chat(group.id)).title == "Squadra"


async def test_members_can_join_and_leave_a_group(
    api: LocalBotApi, bot: Bot, anna: User, bruno: User, call: Caller, phone: UserClient
) -> None:
    group = api.add_group("Squadra", bot, [anna])
    await call.updates(allowed_updates=["message", "chat_member"])
    path = f"/user/groups/{group.id}/members"
    for status in ("member", "administrator", "left"):
        await phone._send("POST", path, json={"as": anna.id, "user": bruno.id, "status": status})
    updates = await call.updates()
    changes = [u["chat_member"]["new_chat_member"]["status"] for u in updates if "chat_member" in u]
    assert changes == ["member", "administrator", "left"]
    services = [
        next(iter(u["message"].keys() & {"new_chat_members", "left_chat_member"}))
        for u in updates
        if "message" in u
    ]
    assert services == ["new_chat_members", "left_chat_member"]


async def test_calls_to_an_upgraded_group_are_answered_with_its_new_id(
    api: LocalBotApi, bot: Bot, anna: User, call: Caller, phone: UserClient
) -> None:
    group = api.add_group("Squadra", bot, [anna])
    async with phone.at(group.id) as there:
        new = await there.upgrade()
    assert await call.answer("sendMessage", chat_id=group.id, text="x") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }
    updates = await call.updates()
    assert updates[-2]["message"]["migrate_to_chat_id"] == new
    assert updates[-1]["message"]["migrate_from_chat_id"] == group.id
    assert (await call("sendMessage", chat_id=new, text="x"))["chat"]["type"] == "supergroup"


async def test_a_deleted_topic_loses_its_messages_and_takes_no_more(
    api: LocalBotApi, bot: Bot, anna: User, call: Caller, phone: UserClient
) -> None:
    forum = api.add_group("Assistenza", bot, [anna], is_forum=True)
    thread = (await call("createForumTopic", chat_id=forum.id, name="Ticket"))["message_thread_id"]
    await call("sendMessage", chat_id=forum.id, text="eccomi", message_thread_id=thread)
    async with phone.at(forum.id) as there:
        await there.delete_topic(thread)
        assert "eccomi" not in [message.text for message in (await there.screen()).messages]
    refusal = await call.refusal("sendMessage", chat_id=forum.id, text="x", message_thread_id=thread)
    assert refusal == "Bad Request: message thread not found"


async def test_a_bot_as_plain_member_gets_only_messages_meant_for_it(
    api: LocalBotApi, bot: Bot, anna: User, call: Caller, phone: UserClient
) -> None:
    fields = {"title": "Squadra", "members": [anna.id], "bot_is_plain_member": True}
    group = await phone._send("POST", "/user/groups", json=fields)
    await call.updates()
    mine = await call("sendMessage", chat_id=group["id"], text="eccomi")
    pinned = await call.refusal("pinChatMessage", chat_id=group["id"], message_id=mine["message_id"])
    assert pinned == "Bad Request: not enough rights to manage pinned messages in the chat"
    async with phone.at(group["id"]) as there:
        for text in ("ciao a tutti", "/aiuto", "/aiuto@altro_bot", "chiedi a @prova_bot"):
            await there.type(text)
        await there.type("grazie", reply_to=mine["message_id"])
    heard = [update["message"]["text"] for update in await call.updates()]
    assert heard == ["/aiuto", "chiedi a @prova_bot", "grazie"]


async def test_a_bot_that_left_or_was_removed_cannot_write(
    api: LocalBotApi, bot: Bot, anna: User, call: Caller, phone: UserClient
) -> None:
    group = api.add_group("Squadra", bot, [anna])
    async with phone.at(group.id) as there:
        await there.block()
        kicked = await call.refusal("sendMessage", chat_id=group.id, text="x")
        assert kicked == "Forbidden: bot was kicked from the group chat"
        await there.block(False)
    await call("leaveChat", chat_id=group.id)
    left = await call.refusal("sendMessage", chat_id=group.id, text="x")
    assert left == "Forbidden: bot is not a member of the group chat"
    assert (await call.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "left"


async def test_a_topic_can_be_opened_renamed_closed_and_deleted(
    api: LocalBotApi, bot: Bot, anna: User, ptb: telegram.Bot, call: Caller, phone: UserClient
) -> None:
    forum = api.add_group("Assistenza", bot, [anna], is_forum=True)
    topic = await ptb.create_forum_topic(forum.id, "Ticket 1")
    thread = topic.message_thread_id
    sent = await ptb.send_message(forum.id, "Aperto", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    await call.updates()
    async with phone.at(forum.id, thread) as there:
        await there.type("Me ne occupo io")
        assert [m.text for m in (await there.screen()).messages[1:]] == ["Aperto", "Me ne occupo io"]
    async with phone.at(forum.id, 1) as general:
        await general.type("Buongiorno")
    inside, outside = [update["message"] for update in await call.updates()]
    assert inside["message_thread_id"] == thread
    assert inside["reply_to_message"]["forum_topic_created"]["name"] == "Ticket 1"
    assert "message_thread_id" not in outside
    await ptb.edit_forum_topic(forum.id, thread, name="Ticket 1 ✓")
    await ptb.close_forum_topic(forum.id, thread)
    here = {"chat_id": forum.id, "message_thread_id": thread}
    assert await call.refusal("closeForumTopic", **here) == "Bad Request: TOPIC_NOT_MODIFIED"
    await ptb.reopen_forum_topic(forum.id, thread)
    await ptb.delete_forum_topic(forum.id, thread)
    assert await call.refusal("sendMessage", **here, text="x") == "Bad Request: message thread not found"
    assert await call.refusal("closeForumTopic", **here) == "Bad Request: TOPIC_ID_INVALID"
    assert (
        await call.refusal("createForumTopic", chat_id=forum.id, name=" ")
        == "Bad Request: title must be non-empty"
    )
    group = api.add_group("Squadra", bot, [anna])
    assert (
        await call.refusal("createForumTopic", chat_id=group.id, name="x")
        == "Bad Request: the chat is not a forum"
    )
