"""Methods about chats and their members."""

from __future__ import annotations

from sandbox import render
from sandbox.call import Call, method
from sandbox.errors import bad_request
from sandbox.json_values import Json
from sandbox.state import Bot, Chat, User


def participant(call: Call, chat: Chat) -> User | Bot:
    """The account that `user_id` names."""
    user_id = call.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    if user_id == call.bot.id:
        return call.bot
    user = call.world.users.get(user_id)
    if user is None or (chat.private and user is not chat.user):
        raise bad_request("user not found" if user is None else "member not found")
    return user


@method("getChat")
async def get_chat(call: Call) -> Json:
    return render.full_chat(call.chat())


@method("getChatMember")
async def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    who = participant(call, chat)
    if chat.private:
        return {"status": "member", "user": render.account(who)}
    return render.member(chat, who)


@method("getChatAdministrators")
async def get_chat_administrators(call: Call) -> list[Json]:
    chat = call.chat()
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    users = [
        call.world.users[i] for i, status in chat.members.items() if status in ("creator", "administrator")
    ]
    return [render.member(chat, user) for user in users] + (
        [render.member(chat, call.bot)] if chat.bot_status == "administrator" else []
    )


@method("getChatMemberCount")
async def get_chat_member_count(call: Call) -> int:
    chat = call.chat()
    if chat.private:
        return 2
    present = [status for status in chat.members.values() if status not in ("left", "kicked")]
    return len(present) + (chat.bot_status not in ("left", "kicked"))


@method("leaveChat")
async def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    call.world.service(chat, call.bot, {"left_chat_member": render.account(call.bot)})
    call.world.set_bot_status(chat, "left", by=call.bot)
    return True
