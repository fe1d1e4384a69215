"""A second, independent client: aiogram calls every method and reads every kind of update.

Runs in aiogram's own environment (`make test` makes it), started by `test_second_client.py`:

    python client.py <base url> <token> <user id> <other user id> <group id> <forum id>

The people's side is spoken over plain HTTP. Prints one JSON object, in which `unknown` lists the fields that
aiogram's models do not know; a validation error ends it with a traceback.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from typing import Any

import aiohttp
from aiogram import Bot  # type: ignore[import-not-found]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]
from aiogram.exceptions import TelegramAPIError  # type: ignore[import-not-found]
from aiogram.types import (  # type: ignore[import-not-found]
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from pydantic import BaseModel  # the models that aiogram parses answers into

KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
VOICE = b"OggS a voice message"
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Go", callback_data="go"),
            InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="IT001E00000001")),
            InlineKeyboardButton(text="Read", url="https://docs.example/"),
        ]
    ]
)


def unknown_fields(value: object, path: str) -> Iterable[str]:
    """The places where an answer holds a field that the models do not know."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}.{name}"
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from unknown_fields(item, path)


class Person:
    """The people's side, as far as needed here."""

    def __init__(self, http: aiohttp.ClientSession, user_id: int) -> None:
        self._http = http
        self.id = user_id

    async def does(self, what: str, chat: int | None = None, **fields: Any) -> Any:
        path = f"/user/chats/{chat or self.id}/{what}"
        async with self._http.post(path, json={"as": self.id, **fields}) as response:
            response.raise_for_status()
            return await response.json()

    async def sends_files(self, count: int, kind: str) -> None:
        form = aiohttp.FormData({"as": str(self.id), "kind": kind, "caption": "here"})
        for number in range(count):
            form.add_field("file", PNG, filename=f"{number}.png", content_type="image/png")
        async with self._http.post(f"/user/chats/{self.id}/files", data=form) as response:
            response.raise_for_status()


