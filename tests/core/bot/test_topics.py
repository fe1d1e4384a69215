"""Forum topics: opened once, whatever fails beside it, and what goes there is neither lost nor doubled."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from backend.core.outbox import topics
from backend.core.outbox.values import Place, PostState
from tests.core.bot.desk import AT, Desk, texts
from tests.scripted_api import BOT_ID, Fault, Page, Refuse

FORUM = -1005


async def opened(desk: Desk, *, closed: bool = False) -> Place:
    def work(connection: Connection) -> Place:
        place = topics.open_topic(connection, BOT_ID, FORUM, "k", "Ticket 1", correlation="x", at=AT)
        if closed:
            topics.change_topic(connection, place, correlation="x", is_open=False)
        return place

    return await desk.database.write(work)


def topic(place: Place) -> int:
    assert place.topic is not None
    return place.topic


@pytest.mark.parametrize(
    "fault",
    [Refuse(429, "Too Many Requests: retry after 1", {"retry_after": 1}), Page(502, "x")],
    ids=["flood", "proxy"],
)
async def test_a_topic_that_is_to_be_closed_is_opened_once_whatever_the_closing_meets(
    desk: Desk, fault: Fault
) -> None:
    desk.api.will("closeForumTopic", fault, fault)
    place = await opened(desk, closed=True)

    await desk.reaches(topic(place), PostState.SENT)
    made = [call.method for call in desk.api.calls if "ForumTopic" in call.method]
    assert made.count("createForumTopic") == 1
    assert made[-1] == "closeForumTopic"


async def test_a_topic_that_may_not_be_closed_is_known_all_the_same(desk: Desk) -> None:
    desk.api.will("closeForumTopic", Refuse(400, "Bad Request: not enough rights"))
    place = await opened(desk, closed=True)
    inside = await desk.draw("Dentro", place)

    await desk.reaches(inside, PostState.SENT)
    assert (await desk.row(topic(place))).message_id is not None


async def test_a_card_is_edited_although_its_topic_is_being_opened_again(desk: Desk) -> None:
    place = await opened(desk)
    card = await desk.draw("La scheda", place)
    await desk.reaches(card, PostState.SENT)
    desk.api.will("sendMessage", Refuse(400, "Bad Request: message thread not found"))
    desk.api.will("createForumTopic", *[Page(502, "x")] * 4)
    following = await desk.draw("Il seguito", place)
    await desk.api.heard(lambda: _created(desk) > 1)
    await desk.redraw(card, "La scheda, cambiata", place)

    await desk.reaches(following, PostState.SENT)
    row = await desk.reaches(card, PostState.SENT)
    assert row.shown == row.revision
    assert "La scheda, cambiata" in texts(desk.api.sent("editMessageText"))


def _created(desk: Desk) -> int:
    return sum(call.method == "createForumTopic" for call in desk.api.calls)


async def test_the_place_of_a_topic_is_known_by_its_number_alone(desk: Desk) -> None:
    desk.api.will("createForumTopic", Page(502, "x"))
    place = await opened(desk)
    again = await desk.database.long_read(lambda connection: topics.place_of(connection, topic(place)))

    assert again == place
    assert await desk.database.long_read(lambda connection: topics.place_of(connection, 10**6)) is None


async def test_what_goes_to_a_topic_waits_for_it_in_another_lane_too(desk: Desk) -> None:
    desk.api.will("createForumTopic", Page(502, "x"))
    place = await opened(desk)
    elsewhere = Place(BOT_ID, FORUM, 0, f"{FORUM}#other", place.topic)
    inside = await desk.draw("Dentro", elsewhere)

    await desk.reaches(inside, PostState.SENT)
    (call,) = desk.api.sent("sendMessage")
    assert call.params["message_thread_id"] == (await desk.row(topic(place))).message_id


async def test_what_goes_to_a_topic_that_cannot_be_opened_is_given_up(desk: Desk) -> None:
    desk.api.will("createForumTopic", Refuse(400, "Bad Request: the chat is not a forum"))
    place = await opened(desk)
    await desk.reaches(topic(place), PostState.DEAD)
    inside = await desk.draw("Dentro", place)

    row = await desk.reaches(inside, PostState.DEAD)
    assert "topic" in row.error
