"""First sends that begin in the transaction which enqueues them: a sender at work on a real database."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import Connection, func, select, update

from backend.core.leases.models import leases
from backend.core.outbox import deliveries
from backend.core.outbox import service as outbox
from backend.core.outbox.models import posts
from backend.core.outbox.values import Destination, Post, PostState
from bot.core.sending import sender as sending_module
from bot.core.sending.sender import Sender
from conversations.core.prompts import Choice, Html, Prompt, to_json
from tests.core.bot.rig import AWAY, HERE, Rig, enqueued, texts
from tests.scripted_api import BOT_ID, Refuse, Wait
from tests.statements import at_the_door

ELSEWHERE = Destination(BOT_ID, 9, 0, "9")


async def sending(rig: Rig) -> Sender:
    """A sender that has taken over."""
    await rig.stop()
    sender = rig.sender()
    rig.start(sender)
    await rig.reaches(await rig.enqueue("Prima", AWAY), PostState.SENT)
    return sender


async def begun(rig: Rig, sender: Sender, words: str = "Ciao") -> list[Post]:
    """Enqueue a post and begin its first send in one transaction."""
    with sender.beginning() as beginning:
        return await rig.database.write(
            lambda connection: sender.begin_in(
                connection, {enqueued(connection, words): HERE.chat_id}, beginning
            ),
            then=lambda posts: sender.start(posts, beginning),
        )


async def test_a_first_send_begins_with_the_transaction_that_enqueues_it(rig: Rig) -> None:
    sender = await sending(rig)
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))

    (post,) = await begun(rig, sender)
    assert (await rig.row(post.id)).state == PostState.SENDING
    answer.set()

    await rig.reaches(post.id, PostState.SENT)
    assert texts(rig.api.sent("sendMessage"))[1:] == ["Ciao"]


async def test_calls_to_one_chat_follow_each_other(rig: Rig) -> None:
    sender = await sending(rig)
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))

    assert [post.content["text"] for post in await begun(rig, sender, "Uno")] == ["Uno"]
    assert await begun(rig, sender, "Due") == []
    answer.set()

    await rig.until(
        lambda connection: (
            connection.scalar(select(func.count()).where(posts.c.state == PostState.SENT)) == 3
        ),
        "all sent",
    )
    assert texts(rig.api.sent("sendMessage"))[1:] == ["Uno", "Due"]


async def test_nothing_leaves_before_what_waits_in_its_lane(rig: Rig) -> None:
    sender = await sending(rig)
    rig.api.will("sendMessage", Refuse(502, "Bad Gateway"), Refuse(502, "Bad Gateway"))
    first = await rig.enqueue("Uno")
    await rig.reaches(first, PostState.UNCERTAIN)

    def let_all_go(connection: Connection) -> int:
        """Two copies of the first were pressed, say: each let another one go."""
        second = enqueued(connection, "Due")
        connection.execute(update(posts).where(posts.c.lane == HERE.lane).values(behind=False))
        return second

    with sender.beginning() as beginning:
        assert (
            await rig.database.write(
                lambda connection: sender.begin_in(
                    connection, {let_all_go(connection): HERE.chat_id}, beginning
                )
            )
            == []
        )


@pytest.mark.parametrize("why", ["another leads", "nobody sends", "the chat must wait", "it stops meanwhile"])
async def test_no_first_send_begins_in_vain(rig: Rig, why: str) -> None:
    sender = await sending(rig)
    if why == "another leads":
        await rig.database.write(
            lambda connection: connection.execute(update(leases).values(token="another"))
        )
    elif why == "nobody sends":
        await rig.stop()
    elif why == "the chat must wait":
        rig.api.will("sendMessage", Refuse(429, "Too Many Requests", {"retry_after": 30}))
        await rig.enqueue("Uno")
        flooded = select(posts.c.id).where(posts.c.error == deliveries.FLOOD)
        await rig.until(lambda connection: connection.scalar(flooded), "a flood wait")
    if why == "it stops meanwhile":
        with sender.beginning() as beginning:
            left = await rig.database.write(
                lambda connection: sender.begin_in(
                    connection, {enqueued(connection, "Ciao"): HERE.chat_id}, beginning
                )
            )
            await rig.stop()
            sender.start(left, beginning)
            assert f"post-{left[0].id}" not in {task.get_name() for task in asyncio.all_tasks()}
    else:
        assert await begun(rig, sender) == []
    assert texts(rig.api.sent("sendMessage"))[1:] == (["Uno"] if why == "the chat must wait" else [])


async def test_posts_of_a_transaction_that_may_be_on_disk_are_put_back(rig: Rig) -> None:
    sender = await sending(rig)
    with sender.beginning() as beginning:
        (post,) = await rig.database.write(
            lambda connection: sender.begin_in(
                connection, {enqueued(connection, "Ciao"): HERE.chat_id}, beginning
            )
        )
        sender.take_back(beginning)

    await rig.reaches(post.id, PostState.SENT)
    assert texts(rig.api.sent("sendMessage"))[1:] == ["Ciao"]


async def test_limits_count_a_call_once_however_often_it_is_tried(rig: Rig) -> None:
    sender = await sending(rig)
    with sender.beginning() as beginning:

        def undone(connection: Connection) -> None:
            sender.begin_in(connection, {enqueued(connection, "Ciao"): HERE.chat_id}, beginning)
            raise RuntimeError("another's fault")

        for _ in range(6):
            with pytest.raises(RuntimeError):
                await rig.database.write(undone)

    assert len(await begun(rig, sender)) == 1


async def test_what_comes_during_a_call_leaves_as_soon_as_it_ends(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_module, "IDLE_SECONDS", 3600.0)
    sender = await sending(rig)
    answer = asyncio.Event()
    rig.api.will("sendMessage", Wait(answer))
    (first,) = await begun(rig, sender, "Uno")

    second = await rig.enqueue("Due")
    await rig.reaches(await rig.enqueue("Intanto", ELSEWHERE), PostState.SENT)
    answer.set()

    await rig.reaches(first.id, PostState.SENT)
    await rig.reaches(second, PostState.SENT)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_first_send_begins_in_a_chat_that_a_round_has_chosen(rig: Rig) -> None:
    sender = await sending(rig)
    card = await rig.enqueue("Carta", button="x")
    await rig.reaches(card, PostState.SENT)
    edited = asyncio.Event()
    rig.api.will("editMessageText", Wait(edited))
    begins, go_on = asyncio.Event(), threading.Event()
    loop, wrote = asyncio.get_running_loop(), list[str]()

    def before(statement: str) -> None:
        """Hold up the COMMIT with which the round begins the first send elsewhere."""
        if statement.startswith("BEGIN"):
            wrote.clear()
        wrote.append(statement)
        if statement == "COMMIT" and any("attempts +" in each and "posts" in each for each in wrote):
            loop.call_soon_threadsafe(begins.set)
            go_on.wait()

    def both(connection: Connection) -> None:
        changed = to_json(Prompt(Html("Carta 2"), ((Choice("x", "sì"),),)), revision=2)
        outbox.update_post(connection, HERE, card, changed, correlation="prova")
        enqueued(connection, "Altrove", ELSEWHERE)

    at_the_door(rig.database.engines.writer.dialect, before, lambda statement: None)
    await rig.database.write(both)
    await begins.wait()
    answering = asyncio.create_task(begun(rig, sender, "Risposta"))
    await asyncio.wait([answering], timeout=0.05)
    go_on.set()

    assert await answering == []
    edited.set()
    await rig.until(
        lambda connection: (
            connection.scalar(select(func.count()).where(posts.c.state != PostState.SENT)) == 0
        ),
        "all sent",
    )
