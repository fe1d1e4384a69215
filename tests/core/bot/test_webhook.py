"""The webhook: only Telegram is admitted, and an update is acknowledged only once it is on disk."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select
from telegram import Bot

from backend.core.clock import ManualClock
from backend.core.db.database import Database
from backend.core.inbox.models import inbox
from bot.core.http import HttpServer, health
from bot.core.intake import BODY_LIMIT, SECRET_HEADER, WEBHOOK, Store, Webhook, storable, telegram
from bot.core.turns.outage import Outage
from tests.scripted_api import BOT_ID

SECRET = "the-secret"
AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
CHAT = {"id": 7, "type": "private"}
MESSAGE = {"update_id": 5, "message": {"message_id": 1, "chat": CHAT, "text": "Ciao"}}
PRESS = {"update_id": 6, "callback_query": {"id": "81", "message": {"chat": CHAT}, "data": "1.d.1.x"}}


@dataclass
class Door:
    """The bot's HTTP server, with calls as Telegram makes them."""

    url: str
    session: aiohttp.ClientSession
    database: Database

    async def post(self, body: object, secret: str | bytes | None = SECRET) -> tuple[int, Any]:
        """Deliver; returns status and body (None if it is empty)."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = secret.decode("utf-8", "surrogateescape") if isinstance(secret, bytes) else secret
        headers = {} if given is None else {SECRET_HEADER: given}
        async with self.session.post(self.url, data=io.BytesIO(data), headers=headers) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            return response.status, json.loads(text) if is_json else None

    async def stored(self) -> int:
        return await self.database.long_read(
            lambda connection: connection.scalar(select(func.count()).select_from(inbox)) or 0
        )


@pytest.fixture
async def door(database: Database, bot: Bot) -> AsyncIterator[Door]:
    webhook = Webhook(Store(database, ManualClock(AT), BOT_ID, Outage(bot)), SECRET)
    async with (
        HttpServer("127.0.0.1", 0, [health(database), telegram(webhook)]) as server,
        aiohttp.ClientSession() as session,
    ):
        yield Door(f"http://127.0.0.1:{server.port}{WEBHOOK}", session, database)


@pytest.mark.parametrize(
    "secret", [None, "", "the-secre", "the-secret-", "THE-SECRET", "segreto-perché".encode(), b"\xff\xfe"]
)
async def test_a_request_without_the_secret_is_refused(door: Door, secret: str | bytes | None) -> None:
    if isinstance(secret, bytes):
        status = await raw_status(door, secret)
    else:
        status, _ = await door.post(MESSAGE, secret)

    assert status == 403
    assert await door.stored() == 0


async def raw_status(door: Door, secret: bytes) -> int:
    """Deliver with a header that no client would send; returns the status."""
    port = int(door.url.rsplit(":", 1)[1].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(MESSAGE).encode()
    head = f"POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}{SECRET_HEADER}: ".encode() + secret + b"\r\n\r\n" + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


async def test_a_body_over_the_limit_is_refused(door: Door) -> None:
    status, _ = await door.post(b'{"update_id": 5, "x": "' + b"x" * BODY_LIMIT + b'"}')

    assert status == 413
    assert await door.stored() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe\x00",
        b"[]",
        b"5",
        b"null",
        b'"update"',
        b"[" * 100_000,
        b'{"update_id": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: str(body[:20]),
)
async def test_nonsense_is_refused(door: Door, body: bytes) -> None:
    assert (await door.post(body))[0] == 400
    assert await door.stored() == 0


@pytest.mark.parametrize("update_id", [None, True, -1, 2**63, 10**30, 1.5, "5", [5], {}])
async def test_an_update_without_a_valid_number_is_refused(door: Door, update_id: object) -> None:
    assert (await door.post({**MESSAGE, "update_id": update_id}))[0] == 400
    assert (await door.post({"message": MESSAGE["message"]}))[0] == 400
    assert await door.stored() == 0


async def test_a_message_is_stored_and_acknowledged_with_an_empty_body(door: Door) -> None:
    assert await door.post(MESSAGE) == (200, None)
    assert await door.stored() == 1


async def test_a_press_is_answered_in_the_acknowledgement(door: Door) -> None:
    status, body = await door.post(PRESS)

    assert (status, body) == (200, {"method": "answerCallbackQuery", "callback_query_id": "81"})
    assert await door.stored() == 1


async def test_a_known_update_is_acknowledged_and_not_stored_again(door: Door) -> None:
    for _ in range(3):
        assert (await door.post(MESSAGE))[0] == 200
        assert (await door.post({**MESSAGE, "message": {"chat": CHAT, "text": "anders"}}))[0] == 200

    assert await door.stored() == 1


@pytest.mark.parametrize(
    "text",
    ["con \\u0000 in mezzo", "mezzo \\ud83d carattere", "\\udc00"],
    ids=["NUL", "first half", "second half"],
)
async def test_characters_that_a_database_refuses_block_no_lane(door: Door, text: str) -> None:
    message = f'{{"chat": {{"id": 7}}, "media_group_id": "{text}", "text": "{text}"}}'
    body = f'{{"update_id": 5, "message": {message}}}'

    assert (await door.post(body.encode()))[0] == 200
    assert await door.stored() == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "9" * 400])
async def test_numbers_that_a_database_refuses_block_no_lane(door: Door, number: str) -> None:
    body = f'{{"update_id": 5, "message": {{"chat": {{"id": {number}}}, "date": {number}}}}}'

    assert (await door.post(body.encode()))[0] == 200
    assert await door.stored() == 1


def test_valid_content_is_stored_unchanged() -> None:
    whole = {"text": "Perché 👷 “sì”", "n": [1, 2.5, None, True], "deep": {"é": "è"}}

    assert storable(whole) == whole


async def test_updates_are_not_acknowledged_without_the_database(door: Door) -> None:
    await door.database.write(
        lambda connection: connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    )

    status, body = await door.post(PRESS)

    assert status >= 500
    assert body is None

    await door.database.write(
        lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
    )
    assert (await door.post(PRESS))[0] == 200
    assert await door.stored() == 1


async def test_health_says_whether_the_database_answers(door: Door) -> None:
    async with door.session.get(door.url.replace(WEBHOOK, "/health")) as response:
        assert (response.status, await response.json()) == (200, {"database": "ok"})


async def test_telegram_is_asked_to_retry_while_the_database_is_out_of_reach(bot: Bot) -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    webhook = Webhook(Store(nowhere, ManualClock(AT), BOT_ID, Outage(bot)), SECRET)
    async with (
        nowhere,
        HttpServer("127.0.0.1", 0, [health(nowhere), telegram(webhook)]) as server,
        aiohttp.ClientSession() as session,
    ):
        door = Door(f"http://127.0.0.1:{server.port}{WEBHOOK}", session, nowhere)

        assert await door.post(PRESS) == (503, None)
        async with session.get(f"http://127.0.0.1:{server.port}/health") as response:
            assert (response.status, await response.json()) == (503, {"database": "unavailable"})
