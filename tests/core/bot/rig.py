"""A sender at work on a real database, against a scripted Bot API."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from telegram import Bot

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.keys.store import KeyStore
from backend.core.keys.vault import Vault
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, PostState, Rank
from bot.core.core_features import core_features
from bot.core.due_checks import DueCheck
from bot.core.feature import RunningFeature, follow_chat
from bot.core.leadership import LeaderElection
from bot.core.sending.limits import Limits
from bot.core.sending.sender import Sender
from conversations.core.prompts import Choice, Document, Html, Prompt, to_json
from tests.scripted_api import BOT_ID, Call, ScriptedApi

AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
HERE = Destination(BOT_ID, 7, 0, "7")
AWAY = Destination(BOT_ID, 8, 0, "8")


@dataclass
class Rig:
    """A sender at work, and ways to put posts before it."""

    api: ScriptedApi
    database: Database
    bot: Bot
    vault: Vault
    clock: ManualClock
    task: asyncio.Task[None] | None = None

    def sender(self) -> Sender:
        """Another sender."""
        moved = follow_chat(running_core())
        return Sender(self.database, self.clock, self.bot, Limits(), self.vault, moved)

    def start(self, sender: Sender | None = None) -> None:
        election = LeaderElection(f"sender-{secrets.token_hex(4)}", self.database)
        self.task = asyncio.create_task(election.serve((sender or self.sender()).run))

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        self.task = None

    async def enqueue(
        self,
        text: str,
        destination: Destination = HERE,
        *,
        button: str = "",
        document: Document | None = None,
    ) -> int:
        """A new post; returns its id."""
        rows = ((Choice(button, "sì"),),) if button else ()
        content = to_json(Prompt(Html(text), rows, document), revision=1 if button else 0)
        return await self.database.write(
            lambda connection: outbox.enqueue(connection, destination, content, correlation="prova", at=AT)
        )

    async def update_post(
        self,
        post_id: int,
        text: str,
        destination: Destination = HERE,
        *,
        button: str = "",
        rank: Rank = Rank.REPLY,
    ) -> None:
        rows = ((Choice(button, "sì"),),) if button else ()
        content = to_json(Prompt(Html(text), rows), revision=2 if button else 0)
        await self.database.write(
            lambda connection: outbox.update_post(
                connection, destination, post_id, content, correlation="prova", rank=rank
            )
        )

    async def row(self, post_id: int) -> Any:
        return await self.database.long_read(
            lambda connection: connection.execute(select(posts).where(posts.c.id == post_id)).one()
        )

    async def rows(self, destination: Destination) -> list[Any]:
        """The posts of a chat by their messages."""
        query = select(posts).where(posts.c.chat_id == destination.chat_id).order_by(posts.c.message_id)
        return await self.database.long_read(lambda connection: list(connection.execute(query)))

    async def reaches(self, post_id: int, state: PostState) -> Any:
        """Wait until the post is in this state; returns its row."""
        return await self.until(
            lambda connection: connection.execute(
                select(posts).where(posts.c.id == post_id, posts.c.state == state)
            ).first(),
            f"post {post_id} {state}",
        )

    async def until(self, look: Callable[[Connection], Any], what: str) -> Any:
        """Wait until `look` finds something in the database."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if found := await self.database.long_read(look):
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"not seen: {what}; the calls were {self.api.sent()}")


@pytest.fixture
async def rig(
    api: ScriptedApi,
    bot: Bot,
    database: Database,
    clock: ManualClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Rig]:
    monkeypatch.setattr("bot.core.sending.sender.FIRST_RETRY_SECONDS", 0.05)
    keys = KeyStore(tmp_path / "keys")
    keys.init()
    rig = Rig(api, database, bot, keys.vault(), clock)
    rig.start()
    yield rig
    await rig.stop()


def enqueued(connection: Connection, words: str, destination: Destination = HERE) -> int:
    """Enqueue a post in the transaction under way; returns its id."""
    content = to_json(Prompt(Html(words)))
    return outbox.enqueue(connection, destination, content, correlation="prova", at=AT)


def texts(calls: list[Call]) -> list[str]:
    return [call.params.get("text") or call.params.get("caption", "") for call in calls]


def running_core(dead_letters_kept: timedelta = timedelta(days=30)) -> list[RunningFeature]:
    """The core's features, which keep other things for a week."""
    week = timedelta(days=7)
    return core_features(dead_letters_kept=dead_letters_kept, jobs_kept=week, posts_kept=week)


def due_checks(dead_letters_kept: timedelta = timedelta(days=30)) -> list[DueCheck]:
    """The due checks of the core."""
    return [check for each in running_core(dead_letters_kept) for check in each.due_checks]
