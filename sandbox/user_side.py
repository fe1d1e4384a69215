"""The user side over HTTP and WebSocket: what the page and the test client speak."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from sandbox import bot_api, phone
from sandbox.call import Upload
from sandbox.errors import UserError
from sandbox.faults import Fault
from sandbox.json_values import Json
from sandbox.state import Bot, Chat, User
from sandbox.user_actions import Place, attachment_header
from sandbox.world import World

T = TypeVar("T")
_NAMES = ("127.0.0.1", "localhost", "[::1]")
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; font-src 'self'; media-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Fields:
    """A request's JSON body, read with types; a wrong one is a sentence."""

    def __init__(self, values: Json) -> None:
        self._values = values

    def text(self, name: str) -> str:
        value = self.optional_text(name)
        if value is None:
            raise UserError(f"“{name}” is missing.")
        return value

    def optional_text(self, name: str) -> str | None:
        return self._of(name, str)

    def number(self, name: str) -> int:
        value = self.optional_number(name)
        if value is None:
            raise UserError(f"“{name}” is missing.")
        return value

    def optional_number(self, name: str) -> int | None:
        return self._of(name, int)

    def degrees(self, name: str) -> float:
        value = self._values.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise UserError(f"“{name}” must be a number of degrees.")
        return float(value)

    def flag(self, name: str) -> bool:
        return bool(self._of(name, bool))

    def numbers(self, name: str) -> list[int]:
        values = self._of(name, list) or []
        if not all(isinstance(value, int) for value in values):
            raise UserError(f"“{name}” must be a list of numbers.")
        return values

    def objects(self, name: str) -> list[Json]:
        values = self._of(name, list) or []
        if not all(isinstance(value, dict) for value in values):
            raise UserError(f"“{name}” must be a list of objects.")
        return values

    def name_or_number(self, name: str) -> str | int | None:
        value = self._values.get(name)
        return value if isinstance(value, int) else self.optional_text(name)

    def _of(self, name: str, kind: type[T]) -> T | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, kind):
            raise UserError(f"“{name}” has the wrong type.")
        return value


