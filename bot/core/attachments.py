"""Fetching what somebody sent from Telegram."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from conversations.core.replies import MOST_BYTES


class FileGone(Exception):
    """Telegram no longer has the file: it was withdrawn or has expired."""


class FileTooBig(Exception):
    """The file is larger than the Bot API hands over."""


async def fetch(bot: Bot, file_id: str) -> bytes:
    """The content of a file. Raises FileGone or FileTooBig, and TelegramError for what may pass."""
    try:
        file = await bot.get_file(file_id)
        if file.file_size is not None and file.file_size > MOST_BYTES:
            raise FileTooBig
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" in str(error).lower():
            raise FileTooBig from error
        raise FileGone from error
    except InvalidToken as error:  # how the library reads 404, which is what a file that is gone gets
        raise FileGone from error
    except TelegramError as error:
        if "not found" in str(error).lower():
            raise FileGone from error
        raise
