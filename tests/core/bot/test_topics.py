"""Forum topics: each is opened once despite failures, and its posts are neither lost nor doubled."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from backend.core.outbox import topics
from backend.core.outbox.values import Destination, PostState
from tests.core.bot.desk import AT, Desk, texts
from tests.scripted_api import BOT_ID, Page, Refuse, ScriptedFault

FORUM = -1005


async def opened(desk: Desk, *, closed: bool = False) -> Destination:
    def work(connection: Connection) -> Destination:
        destination = topics.open_topic(connection, BOT_ID, FORUM, "k", "Ticket 1", correlation="x", at=AT)
        if closed:
            topics.change_topic(connection, destination, correlation="x", is_open=False)
        return destination

    return await desk.database.write(work)


def topic(destination: Destination) -> int:
    assert destination.topic is not None
    return destination.topic


@pytest.mark.parametrize(
    "fault",
    [Refuse(429, "Too Many Requests: retry after 1", {"retry_after": 1}), Page(502, "x")],
    ids=["flood", "proxy"],
)
async def test_a_topic_to_be_closed_is_opened_once_whatever_happens_to_the_closing(
    desk: Desk, fault: ScriptedFault
) -> None:
    desk.api.will("closeForumTopic", fault, fault)
    destination = await opened(desk, closed=True)

    await desk.reaches(topic(destination), PostState.SENT)
    made = [call.method for call in desk.api.calls if "ForumTopic" in call.method]
    assert made.count("createForumTopic") == 1
    assert made[-1] == "closeForumTopic"


async def test_a_topic_is_known_even_if_closing_it_is_refused(desk: Desk) -> None:
    desk.api.will("closeForumTopic", Refuse(400, "Bad Request: not enough rights"))
    destination = await opened(desk, closed=True)
    inside = await desk.enqueue("Dentro", destination)

    await desk.reaches(inside, PostState.SENT)
    assert (await desk.row(topic(destination))).message_id is not None


async def test_a_card_is_edited_while_its_topic_is_being_opened_again(desk: Desk) -> None:
    destination = await opened(desk)
    card = await desk.enqueue("La scheda", destination)
    await desk.reaches(card, PostState.SENT)
    desk.api.will("sendMessage", Refuse(400, "Bad Request: message thread not found"))
    desk.api.will("createForumTopic", *[Page(502, "x")] * 4)
    following = await desk.enqueue("Il seguito", destination)
    await desk.api.heard(lambda: _created(desk) > 1)
    await desk.update_post(card, "La scheda, cambiata", destination)

    await desk.reaches(following, PostState.SENT)
    row = await desk.reaches(card, PostState.SENT)
    assert row.shown == row.revision
    assert "La scheda, cambiata" in texts(desk.api.sent("editMessageText"))


def _created(desk: Desk) -> int:
    return sum(call.method == "createForumTopic" for call in desk.api.calls)


async def test_the_destination_of_a_topic_is_found_by_its_number_alone(desk: Desk) -> None:
    desk.api.will("createForumTopic", Page(502, "x"))
    destination = await opened(desk)
    again = await desk.database.long_read(
        lambda connection: topics.destination_of(connection, topic(destination))
    )

    assert again == destination
    assert await desk.database.long_read(lambda connection: topics.destination_of(connection, 10**6)) is None


async def test_posts_to_a_topic_wait_for_its_opening_in_other_lanes_too(desk: Desk) -> None:
    desk.api.will("createForumTopic", Page(502, "x"))
    destination = await opened(desk)
    navigates = Destination(BOT_ID, FORUM, 0, f"{FORUM}#other", destination.topic)
    inside = await desk.enqueue("Dentro", navigates)

    await desk.reaches(inside, PostState.SENT)
    (call,) = desk.api.sent("sendMessage")
    assert call.params["message_thread_id"] == (await desk.row(topic(destination))).message_id


async def test_posts_to_a_topic_that_cannot_be_opened_are_given_up(desk: Desk) -> None:
    desk.api.will("createForumTopic", Refuse(400, "Bad Request: the chat is not a forum"))
    destination = await opened(desk)
    await desk.reaches(topic(destination), PostState.DEAD)
    inside = await desk.enqueue("Dentro", destination)

    row = await desk.reaches(inside, PostState.DEAD)
    assert "topic" in row.error
