"""Telegram's limits as arithmetic: no call leaves too early and none starves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sending.limits import CHAT_BURST, Limits

START = 1000.0
EPSILON = 1e-6
CHATS = st.sampled_from([1, 2, 3, -4, -5])
ASKS = st.lists(st.tuples(CHATS, st.floats(0, 3, allow_nan=False)), max_size=150)
"""Calls that want to leave: the chat, and the seconds since the one before."""


def departures(limits: Limits, asks: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The time at which each call leaves if it waits just as long as it is told to."""
    now, left = START, []
    for chat_id, pause in asks:
        now += pause
        while (wait := limits.wait(chat_id, now)) > 0:
            assert now + wait > now  # else nobody would ever leave
            now += wait
        left.append((chat_id, now))
    return left


def most_in(times: Sequence[float], seconds: float) -> int:
    """The largest number of these times within any half-open span of `seconds`."""
    return max(
        (sum(1 for other in times if time <= other < time + seconds - EPSILON) for time in times), default=0
    )


@given(ASKS)
def test_calls_never_exceed_thirty_in_any_second(asks: list[tuple[int, float]]) -> None:
    left = departures(Limits(), asks)

    assert most_in([time for _, time in left], 1.0) <= 30


@given(st.integers(1, 200), st.integers(30, 60))
def test_many_chats_together_are_held_to_thirty_calls_a_second(calls: int, chats: int) -> None:
    left = departures(Limits(), [(number % chats + 1, 0.0) for number in range(calls)])

    assert most_in([time for _, time in left], 1.0) <= 30


@given(st.lists(st.floats(0, 3, allow_nan=False), max_size=120))
def test_a_private_chat_gets_a_burst_and_then_one_a_second(pauses: list[float]) -> None:
    times = [time for _, time in departures(Limits(), [(1, pause) for pause in pauses])]

    for first in range(len(times)):
        for last in range(first, len(times)):
            sent = last - first + 1
            assert sent <= CHAT_BURST + (times[last] - times[first]) + EPSILON


@given(st.lists(st.floats(0, 10, allow_nan=False), max_size=100))
def test_a_group_never_gets_more_than_twenty_in_any_minute(pauses: list[float]) -> None:
    times = [time for _, time in departures(Limits(), [(-1, pause) for pause in pauses])]

    assert most_in(times, 60.0) <= 20


@given(
    st.floats(0.001, 5000, allow_nan=False),
    st.lists(st.floats(0, 100, allow_nan=False), max_size=30),
    st.booleans(),
)
def test_calls_wait_until_a_flood_wait_is_over(seconds: float, pauses: list[float], enforced: bool) -> None:
    limits = Limits(enforced=enforced)
    limits.flood(1, seconds, START)

    left = departures(limits, [(1, pause) for pause in pauses])

    assert all(time >= START + seconds - EPSILON for _, time in left)


def test_a_shorter_flood_wait_does_not_shorten_a_longer_one() -> None:
    limits = Limits()
    limits.flood(1, 60, START)
    limits.flood(1, 5, START)

    assert limits.wait(1, START + 59) == pytest.approx(1)


def test_a_flood_wait_in_one_chat_does_not_hold_up_another() -> None:
    limits = Limits()
    limits.flood(1, 60, START)

    assert limits.wait(2, START) == 0


def test_a_call_told_to_wait_does_not_count_as_sent() -> None:
    limits = Limits()
    departures(limits, [(1, 0.0)] * 5)

    waits = [limits.wait(1, START) for _ in range(50)]

    assert waits == [pytest.approx(1)] * 50


def test_a_forgotten_chat_had_regained_its_full_limit_long_before() -> None:
    limits = Limits()
    departures(limits, [(-1, 0.0)] * 20)
    now = START + 1
    for number in range(10_001):  # at thirty a second this takes more than five minutes
        now += 1 / 30 + EPSILON
        assert limits.wait(number + 1, now) == 0

    assert limits.wait(-1, now + 1) == 0


def test_the_parts_of_an_album_count_one_by_one() -> None:
    for chat_id, at_once in ((1, int(CHAT_BURST)), (-4, 20)):
        limits = Limits()
        assert limits.wait(chat_id, START) == 0
        limits.charge(chat_id, 9, START)  # an album of ten
        more = [limits.wait(chat_id, START) for _ in range(at_once)]
        assert more.count(0.0) == max(0, at_once - 10)
        assert limits.wait(chat_id, START + 70) == 0
