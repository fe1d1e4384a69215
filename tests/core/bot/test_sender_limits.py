"""Limits and refusals: a chat that must wait delays no other chat."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import Connection, select

from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Due, PostState
from bot.core.sending.limits import GROUP, OVERALL
from bot.core.sending.sender import BATCH
from tests.core.bot.rig import AT, HERE, Rig, texts
from tests.scripted_api import BOT_ID, Refuse

GROUPS = range(-70, 0)


@pytest.mark.parametrize("why", ["flood", "minute"])
async def test_groups_that_must_wait_delay_no_other_chat(rig: Rig, why: str) -> None:
    await rig.stop()
    sender = rig.sender()
    now = time.monotonic()
    for group in GROUPS:
        if why == "flood":
            sender._limits.flood(group, 3600, now)
        else:
            sender._limits.charge(group, GROUP, now)

    def fill(connection: Connection) -> int:
        for group in GROUPS:
            for thread in (1, 2, 3):
                destination = Destination.of(BOT_ID, group, thread)
                outbox.enqueue(connection, destination, {"text": "x"}, correlation="x", at=AT)
        return outbox.enqueue(connection, HERE, {"text": "La risposta"}, correlation="x", at=AT)

    answer = await rig.database.write(fill)
    rig.start(sender)

    await rig.reaches(answer, PostState.SENT)
    assert texts(rig.api.sent()) == ["La risposta"]


async def test_a_flood_wait_is_kept_by_the_next_sender(rig: Rig) -> None:
    rig.api.will("sendMessage", Refuse(429, "Too Many Requests: retry after 2", {"retry_after": 2}))
    first = await rig.enqueue("uno", Destination.of(BOT_ID, -900, 1))
    await rig.until(
        lambda connection: connection.scalar(select(posts.c.error).where(posts.c.id == first)), "the refusal"
    )
    await rig.stop()
    rig.start()
    second = await rig.enqueue("due", Destination.of(BOT_ID, -900, 2))

    await rig.reaches(second, PostState.SENT)
    refused, *others = rig.api.sent("sendMessage")
    assert min(call.at for call in others) - refused.at >= 2


async def test_a_file_that_is_too_large_is_given_up_and_the_next_post_arrives(rig: Rig) -> None:
    rig.api.will("sendMessage", *[Refuse(413, "Request Entity Too Large")] * 8)
    huge = await rig.enqueue("Enorme")
    await rig.reaches(huge, PostState.DEAD)
    rig.api.faults.clear()
    after = await rig.enqueue("Dopo")

    await rig.reaches(after, PostState.SENT)
    assert texts(rig.api.sent("sendMessage")) == ["Enorme", "Dopo"]


async def test_the_queue_is_not_read_while_no_call_may_leave(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.stop()
    looks = 0
    due = deliveries.due

    def counted(*arguments: Any, **options: Any) -> list[Due]:
        nonlocal looks
        looks += 1
        return due(*arguments, **options)

    monkeypatch.setattr(deliveries, "due", counted)

    def fill(connection: Connection) -> None:
        for chat in range(1, 3 * BATCH):
            outbox.enqueue(connection, Destination.of(BOT_ID, chat), {"text": "x"}, correlation="x", at=AT)

    await rig.database.write(fill)
    sender = rig.sender()
    sender._limits.charge(5, OVERALL, time.monotonic())
    leaving, seconds, _ = await sender._chosen()
    assert (leaving, looks) == ([], 1)
    assert 0 < seconds <= 1
