"""The sender and failures on our side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from backend.core.db.engines import CommitUnanswered, Outcomes, Work
from backend.core.outbox.values import Post, PostState
from bot.core.sending.sender import MOST_FAILURES
from conversations.core.prompts import Document
from handlers.render import Rendered, render
from tests.core.bot.rig import Rig, texts
from tests.scripted_api import Refuse
from tests.statements import seen


async def test_a_missing_file_does_not_block_its_chat(rig: Rig) -> None:
    lost = await rig.enqueue("Il file", document=Document("0" * 64, "x.scp"))
    after = await rig.enqueue("Dopo")

    await rig.reaches(after, PostState.SENT)
    assert (await rig.row(lost)).state == PostState.DEAD


async def test_a_post_that_fails_on_our_side_is_tried_again_and_then_makes_way(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(post: Post) -> Rendered:
        if post.content["text"] == "Rotto":
            raise LookupError("nothing that Telegram said")
        return render(post)

    monkeypatch.setattr("bot.core.sending.sender.render", broken)
    first = await rig.enqueue("Rotto")
    after = await rig.enqueue("Dopo")

    await rig.reaches(after, PostState.SENT)
    row = await rig.row(first)
    assert (row.state, row.attempts) == (PostState.DEAD, MOST_FAILURES)


async def test_a_failure_on_telegrams_side_does_not_count_as_ours(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.api.will("sendMessage", *[Refuse(502, "Bad Gateway")] * MOST_FAILURES)
    times = 0

    def broken_once(post: Post) -> Rendered:
        nonlocal times
        times += 1
        if times == MOST_FAILURES + 1:
            raise LookupError("nothing that Telegram said")
        return render(post)

    monkeypatch.setattr("bot.core.sending.sender.render", broken_once)

    await rig.reaches(await rig.enqueue("Uno"), PostState.SENT)
    assert times == MOST_FAILURES + 2


async def test_a_send_whose_start_was_not_confirmed_by_the_database_is_begun_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, lost = rig.database.engines.commit, list[str]()

    async def unanswered(group: Sequence[Work[Any]]) -> Outcomes:
        with seen(rig.database.engines.writer.dialect) as statements:
            outcomes = await commit(group)
        if not lost and any("attempts=(posts.attempts +" in statement for statement in statements):
            lost.append("begin")
            raise CommitUnanswered from OSError("connection reset")
        return outcomes

    monkeypatch.setattr(rig.database.engines, "commit", unanswered)
    first, second = await rig.enqueue("Uno"), await rig.enqueue("Due")

    await rig.reaches(second, PostState.SENT)
    assert lost
    assert (await rig.row(first)).state == PostState.SENT
    assert texts(rig.api.sent("sendMessage")) == ["Uno", "Due"]
