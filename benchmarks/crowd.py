"""Many open conversations: a turn must not notice how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert

from backend.core.db.database import Database
from backend.core.dialogues.models import conversations

BATCH = 20_000
FIRST_CHAT = 10_000_000


async def open_conversations(database_url: str, first: int, last: int) -> None:
    """Open those with these numbers, each in a chat of its own, as if their users had just been asked."""
    async with Database(database_url) as database:
        for start in range(first, last, BATCH):
            rows = list(_rows(start, min(last, start + BATCH)))
            await database.write(partial(_insert, rows))


def _insert(rows: Sequence[dict[str, Any]], connection: Connection) -> None:
    connection.execute(insert(conversations), rows)


def _rows(first: int, last: int) -> Iterator[dict[str, Any]]:
    expires_at = datetime.now(UTC) + timedelta(days=30)
    for number in range(FIRST_CHAT + first, FIRST_CHAT + last):
        yield {
            "bot_id": 1,
            "chat_id": number,
            "user_id": number,
            "thread_id": 0,
            "lane": str(number),
            "flow": "associate",
            "version": 1,
            "step": "type",
            "draft": {},
            "revision": 1,
            "card_id": number,
            "expires_at": expires_at,
        }
