"""Forum topics: each is opened once despite failures, and its posts are neither lost nor doubled."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from backend.core.outbox import topics
from backend.core.outbox.values import Destination, PostState
from tests.core.bot.rig import AT, Rig, texts
from tests.scripted_api import BOT_ID, Page, Refuse, ScriptedFault

FORUM = -1005


async def opened(rig: Rig, *, closed: bool = False) -> Destination:
    def work(connection: Connection) -> Destination:
        destination = topics.open_topic(connection, BOT_ID, FORUM, "k", "Ticket 1", correlation="x", at=AT)
        if closed:
            topics.change_topic(connection, destination, correlation="x", is_open=False)
        return destination

    return await rig.database.write(work)


def topic(destination: Destination) -> int:
    assert destination.topic is not None
    return destination.topic


@pytest.mark.parametrize(
    "fault",
    [Refuse(429, "Too Many Requests: retry after 1", {"retry_after": 1}), Page(502, "x")],
    ids=["flood", "proxy"],
)
async def test_a_topic_to_be_closed_is_opened_once_whatever_happens_to_the_closing(
    rig: Rig, fault: ScriptedFault
) -> None:
    rig.api.will("closeForumTopic", fault, fault)
    destination = await opened(rig, closed=True)

    await rig.reaches(topic(destination), PostState.SENT)
    made = [call.method for call in rig.api.calls if "ForumTopic" in call.method]
    assert made.count("createForumTopic") == 1
    assert made[-1] == "closeForumTopic"


async def test_a_topic_is_known_even_if_closing_it_is_refused(rig: Rig) -> None:
    rig.api.will("closeForumTopic", Refuse(400, "Bad Request: not enough rights"))
    destination = await opened(rig, closed=True)
    inside = await rig.enqueue("Dentro", destination)

    await rig.reaches(inside, PostState.SENT)
    assert (await rig.row(topic(destination))).message_id is not None


async def test_the_card_of_a_topic_that_is_opened_again_is_sent_with_it_as_it_is_by_then(rig: Rig) -> None:
    destination = await opened(rig)
    card = await rig.enqueue("La scheda", destination)
    await rig.reaches(card, PostState.SENT)
    rig.api.will("sendMessage", Refuse(400, "Bad Request: message thread not found"))
    rig.api.will("createForumTopic", *[Page(502, "x")] * 4)
    following = await rig.enqueue("Il seguito", destination)
    await rig.api.heard(lambda: _created(rig) > 1)
    await rig.update_post(card, "La scheda, cambiata", destination)

    await rig.reaches(following, PostState.SENT)
    row = await rig.reaches(card, PostState.SENT)
    assert row.shown == row.revision
    assert texts(rig.api.sent("sendMessage"))[-2:] == ["La scheda, cambiata", "Il seguito"]


def _created(rig: Rig) -> int:
    return sum(call.method == "createForumTopic" for call in rig.api.calls)


async def test_the_destination_of_a_topic_is_found_by_its_number_alone(rig: Rig) -> None:
    rig.api.will("createForumTopic", Page(502, "x"))
    destination = await opened(rig)
    again = await rig.database.long_read(
        lambda connection: topics.destination_of(connection, topic(destination))
    )

    assert again == destination
    assert await rig.database.long_read(lambda connection: topics.destination_of(connection, 10**6)) is None


async def test_posts_to_a_topic_wait_for_its_opening_in_other_lanes_too(rig: Rig) -> None:
    rig.api.will("createForumTopic", Page(502, "x"))
    destination = await opened(rig)
    navigates = Destination(BOT_ID, FORUM, 0, f"{FORUM}#other", destination.topic)
    inside = await rig.enqueue("Dentro", navigates)

    await rig.reaches(inside, PostState.SENT)
    (call,) = rig.api.sent("sendMessage")
    assert call.params["message_thread_id"] == (await rig.row(topic(destination))).message_id


async def test_posts_to_a_topic_that_cannot_be_opened_are_given_up(rig: Rig) -> None:
    rig.api.will("createForumTopic", Refuse(400, "Bad Request: the chat is not a forum"))
    destination = await opened(rig)
    await rig.reaches(topic(destination), PostState.DEAD)
    inside = await rig.enqueue("Dentro", destination)

    row = await rig.reaches(inside, PostState.DEAD)
    assert "topic" in row.error
