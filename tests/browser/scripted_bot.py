"""A tiny bot that speaks the Bot API directly, so that the page is tested without the product's own bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self

import aiohttp

Json = dict[str, Any]
Answer = Callable[["ScriptedBot", Json], Awaitable[None]]
Upload = tuple[str, bytes]

_POLL_SECONDS = 20


class ScriptedBot:
    """A bot that polls for updates and hands each to `answer`, which a test may replace at any time."""

    def __init__(self, base_url: str, token: str, answer: Answer) -> None:
        self._url = f"{base_url}/bot{token}"
        self.answer = answer
        self.presses: list[str] = []

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self._loop = asyncio.create_task(self._poll())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._loop.cancel()
        with suppress(asyncio.CancelledError):
            await self._loop
        await self._session.close()

    async def call(self, method: str, **params: Any) -> Any:
        """A Bot API call; a parameter given as `(name, bytes)` is uploaded."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in params.items():
            if isinstance(value, tuple):
                form.add_field(name, value[1], filename=value[0])
            else:
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        async with self._session.post(f"{self._url}/{method}", data=form) as response:
            body = await response.json()
        assert body["ok"], f"{method}: {body}"
        return body["result"]

    async def say(self, chat: int, text: str, keyboard: Json | None = None, **more: Any) -> Json:
        """Send HTML text, with a keyboard if one is given."""
        markup = {"reply_markup": keyboard} if keyboard else {}
        sent: Json = await self.call(
            "sendMessage", chat_id=chat, text=text, parse_mode="HTML", **markup, **more
        )
        return sent

    async def _poll(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=_POLL_SECONDS):
                offset = update["update_id"] + 1
                await self._take(update)

    async def _take(self, update: Json) -> None:
        if "callback_query" in update:
            self.presses.append(update["callback_query"]["data"])
        await self.answer(self, update)


CARD: Json = {
    "inline_keyboard": [
        [{"text": "Dettagli", "callback_data": "details"}, {"text": "Aspetta", "callback_data": "wait"}],
        [
            {"text": "Copia POD", "copy_text": {"text": "IT001E12345678"}},
            {"text": "Sito", "url": "https://example.org/"},
        ],
    ]
}

CONTACT: Json = {
    "keyboard": [[{"text": "Condividi numero", "request_contact": True}], [{"text": "Più tardi"}]],
    "resize_keyboard": True,
    "one_time_keyboard": True,
    "input_field_placeholder": "Scegli un tasto",
}

DOCUMENT = bytes(range(256)) * 5


async def echo(bot: ScriptedBot, update: Json) -> None:
    """The bot of most tests: a word asks for the thing of that name; anything else comes back."""
    if "callback_query" in update:
        await _pressed(bot, update["callback_query"])
        return
    message = update.get("message")
    if message is None:
        return
    chat, text = message["chat"]["id"], message.get("text", "")
    if "contact" in message:
        await bot.say(chat, f"Grazie, {message['contact']['phone_number']}", {"remove_keyboard": True})
    elif "document" in message:
        await bot.say(chat, f"Ricevuto {len(DOCUMENT)}: un documento")
    elif text == "scheda":
        await bot.say(chat, "<b>Scheda</b> del POD", CARD)
    elif text == "numero":
        await bot.say(chat, "Serve il tuo numero", CONTACT)
    elif text == "documento":
        await bot.call("sendDocument", chat_id=chat, document=("prova scp.bin", DOCUMENT))
    elif text == "scrivi":
        await bot.call("sendChatAction", chat_id=chat, action="typing")
    elif text:
        await bot.say(chat, f"Hai scritto: {text.replace('<', '&lt;')}")


async def _pressed(bot: ScriptedBot, press: Json) -> None:
    message = press["message"]
    if press["data"] == "wait":
        return
    await bot.call("answerCallbackQuery", callback_query_id=press["id"], text="Fatto")
    await bot.call(
        "editMessageText",
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text="Dettagli del POD",
        reply_markup={"inline_keyboard": [[{"text": "Indietro", "callback_data": "back"}]]},
    )