class UserSide:
    """Answers phones. `notes` gives the cheat sheet, `letters` the mail, newest first, or None where there is
    no mailbox; `page` is the folder of the page's files.
    """

    def __init__(
        self,
        world: World,
        notes: Callable[[], list[Json]],
        letters: Callable[[], list[Json] | None],
        page: Path,
    ) -> None:
        self._world = world
        self._notes = notes
        self._letters = letters
        self._page = page

    def routes(self) -> list[web.RouteDef]:
        chat = "/user/chats/{chat}"
        return [
            web.get("/", self._index),
            web.get("/page/{file}", self._asset),
            web.get("/user/state", self._state),
            web.get("/user/events", self._events),
            web.get("/user/files/{file_id}/{name}", self._file),
            web.post("/user/users", self._add_user),
            web.post("/user/groups", self._add_group),
            web.post("/user/groups/{chat}/topics", self._add_topic),
            web.delete("/user/groups/{chat}/topics/{thread}", self._delete_topic),
            web.post("/user/groups/{chat}/members", self._set_member),
            web.post("/user/groups/{chat}/upgrade", self._upgrade),
            web.get("/user/faults", self._faults),
            web.put("/user/faults", self._switch_faults),
            web.delete("/user/faults", self._switch_faults),
            web.get(f"{chat}/screen", self._screen),
            web.post(f"{chat}/messages", self._say),
            web.delete(chat + "/messages/{message}", self._delete),
            web.post(f"{chat}/edits", self._edit),
            web.post(f"{chat}/presses", self._press),
            web.post(f"{chat}/contacts", self._contact),
            web.post(f"{chat}/locations", self._location),
            web.post(f"{chat}/stickers", self._sticker),
            web.post(f"{chat}/voices", self._voice),
            web.post(f"{chat}/files", self._send_files),
            web.post(f"{chat}/block", self._block),
        ]

    # The page

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._page_file("index.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return self._page_file(request.match_info["file"])

    def _page_file(self, name: str) -> web.StreamResponse:
        path = self._page / name
        if path.parent != self._page or not path.is_file():
            raise UserError("There is no such page.", 404)
        return web.FileResponse(path, headers=PAGE_HEADERS)

    # The world

    async def _state(self, request: web.Request) -> web.Response:
        world = self._world
        return web.json_response(
            {
                "users": [phone.user(user) for user in world.users.values()],
                "chats": [phone.chat(chat) for chat in world.all_chats()],
                "bots": [phone.bot(bot) for bot in world.bots.values()],
                "notes": self._notes(),
                "letters": self._letters(),
            }
        )

    async def _add_user(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        user = self._world.add_user(
            fields.text("first_name"),
            fields.optional_text("last_name"),
            username=fields.optional_text("username"),
            language_code=fields.optional_text("language_code") or "en",
            phone=fields.optional_text("phone"),
            note=fields.optional_text("note"),
        )
        return web.json_response(phone.user(user))

    async def _add_group(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        group = self._world.add_group(
            fields.text("title"),
            self._bot(fields.optional_number("bot_id")),
            [self._user(user_id) for user_id in fields.numbers("members")],
            is_forum=fields.flag("is_forum"),
            bot_status="member" if fields.flag("bot_is_plain_member") else "administrator",
        )
        return web.json_response(phone.chat(group))

    async def _add_topic(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        group = self._group(request)
        if not group.is_forum:
            raise UserError("Only a forum has topics.")
        by: User | Bot = self._user(fields.number("as")) if fields.optional_number("as") else group.bot
        topic = self._world.open_topic(group, by, fields.text("name"), 0x6FB9F0, None)
        return web.json_response({"thread_id": topic.thread_id, "name": topic.name})

    async def _delete_topic(self, request: web.Request) -> web.Response:
        group, by = self._group(request), self._user(_query_number(request, "as"))
        if group.members.get(by.id) not in ("creator", "administrator"):
            raise UserError("Only an administrator deletes a topic.", 403)
        topic = group.topics.get(_number(request.match_info["thread"]))
        if topic is None:
            raise UserError("There is no such topic here.", 404)
        self._world.delete_topic(group, topic)
        return web.json_response({})

    async def _faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._world.faults.shown())

    async def _switch_faults(self, request: web.Request) -> web.Response:
        """The faults of the body and no others; none without a body."""
        fields = await _fields(request)
        faults = [Fault.read(fault) for fault in fields.objects("faults")]
        bot_api.check(faults)
        self._world.faults.switch(faults, fields.optional_number("seed") or 0)
        return await self._faults(request)

    async def _set_member(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        group, by = self._group(request), self._user(fields.number("as"))
        status = fields.text("status")
        if status not in ("administrator", "member", "left"):
            raise UserError("A member is an administrator, a member or left.")
        user = self._user(fields.number("user"))
        self._world.set_member(group, user, None if status == "left" else status, by=by)  # type: ignore[arg-type]
        return web.json_response(phone.chat(group))

    async def _upgrade(self, request: web.Request) -> web.Response:
        group = self._group(request)
        if group.type != "group" or group.migrated_to is not None:
            raise UserError("Only a basic group can be upgraded, once.", 409)
        return web.json_response(phone.chat(self._world.upgrade_group(group)))

    # One chat

    async def _screen(self, request: web.Request) -> web.Response:
        place = self._place(request, _query_number(request, "as"))
        thread = _query_number(request, "thread") if "thread" in request.query else None
        return web.json_response(place.screen(thread))

    async def _say(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        message = self._place(request, fields.number("as")).say(
            fields.text("text"),
            thread=fields.optional_number("thread"),
            reply_to=fields.optional_number("reply_to"),
            forwarded_from=fields.name_or_number("forwarded_from"),
            anonymous=fields.flag("anonymous"),
        )
        return web.json_response(phone.message(message))

    async def _edit(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        place = self._place(request, fields.number("as"))
        return web.json_response(phone.message(place.edit(fields.number("message_id"), fields.text("text"))))

    async def _delete(self, request: web.Request) -> web.Response:
        place = self._place(request, _query_number(request, "as"))
        place.delete(_number(request.match_info["message"]))
        return web.json_response({})

    async def _press(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        data = fields.optional_text("data")
        query_id = self._place(request, fields.number("as")).press(
            fields.number("message_id"),
            data=data,
            row=0 if data is not None else fields.number("row"),
            column=0 if data is not None else fields.number("column"),
            stale=fields.flag("stale"),
        )
        return web.json_response({"callback_query_id": query_id})

    async def _contact(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        place = self._place(request, fields.number("as"))
        whose = fields.optional_number("of")
        message = place.share_contact(
            fields.optional_text("phone"),
            whose=place.user if whose is None else self._user(whose),
            thread=fields.optional_number("thread"),
        )
        return web.json_response(phone.message(message))

    async def _location(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        message = self._place(request, fields.number("as")).share_location(
            fields.degrees("latitude"),
            fields.degrees("longitude"),
            thread=fields.optional_number("thread"),
        )
        return web.json_response(phone.message(message))

    async def _sticker(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        place = self._place(request, fields.number("as"))
        return web.json_response(phone.message(place.send_sticker(thread=fields.optional_number("thread"))))

    async def _voice(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        place = self._place(request, fields.number("as"))
        return web.json_response(phone.message(place.send_voice(thread=fields.optional_number("thread"))))

    async def _send_files(self, request: web.Request) -> web.Response:
        form = await request.post()
        uploads = [
            Upload(part.filename or "file", part.content_type, part.file.read())
            for part in form.getall("file", [])
            if isinstance(part, web.FileField)
        ]
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        messages = self._place(request, _number(texts.get("as", ""))).send_files(
            uploads,
            kind=texts.get("kind", "document"),
            caption=texts.get("caption", ""),
            thread=_number(texts["thread"]) if "thread" in texts else None,
        )
        return web.json_response({"messages": [phone.message(message) for message in messages]})

    async def _block(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        self._place(request, fields.number("as")).block(blocked=fields.flag("blocked"))
        return web.json_response({})

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.files.get(request.match_info["file_id"])
        if file is None:
            raise UserError("There is no such file.", 404)
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        if file.picture is not None:
            return web.Response(body=file.data, content_type=file.picture.mime_type, headers=headers)
        headers["Content-Disposition"] = attachment_header(file.name)
        return web.Response(body=file.data, content_type="application/octet-stream", headers=headers)

    # Events

    async def _events(self, request: web.Request) -> web.StreamResponse:
        user = self._user(_query_number(request, "as"))
        socket = web.WebSocketResponse(heartbeat=30.0)
        mailbox = self._world.hub.open(user.id)
        try:
            await socket.prepare(request)
            reader = asyncio.ensure_future(_until_closed(socket))
            try:
                while (event := await _next(mailbox.get(), reader)) is not None:
                    await socket.send_str(json.dumps(event, ensure_ascii=False))
            finally:
                reader.cancel()
                with suppress(asyncio.CancelledError):
                    await reader
        except ConnectionError:
            # The phone has gone; it reads the screen when it is back.
            pass
        finally:
            self._world.hub.drop(mailbox)
            await socket.close()
        return socket

    # Who and where

    def _user(self, user_id: int) -> User:
        user = self._world.users.get(user_id)
        if user is None:
            raise UserError("There is no such person.", 404)
        return user

    def _bot(self, bot_id: int | None) -> Bot:
        bots = self._world.bots
        bot = bots.get(bot_id) if bot_id is not None else next(iter(bots.values()), None)
        if bot is None:
            raise UserError("There is no such bot.", 404)
        return bot

    def _group(self, request: web.Request) -> Chat:
        group = self._world.groups.get(_number(request.match_info["chat"]))
        if group is None:
            raise UserError("There is no such group.", 404)
        return group

    def _place(self, request: web.Request, user_id: int) -> Place:
        """The person in the chat of the path; with several bots, `?bot=` says whose private chat is meant."""
        user = self._user(user_id)
        chat_id = _number(request.match_info["chat"])
        if chat_id == user.id:
            bot = self._bot(_query_number(request, "bot") if "bot" in request.query else None)
            return Place(self._world, user, self._world.private_chat(bot, user))
        group = self._world.groups.get(chat_id)
        if group is None or user.id not in group.members:
            raise UserError("This person is not in such a chat.", 404)
        return Place(self._world, user, group)


async def _next(event: Any, reader: asyncio.Future[None]) -> Json | None:
    """The next event, or `None` when the phone closes first."""
    waiting = asyncio.ensure_future(event)
    try:
        await asyncio.wait({waiting, reader}, return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()


async def _until_closed(socket: web.WebSocketResponse) -> None:
    async for message in socket:
        if message.type is WSMsgType.ERROR:
            return


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UserError("A number is missing or is none.") from None


def _query_number(request: web.Request, name: str) -> int:
    return _number(request.query.get(name, ""))


async def _fields(request: web.Request) -> Fields:
    try:
        values = json.loads(await request.read() or b"{}")
    except ValueError:
        raise UserError("The body is not JSON.") from None
    if not isinstance(values, dict):
        raise UserError("The body must be a JSON object.")
    return Fields(values)


def guard(port: Callable[[], int]) -> Any:
    """A middleware: only this machine's own names and the page's own origin reach the user side."""

    @web.middleware
    async def check(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith(("/bot", "/file/")):
            return await _answer(handler, request)
        hosts = {f"{name}:{port()}" for name in _NAMES}
        origin = request.headers.get("Origin")
        if request.headers.get("Host") not in hosts:
            return _refused(UserError("This page answers only to this machine's own names.", 403))
        if origin is not None and origin != f"http://{request.headers['Host']}":
            return _refused(UserError("Another site may not act here.", 403))
        return await _answer(handler, request)

    return check


async def _answer(handler: Any, request: web.Request) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except UserError as refusal:
        return _refused(refusal)
    except web.HTTPException as refusal:
        if request.path.startswith(("/bot", "/file/")):
            body = {"ok": False, "error_code": refusal.status, "description": refusal.reason}
            return web.json_response(body, status=refusal.status)
        return _refused(UserError(f"{refusal.reason}.", refusal.status))
    return response


def _refused(refusal: UserError) -> web.Response:
    return web.json_response({"ok": False, "error": refusal.sentence}, status=refusal.status)
