"""The peer: a bare aiogram 3 as installed, which stores nothing and echoes.

Runs in the benchmark's own environment.
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher  # type: ignore[import-not-found]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]
from aiogram.types import Message  # type: ignore[import-not-found]


async def _echo(message: Message) -> None:
    await message.answer(message.text or "")


async def main(api: str) -> None:
    """Poll and echo until told to stop."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot("7000000001:LOCAL-bench", session=session)
    dispatcher = Dispatcher()
    dispatcher.message.register(_echo)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
