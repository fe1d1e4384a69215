"""A person at a phone, for tests: types, presses, sends files, and waits for what the screen shows.

Waiting is driven by the user side's WebSocket: nothing is polled and nothing sleeps.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

from sandbox.faults import Fault

Json = dict[str, Any]
T = TypeVar("T")


class RefusedError(Exception):
    """The user side refused: what the real app would not let a person do. `sentence` says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard; exactly one of the last three is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the phone shows it; `raw` is the user side's object. `text` is also a caption."""

    message_id: int
    from_bot: bool
    kind: str
    text: str
    html: str
    rows: tuple[tuple[Button, ...], ...]
    raw: Json = field(repr=False)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.text for button in self.buttons)


@dataclass(frozen=True, slots=True)
class Screen:
    """A chat as the phone shows it, oldest message first; `raw` is the user side's object."""

    messages: tuple[Shown, ...]
    typing: bool
    can_write: bool
    pinned: int | None
    reply_keyboard: Json | None
    commands: tuple[str, ...]
    raw: Json = field(repr=False)

    @property
    def last(self) -> Shown | None:
        return self.messages[-1] if self.messages else None

    @property
    def from_bot(self) -> tuple[Shown, ...]:
        """The bot's messages."""
        return tuple(message for message in self.messages if message.from_bot)

    def message(self, message_id: int) -> Shown | None:
        return next((m for m in self.messages if m.message_id == message_id), None)

    def with_button(self, label: str) -> Shown | None:
        """The newest message with a button of that label."""
        return next((m for m in reversed(self.messages) if label in m.labels), None)


@dataclass(frozen=True, slots=True)
class PressAnswer:
    """The bot's answer to a press."""

    callback_query_id: str
    text: str
    alert: bool


