"""The peer that does the same work with python-telegram-bot 22: a session for each update, opened by the
handler.

Its pool of connections is as it comes (256, as many as updates at once): 64 and 16 were not clearly faster.
"""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.constants import ParseMode
from telegram.ext import Application, ContextTypes, Defaults, MessageHandler, filters

from benchmarks.usual import look_up, sessions


async def _answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is None or update.effective_user is None:
        return
    async with context.bot_data["sessions"]() as session:
        answer = await look_up(session, update.effective_user.id, update.message.text or "")
    await update.message.reply_text(answer)


def main(folder: Path, url: str, api: str) -> None:
    """Poll and answer until told to stop."""
    opened = AsyncExitStack()

    async def begin(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.bot_data["sessions"] = await opened.enter_async_context(sessions(folder, url))

    async def end(_: Application[Any, Any, Any, Any, Any, Any]) -> None:
        await opened.aclose()

    application = (
        Application.builder()
        .token("7000000001:LOCAL-bench")
        .base_url(f"{api}/bot")
        .defaults(Defaults(parse_mode=ParseMode.HTML))
        .concurrent_updates(True)  # one after the other, as it does by itself, would not be fair
        .pool_timeout(60)  # with the usual second it gives up on answers when 256 wait at once
        .post_init(begin)
        .post_shutdown(end)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _answer))
    application.run_polling()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
