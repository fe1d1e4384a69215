"""What waits for a call to end leaves at once then: the sender is woken, it does not look by chance."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from backend.core.outbox import service as outbox
from backend.core.outbox.values import PostState, Rank
from conversations.core.prompts import Html, Prompt, to_json
from tests.core.bot.rig import AT, AWAY, HERE, Rig, texts
from tests.scripted_api import Wait


@pytest.fixture(autouse=True)
def never_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.core.sending.sender.IDLE_SECONDS", 3600.0)
    return


async def a_round(rig: Rig) -> None:
    """Another chat's post leaves meanwhile: the sender has looked at what is due."""
    before = len(rig.api.sent("sendMessage"))
    await rig.enqueue("altrove", AWAY)
    await rig.api.heard(lambda: len(rig.api.sent("sendMessage")) > before)


async def test_newer_content_of_a_message_whose_first_send_was_under_way(rig: Rig) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))
    post = await rig.enqueue("Un momento")
    await rig.api.heard(lambda: bool(rig.api.sent("sendMessage")))
    await rig.update_post(post, "Fatto")
    await a_round(rig)
    answer.set()
    await rig.api.heard(lambda: bool(rig.api.sent("editMessageText")))


async def test_a_notice_that_waited_for_a_later_answer(rig: Rig) -> None:
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))

    def both(connection: Connection) -> None:
        for word, rank in (("avviso", Rank.NOTICE), ("risposta", Rank.REPLY)):
            content = to_json(Prompt(Html(word)))
            outbox.enqueue(connection, HERE, content, correlation="p", at=AT, rank=rank)

    await rig.database.write(both)
    await rig.api.heard(lambda: bool(rig.api.sent("sendMessage")))
    await a_round(rig)
    answer.set()
    await rig.api.heard(lambda: "avviso" in texts(rig.api.sent()))


async def test_a_post_that_an_edit_has_let_go_before_its_turn(rig: Rig) -> None:
    card = await rig.enqueue("carta")
    await rig.reaches(card, PostState.SENT)
    edit, first = asyncio.Event(), asyncio.Event()
    rig.api.will("editMessageText", Wait(edit))
    rig.api.will("sendMessage", Wait(first))
    await rig.update_post(card, "carta nuova")
    await rig.api.heard(lambda: bool(rig.api.sent("editMessageText")))
    await rig.enqueue("A")
    await rig.enqueue("B")
    edit.set()
    await rig.api.heard(lambda: len(rig.api.sent("sendMessage")) == 2)
    await a_round(rig)
    first.set()
    await rig.api.heard(lambda: "B" in texts(rig.api.sent()))
