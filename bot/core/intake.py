"""Updates in: stored and committed first, acknowledged only then."""

from __future__ import annotations

import asyncio
import hmac
import json
import math
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.db.errors import DatabaseError, DatabaseUnavailable, LeaseLost
from backend.core.inbox import service as inbox
from backend.core.inbox.values import Incoming, RowKind
from bot.core.http import Route, RouteGroup
from bot.core.leadership import LeadershipLease
from bot.core.request import call, seconds_of
from bot.core.roles import ProcessRole
from bot.core.turns.at_once import Stored, TurnsAtOnce
from bot.core.turns.outage import Outage
from bot.core.turns.turn import Decided
from handlers.lanes import album_of, callback_query_of, lane_of, press_of, user_of

log = structlog.get_logger(__name__)

POLL_SECONDS = 25
POLL_LIMIT = 100
PORTION = 32  # updates that one transaction stores and works: other writers wait for it
PAUSE_SECONDS = 1.0
FAREWELL_SECONDS = 1.0
WEBHOOK = "/telegram"
BODY_LIMIT = 1024 * 1024  # bytes; an update is a few kilobytes
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


class Store:
    """Puts raw updates into the inbox. `at_once` works the turns of those that need no worker in the same
    transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bot_id: int,
        outage: Outage,
        at_once: TurnsAtOnce | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot_id = bot_id
        self._outage = outage
        self._at_once = at_once

    async def store(
        self,
        updates: Sequence[dict[str, Any]],
        leadership: LeadershipLease | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        """Store updates in this order; those seen before are passed over. Returns once they are on disk, with
        what their turns write where these are worked `at_once`.

        Raises DatabaseUnavailable; LeaseLost if another process leads by now.
        """
        rows = [
            Incoming(
                bot_id=self._bot_id,
                lane=lane_of(update),
                kind=RowKind.UPDATE,
                payload=update,
                correlation=secrets.token_hex(6),
                update_id=update["update_id"],
                album=album_of(update),
                press=press_of(update),
                user_id=user_of(update),
            )
            for update in updates
        ]

        def checked(connection: Connection) -> None:
            if leadership is not None:
                leadership.check(connection)

        def only_store(connection: Connection) -> Stored:
            checked(connection)
            return Stored(inbox.store(connection, rows, self._clock.now()))

        try:
            stored = await self._worked(rows, checked) if at_once else None
            if stored is None:
                stored = await self._database.write(only_store)
        except DatabaseUnavailable:
            self._outage.met(rows)
            raise
        for row, new in zip(rows, stored.fresh, strict=True):
            log.info(
                "update.stored" if new else "update.repeated", correlation=row.correlation, lane=row.lane
            )
            if isinstance(decided := stored.done.get(row.correlation), Decided):
                reply = type(decided.addressee.reply).__name__
                log.info("turn.committed", reply=reply, correlation=row.correlation, lane=row.lane)

    async def _worked(self, rows: Sequence[Incoming], check: Callable[[Connection], None]) -> Stored | None:
        """Store them and work their turns. None where that cannot be: whatever one of the turns has met, the
        others are stored.
        """
        try:
            return await self._at_once.store(rows, check) if self._at_once is not None else None
        except DatabaseUnavailable as error:
            log.warning("turns.left_to_worker", error=str(error.__cause__ or error))
            return None


class Poller:
    """Asks for updates, and for the next ones only when these are on disk."""

    def __init__(self, bot: Bot, store: Store) -> None:
        self._bot = bot
        self._store = store
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self, leadership: LeadershipLease) -> None:
        """Poll until cancelled, or until the leadership is lost."""
        offset, at_once = 0, False
        try:
            while True:
                leadership.ensure()
                try:
                    updates = await self._updates(offset)
                    if updates:
                        for first in range(0, len(updates), PORTION):
                            these = updates[first : first + PORTION]
                            await self._store.store(these, leadership, at_once=at_once)
                        # What comes first may have killed the process before this one: a worker, which
                        # counts its tries, works that.
                        at_once = True
                        offset = max(update["update_id"] for update in updates) + 1
                        self._answer_presses(updates)
                except LeaseLost:
                    raise
                except RetryAfter as error:
                    await asyncio.sleep(seconds_of(error))
                except Conflict:
                    log.warning("poll.conflict", hint="another program asks for this bot's updates")
                    await asyncio.sleep(PAUSE_SECONDS)
                except InvalidToken:
                    log.error("poll.token_refused")
                    await asyncio.sleep(PAUSE_SECONDS)
                except DatabaseUnavailable:  # which says so itself
                    await asyncio.sleep(PAUSE_SECONDS)
                except (NetworkError, DatabaseError, DBAPIError) as error:
                    log.warning("poll.interrupted", error=str(error))
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            if self._answers:  # a press that is stored should not spin on
                await asyncio.wait(self._answers, timeout=FAREWELL_SECONDS)
            for task in self._answers:
                task.cancel()

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        """The raw updates, because raw is what is stored: what a later version understands must not be lost
        now.
        """
        parameters = {
            "offset": offset,
            "timeout": POLL_SECONDS,
            "limit": POLL_LIMIT,
            "allowed_updates": ALLOWED_UPDATES,
        }
        updates = await call(self._bot, "getUpdates", parameters, read_timeout=POLL_SECONDS + 10)
        return [storable(update) for update in updates]

    def _answer_presses(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stop the buttons' spinners. Best effort: what a press did is seen in the card."""
        for update in updates:
            query = callback_query_of(update)
            if query is not None:
                task = asyncio.create_task(self._answer(query), name="press-answer")
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)

    async def _answer(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.info("press.unanswered", error=str(error))


class Webhook:
    """Takes updates that Telegram delivers."""

    def __init__(self, store: Store, secret: str) -> None:
        self._store = store
        self._secret = secret.encode()

    async def handle(self, request: web.Request) -> web.Response:
        """200 when the update is on disk, 503 when it cannot be stored now: then Telegram sends it again."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            log.warning("webhook.refused", reason="secret")
            return web.Response(status=403)
        try:
            update = storable(json.loads(await request.read()))
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(update, dict) or not _is_update_id(update.get("update_id")):
            return web.Response(status=400)
        try:
            await self._store.store([update])
        except DatabaseUnavailable:
            return web.Response(status=503)
        except (DatabaseError, DBAPIError) as error:
            log.error("webhook.not_stored", error=str(error))
            return web.Response(status=503)
        query = callback_query_of(update)
        if query is None:
            return web.Response()
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": query})


def storable(value: Any) -> Any:
    """The JSON value without what a database refuses: NUL, halves of a character, numbers that are none.

    Telegram sends none of these; if ever it did, one such update would hold up all that come after it.
    """
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case float():
            return value if math.isfinite(value) else None
        case list():
            return [storable(item) for item in value]
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case _:
            return value


def _is_update_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def telegram(webhook: Webhook) -> RouteGroup:
    """The routes that Telegram calls."""
    return RouteGroup(
        "telegram", (Route("POST", WEBHOOK, webhook.handle),), BODY_LIMIT, role=ProcessRole.INTAKE
    )
