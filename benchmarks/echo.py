"""The peer: a bare python-telegram-bot as installed, which stores nothing and echoes."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def _echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main(api: str) -> None:
    """Poll and echo until told to stop."""
    application = (
        Application.builder()
        .token("7000000001:LOCAL-bench")
        .base_url(f"{api}/bot")
        .concurrent_updates(256)
        .pool_timeout(60)  # with the usual second it gives up on answers when 256 wait at once
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1])