class Trial:
    """Calls and their outcomes."""

    def __init__(self, bot: Bot, person: Person, other: int, group: int, forum: int) -> None:
        self.bot, self.person, self.other, self.group, self.forum = bot, person, other, group, forum
        self.chat = person.id
        self.called: list[str] = []
        self.unknown: list[str] = []
        self.contents: set[str] = set()
        self.kinds: set[str] = set()
        self._offset = 0

    async def call(self, method: str, *args: Any, **params: Any) -> Any:
        result = await getattr(self.bot, method)(*args, **params)
        self.called.append(method)
        self.unknown.extend(unknown_fields(result, method))
        return result

    async def updates(self) -> list[Update]:
        updates: list[Update] = await self.call("get_updates", offset=self._offset, allowed_updates=KINDS)
        for update in updates:
            self._offset = update.update_id + 1
            self.kinds.add(update.event_type)
            if update.message is not None:
                self.contents.add(str(update.message.content_type.value))
        return updates

    async def run(self) -> None:
        await self.profile()
        await self.updates()
        await self.messages()
        await self.files()
        await self.what_people_send()
        await self.groups()
        await self.delivery()

    async def profile(self) -> None:
        await self.call("get_me")
        await self.call("set_my_commands", [BotCommand(command="start", description="Start")])
        await self.call(
            "set_my_commands",
            [BotCommand(command="pod", description="POD")],
            BotCommandScopeAllPrivateChats(),
            language_code="it",
        )
        assert (await self.call("get_my_commands"))[0].command == "start"
        await self.call("delete_my_commands", BotCommandScopeAllPrivateChats(), language_code="it")
        for setter, getter, text in (
            ("set_my_name", "get_my_name", "name"),
            ("set_my_description", "get_my_description", "description"),
            ("set_my_short_description", "get_my_short_description", "short_description"),
        ):
            await self.call(setter, **{text: "Prova"})
            assert getattr(await self.call(getter), text) == "Prova"
        await self.call("set_chat_menu_button", menu_button=MenuButtonCommands())
        assert isinstance(await self.call("get_chat_menu_button"), MenuButtonCommands)

    async def messages(self) -> None:
        chat = self.chat
        asked = await self.person.does("messages", text="/start now")
        await self.call("send_chat_action", chat, "typing")
        sent = await self.call(
            "send_message",
            chat,
            "<b>Ready</b> <a href='https://docs.example/'>docs</a> "
            "<pre><code class='language-python'>x</code></pre>",
            parse_mode="HTML",
            reply_markup=KEYBOARD,
            reply_parameters=ReplyParameters(message_id=asked["message_id"]),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            disable_notification=True,
        )
        await self.person.does("presses", message_id=sent.message_id, row=0, column=0)
        pressed = next(u.callback_query for u in await self.updates() if u.callback_query)
        await self.call("answer_callback_query", pressed.id, text="Done", show_alert=True)
        here = {"chat_id": chat, "message_id": sent.message_id}
        edited = await self.call("edit_message_text", "Steady", **here, reply_markup=KEYBOARD)
        assert edited.text == "Steady"
        await self.call("edit_message_reply_markup", **here)
        copied = await self.call("copy_message", chat, chat, sent.message_id)
        forwarded = await self.call("forward_message", chat, chat, sent.message_id)
        await self.call("pin_chat_message", chat, sent.message_id)
        await self.call("get_chat", chat)
        await self.call("unpin_chat_message", chat, message_id=sent.message_id)
        await self.call("delete_message", chat, copied.message_id)
        await self.call("delete_messages", chat, [forwarded.message_id])
        keys = [[KeyboardButton(text="Number", request_contact=True)]]
        for markup in (
            ReplyKeyboardMarkup(keyboard=keys, one_time_keyboard=True),
            ForceReply(input_field_placeholder="…"),
            ReplyKeyboardRemove(),
        ):
            await self.call("send_message", chat, "Your number?", reply_markup=markup)
        await self.call("get_chat_member", chat, self.person.id)

    async def files(self) -> None:
        chat = self.chat
        document, photo = BufferedInputFile(b"content", "file.txt"), BufferedInputFile(PNG, "file.png")
        sent = await self.call("send_document", chat, document, caption="<i>File</i>", parse_mode="HTML")
        await self.call("send_photo", chat, photo, protect_content=True)
        await self.call("send_voice", chat, BufferedInputFile(VOICE, "voice.ogg"), caption="said")
        album = [
            InputMediaDocument(media=document, caption="first"),
            InputMediaDocument(media=sent.document.file_id),
        ]
        assert len(await self.call("send_media_group", chat, album)) == 2
        here = {"chat_id": chat, "message_id": sent.message_id}
        await self.call("edit_message_caption", **here, caption="Another")
        await self.call("edit_message_media", InputMediaPhoto(media=photo), **here)
        file = await self.call("get_file", sent.document.file_id)
        content = await self.bot.download_file(file.file_path)
        assert content.read() == b"content"

    async def what_people_send(self) -> None:
        person = self.person
        said = await person.does(
            "messages", text="see https://docs.example/ and /help", forwarded_from="Someone"
        )
        own = await person.does("messages", text="yes", reply_to=said["message_id"])
        await person.does("messages", text="from a colleague", forwarded_from=self.other)
        await person.does("edits", message_id=own["message_id"], text="no")
        await person.does("contacts")
        await person.does("stickers")
        await person.does("voices")
        await person.sends_files(2, "photo")
        await person.sends_files(2, "document")
        await person.does("block", blocked=True)
        await person.does("block", blocked=False)
        await self.updates()

    async def groups(self) -> None:
        await self.call("get_chat_administrators", self.group)
        assert await self.call("get_chat_member_count", self.group) == 3
        for who in (self.person.id, self.other, self.bot.id, 999):
            try:
                await self.call("get_chat_member", self.group, who)
            except TelegramAPIError as refusal:
                assert who == 999, refusal  # noqa: PT017 -- it is refused for a stranger only
        path = f"/user/groups/{self.group}/members"
        for status in ("administrator", "left"):
            fields = {"as": self.person.id, "user": self.other, "status": status}
            async with self.person._http.post(path, json=fields) as response:
                response.raise_for_status()
        forum = self.forum
        thread = (
            await self.call("create_forum_topic", forum, "Ticket", icon_color=0xFFD67E)
        ).message_thread_id
        await self.call("send_message", forum, "Opened", message_thread_id=thread)
        await self.call("edit_forum_topic", forum, thread, name="Ticket 1")
        await self.call("close_forum_topic", forum, thread)
        await self.call("reopen_forum_topic", forum, thread)
        await self.person.does("messages", forum, text="mine", thread=thread)
        await self.call("get_chat", forum)
        await self.updates()
        await self.call("delete_forum_topic", forum, thread)
        async with self.person._http.post(f"/user/groups/{self.group}/upgrade", json={}) as response:
            response.raise_for_status()
        await self.call("leave_chat", forum)
        await self.updates()

    async def delivery(self) -> None:
        await self.call("set_webhook", "http://127.0.0.1:1/", secret_token="made-up", allowed_updates=KINDS)
        assert (await self.call("get_webhook_info")).url == "http://127.0.0.1:1/"
        await self.call("delete_webhook", drop_pending_updates=True)
        await self.call("log_out")
        await self.call("close")


async def main(base: str, token: str, *ids: str) -> None:
    user, other, group, forum = (int(number) for number in ids)
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    async with aiohttp.ClientSession(base) as http, Bot(token, session=session) as bot:
        trial = Trial(bot, Person(http, user), other, group, forum)
        await trial.run()
    print(  # noqa: T201 -- the answer to whoever started it
        json.dumps(
            {
                "called": sorted(set(trial.called)),
                "kinds": sorted(trial.kinds),
                "contents": sorted(trial.contents),
                "unknown": sorted(set(trial.unknown)),
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
