"""Lanes of updates: a total function, and the right lane for each kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.inbox.models import inbox, lanes
from handlers.lanes import album_of, callback_query_of, lane_of

LEAVES = st.none() | st.booleans() | st.integers() | st.integers(min_value=10**90) | st.floats() | st.text()
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
NAMES = st.sampled_from(
    [
        "message", "edited_message", "channel_post", "business_message", "callback_query", "my_chat_member",
        "chat_member", "message_reaction", "poll", "inline_query", "chat_boost", "from", "user", "chat", "id",
        "message_thread_id", "is_topic_message", "media_group_id", "update_id",
    ]
)  # fmt: skip
ALMOST_UPDATES = st.recursive(
    LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=4) | st.lists(inner, max_size=2)
)
UPDATES = st.dictionaries(st.text(), JSON) | st.dictionaries(NAMES, ALMOST_UPDATES)
WIDTH = lanes.c.name.type.length  # type: ignore[attr-defined]  # it is a String


@given(UPDATES)
def test_every_update_has_a_lane_that_fits_its_column(update: dict[str, Any]) -> None:
    lane = lane_of(update)

    assert isinstance(lane, str)
    assert 0 < len(lane) <= WIDTH == inbox.c.lane.type.length  # type: ignore[attr-defined]


@given(UPDATES)
def test_album_and_press_can_be_read_from_any_update(update: dict[str, Any]) -> None:
    album, query = album_of(update), callback_query_of(update)

    assert album is None or (isinstance(album, str) and len(album) <= inbox.c.album.type.length)  # type: ignore[attr-defined]
    assert query is None or isinstance(query, str)


CHAT = {"id": 77, "type": "private"}
FORUM = {"id": -1001, "type": "supergroup", "is_forum": True}
TOPIC = {"chat": FORUM, "message_thread_id": 9, "is_topic_message": True}
USER = {"id": 5, "first_name": "Utente"}


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": {"chat": CHAT, "from": USER}}, "77"),
        ({"edited_message": {"chat": CHAT}}, "77"),
        ({"channel_post": {"chat": {"id": -100}}}, "-100"),
        ({"edited_channel_post": {"chat": {"id": -100}}}, "-100"),
        ({"business_message": {"chat": CHAT}}, "77"),
        ({"edited_business_message": {"chat": CHAT}}, "77"),
        ({"message": TOPIC}, "-1001:9"),
        ({"edited_message": TOPIC}, "-1001:9"),
        ({"callback_query": {"from": USER, "message": TOPIC}}, "-1001:9"),
        # A reply in an ordinary group has a thread id too, and is no topic.
        ({"message": {"chat": {"id": -3}, "message_thread_id": 9}}, "-3"),
        ({"callback_query": {"from": USER, "message": {"chat": CHAT}}}, "77"),
        ({"callback_query": {"from": USER, "inline_message_id": "x"}}, "5"),
        ({"my_chat_member": {"chat": CHAT, "from": USER}}, "77"),
        ({"chat_member": {"chat": {"id": -3}, "from": USER}}, "-3"),
        ({"chat_join_request": {"chat": {"id": -3}, "from": USER}}, "-3"),
        ({"message_reaction": {"chat": {"id": -3}, "user": USER}}, "-3"),
        ({"message_reaction_count": {"chat": {"id": -3}}}, "-3"),
        ({"chat_boost": {"chat": {"id": -3}}}, "-3"),
        ({"removed_chat_boost": {"chat": {"id": -3}}}, "-3"),
        ({"inline_query": {"from": USER}}, "5"),
        ({"chosen_inline_result": {"from": USER}}, "5"),
        ({"shipping_query": {"from": USER}}, "5"),
        ({"pre_checkout_query": {"from": USER}}, "5"),
        ({"poll_answer": {"user": USER}}, "5"),
        ({"poll": {"id": "1"}}, "none"),
        ({"something_of_next_year": {"whom": 1}}, "none"),
        ({"update_id": 1}, "none"),
        ({"message": {"chat": {"id": True}, "from": USER}}, "5"),
        ({"message": {"chat": {"id": 2**63}, "from": USER}}, "5"),
    ],
)
def test_each_kind_of_update_has_the_lane_that_keeps_its_order(update: dict[str, Any], lane: str) -> None:
    assert lane_of({"update_id": 1, **update}) == lane


def test_album_parts_are_gathered_and_other_updates_are_not() -> None:
    part = {"chat": CHAT, "media_group_id": "13"}

    assert album_of({"message": part}) == "13"
    assert album_of({"edited_message": part}) is None
    assert album_of({"message": {"chat": CHAT}}) is None


def test_the_id_of_a_press_to_be_answered_is_found() -> None:
    assert callback_query_of({"callback_query": {"id": "81"}}) == "81"
    assert callback_query_of({"message": {"chat": CHAT}}) is None
