"""The peer that does the same work with aiogram 3: a session for each update, by a middleware.

Runs in the benchmark's own environment. aiogram handles each update of a poll as a task, by default.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiogram import BaseMiddleware, Bot, Dispatcher, F  # type: ignore[import-not-found]
from aiogram.client.default import DefaultBotProperties  # type: ignore[import-not-found]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]
from aiogram.types import Message, TelegramObject  # type: ignore[import-not-found]
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from benchmarks.usual import look_up, sessions


class SessionMiddleware(BaseMiddleware):  # type: ignore[misc]
    """Gives each handler a session."""

    def __init__(self, make: async_sessionmaker[AsyncSession]) -> None:
        self._make = make

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        async with self._make() as session:
            data["session"] = session
            return await handler(event, data)


async def _answer(message: Message, session: AsyncSession) -> None:
    await message.answer(await look_up(session, message.from_user.id, message.text))


async def main(folder: Path, url: str, api: str) -> None:
    """Poll and answer until told to stop."""
    client = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot("7000000001:LOCAL-bench", session=client, default=DefaultBotProperties(parse_mode="HTML"))
    dispatcher = Dispatcher()
    async with sessions(folder, url) as make:
        dispatcher.message.middleware(SessionMiddleware(make))
        dispatcher.message.register(_answer, F.text)
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