class UserClient:
    """The phone of one person. `chat` is where they act: their private chat unless a group is given.

        async with UserClient(api.base_url, user.id) as phone:
            await phone.type("/start")
            await phone.wait_for(lambda screen: screen.with_button("Continua"))
            await phone.press("Continua")

    Every method raises `RefusedError` where the real app would not let the person do it.
    """

    def __init__(
        self, base_url: str, user_id: int, *, chat: int | None = None, thread: int | None = None
    ) -> None:
        self.user_id = user_id
        self.chat = user_id if chat is None else chat
        self.thread = thread
        self._base_url = base_url
        self._http: aiohttp.ClientSession | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._version = 0
        self._closed = False
        self.events: list[Json] = []

    @classmethod
    async def create(cls, base_url: str, first_name: str, **details: str) -> Self:
        """A phone for a new person; `details` are the other fields of `POST /user/users`."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{base_url}/user/users", json={"first_name": first_name, **details}) as response,
        ):
            return cls(base_url, (await _body(response))["id"])

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(self._base_url)
        socket = await self._http.ws_connect("/user/events", params={"as": str(self.user_id)})
        self._reader = asyncio.create_task(self._read(socket))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        await self._session.close()

    def at(self, chat: int, thread: int | None = None) -> UserClient:
        """The same person in another chat or topic; enter it like any client."""
        return UserClient(self._base_url, self.user_id, chat=chat, thread=thread)

    # What the person does

    async def type(
        self,
        text: str,
        *,
        reply_to: int | None = None,
        forwarded_from: str | int | None = None,
        anonymous: bool = False,
    ) -> Shown:
        """Sends a text. `forwarded_from` says whose it is: a hidden person's name or an account's id.
        `anonymous`: as an administrator who does not say which.
        """
        extra = {"reply_to": reply_to, "forwarded_from": forwarded_from, "thread": self.thread}
        if anonymous:
            extra["anonymous"] = True
        return _shown(await self._act("messages", {"text": text, **_given(extra)}))

    async def edit(self, message_id: int, text: str) -> Shown:
        """Edits one's own message."""
        return _shown(await self._act("edits", {"message_id": message_id, "text": text}))

    async def delete(self, message_id: int) -> None:
        """Deletes a message."""
        await self._send("DELETE", f"{self._path}/messages/{message_id}", params={"as": str(self.user_id)})

    async def press(
        self,
        label: str | None = None,
        *,
        data: str | None = None,
        message_id: int | None = None,
        stale: bool = False,
    ) -> str:
        """Presses the button with a label (on the newest message that has it) or with callback data.

        `stale` with `data` and `message_id` presses a button that the message showed earlier. Returns the
        callback query's id.
        """
        if data is None:
            message, data = await self._find(label or "", message_id)
            message_id = message.message_id
        elif message_id is None:
            screen = await self.screen()
            holders = [m.message_id for m in screen.messages if any(b.data == data for b in m.buttons)]
            if not holders:
                raise RefusedError(409, f"No message shows a button with the data {data!r}.")
            message_id = holders[-1]
        press = {"message_id": message_id, "data": data, "stale": stale}
        return str((await self._act("presses", press))["callback_query_id"])

    async def _find(self, label: str, message_id: int | None) -> tuple[Shown, str]:
        screen = await self.screen()
        message = screen.with_button(label) if message_id is None else screen.message(message_id)
        data = next((b.data for b in message.buttons if b.text == label), None) if message else None
        if message is None or data is None:
            raise RefusedError(409, f"No message shows a button “{label}” to press.")
        return message, data

    async def share_contact(self, phone: str | None = None, *, of: int | None = None) -> Shown:
        """Shares one's own contact, or that of the person `of`; `phone` stands in for their number."""
        given = {"phone": phone, "of": of, "thread": self.thread}
        return _shown(await self._act("contacts", _given(given)))

    async def share_location(self, latitude: float, longitude: float) -> Shown:
        """Shares a place, in degrees."""
        given = {"latitude": latitude, "longitude": longitude, "thread": self.thread}
        return _shown(await self._act("locations", _given(given)))

    async def send_sticker(self) -> Shown:
        return _shown(await self._act("stickers", _given({"thread": self.thread})))

    async def send_voice(self) -> Shown:
        return _shown(await self._act("voices", _given({"thread": self.thread})))

    async def send_file(
        self, file: Path | bytes, *, name: str | None = None, caption: str = "", kind: str = "document"
    ) -> Shown:
        """Sends one file, as a `document` or a `photo`."""
        return (await self.send_album([(name, file)], caption=caption, kind=kind))[0]

    async def send_album(
        self, files: Sequence[tuple[str | None, Path | bytes]], *, caption: str = "", kind: str = "document"
    ) -> list[Shown]:
        """Sends several files at once, as (name, content); without a name, a path's own serves."""
        fields = {"as": str(self.user_id), "kind": kind, "caption": caption}
        form = aiohttp.FormData(fields, quote_fields=False)  # names as browsers send them
        if self.thread is not None:
            form.add_field("thread", str(self.thread))
        for name, file in files:
            data = file.read_bytes() if isinstance(file, Path) else file
            form.add_field(
                "file",
                io.BytesIO(data),
                filename=name or (file.name if isinstance(file, Path) else "file.bin"),
            )
        answer = await self._send("POST", f"{self._path}/files", data=form)
        return [_shown(message) for message in answer["messages"]]

    async def block(self, blocked: bool = True) -> None:
        """Blocks the bot, or unblocks it; in a group, removes it or adds it again."""
        await self._act("block", {"blocked": blocked})

    async def delete_topic(self, thread: int) -> None:
        """Deletes a topic of the group with everything in it."""
        await self._send(
            "DELETE", f"/user/groups/{self.chat}/topics/{thread}", params={"as": str(self.user_id)}
        )

    async def upgrade(self) -> int:
        """Makes the group a supergroup; returns its new id."""
        return int((await self._send("POST", f"/user/groups/{self.chat}/upgrade"))["id"])

    # What goes wrong on the way

    async def switch_faults(self, *faults: Fault, seed: int = 0) -> None:
        """These faults from now on and no others, between the server's bots and everybody."""
        await self._send(
            "PUT", "/user/faults", json={"seed": seed, "faults": [asdict(fault) for fault in faults]}
        )

    async def faults(self) -> Json:
        """The active faults, and how often each happened."""
        return await self._send("GET", "/user/faults")

    # What the person sees

    async def screen(self) -> Screen:
        """The chat as it is now."""
        params = {"as": str(self.user_id)} | ({} if self.thread is None else {"thread": str(self.thread)})
        raw = await self._send("GET", f"{self._path}/screen", params=params)
        return Screen(
            messages=tuple(_shown(message) for message in raw["messages"]),
            typing=raw["typing"],
            can_write=raw["can_write"],
            pinned=raw.get("pinned"),
            reply_keyboard=raw["reply_keyboard"],
            commands=tuple(command["command"] for command in raw["commands"]),
            raw=raw,
        )

    async def download(self, message: Shown) -> bytes:
        """The bytes of a message's document, photo or voice message."""
        file = message.raw.get("document") or message.raw.get("voice") or message.raw["photo"]
        async with self._session.get(file["url"]) as response:
            return await response.read()

    async def wait_for(self, predicate: Callable[[Screen], T | None], timeout: float = 5.0) -> T:
        """Waits until `predicate(screen)` is true and returns its value.

        Raises `TimeoutError`, with what the screen showed last, after `timeout` seconds.
        """
        latest: list[Screen] = []

        async def check() -> T | None:
            latest[:] = [await self.screen()]
            return predicate(latest[0])

        try:
            async with asyncio.timeout(timeout):
                return await self._until(check)
        except TimeoutError:
            texts = [message.text for message in latest[0].messages[-5:]] if latest else []
            raise TimeoutError(f"not on the screen within {timeout} s; its last messages: {texts}") from None

    async def wait_for_answer(self, callback_query_id: str, timeout: float = 5.0) -> PressAnswer:
        """Waits for the bot's answer to a press."""

        async def check() -> PressAnswer | None:
            for event in self.events:
                if event.get("callback_query_id") == callback_query_id:
                    return PressAnswer(callback_query_id, event.get("text", ""), event["alert"])
            return None

        async with asyncio.timeout(timeout):
            return await self._until(check)

    async def _until(self, check: Callable[[], Awaitable[T | None]]) -> T:
        while True:
            seen = self._version
            if value := await check():
                return value
            async with self._news:
                await self._news.wait_for(partial(self._is_news_since, seen))
                if self._closed:
                    raise ConnectionError("the local Bot API closed the connection")

    def _is_news_since(self, version: int) -> bool:
        return self._version != version or self._closed

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self.events.append(json.loads(message.data))
                    async with self._news:
                        self._version += 1
                        self._news.notify_all()
        finally:
            await socket.close()
            async with self._news:
                self._closed = True
                self._news.notify_all()

    # The way there

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("use `async with` to switch the phone on")
        return self._http

    @property
    def _path(self) -> str:
        return f"/user/chats/{self.chat}"

    async def _act(self, what: str, fields: Json) -> Json:
        return await self._send("POST", f"{self._path}/{what}", json={"as": self.user_id, **fields})

    async def _send(self, verb: str, path: str, **request: Any) -> Json:
        async with self._session.request(verb, path, **request) as response:
            return await _body(response)


async def _body(response: aiohttp.ClientResponse) -> Json:
    body: Json = await response.json()
    if response.status >= 400:
        raise RefusedError(response.status, body.get("error", ""))
    return body


def _shown(raw: Json) -> Shown:
    rows = (raw["keyboard"] or {}).get("inline", [])
    return Shown(
        message_id=raw["message_id"],
        from_bot=raw["from"]["is_bot"],
        kind=raw["kind"],
        text=raw.get("text", ""),
        html=raw.get("html", ""),
        rows=tuple(tuple(_button(button) for button in row) for row in rows),
        raw=raw,
    )


def _button(raw: Json) -> Button:
    return Button(raw["text"], raw.get("callback_data"), raw.get("url"), raw.get("copy_text"))


def _given(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}
