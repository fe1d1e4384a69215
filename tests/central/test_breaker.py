"""The circuit breaker, by a clock of its own."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from backend.central.breaker import LONGEST_SECONDS, CircuitBreaker, CircuitState
from backend.central.errors import CentralAway, CentralFault, CircuitOpen


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def breaker(ticks: Ticks) -> CircuitBreaker:
    return CircuitBreaker(failures=3, open_seconds=10.0, ticks=ticks)


def miss(breaker: CircuitBreaker, after: float = 0.0) -> None:
    with pytest.raises(CentralAway), breaker.call():
        raise CentralAway("time-out", after)


def state_of(breaker: CircuitBreaker) -> CircuitState:
    """Its state by now; mypy believes that an attribute stays what it was."""
    return breaker.state


def refused(breaker: CircuitBreaker) -> float:
    with pytest.raises(CircuitOpen) as is_open, breaker.call():
        raise AssertionError("it must not be called")
    return is_open.value.after


def test_it_opens_after_so_many_misses_in_a_row(breaker: CircuitBreaker) -> None:
    for _ in range(2):
        miss(breaker)
        miss(breaker)
        with breaker.call():
            pass
    assert state_of(breaker) is CircuitState.CLOSED
    for _ in range(3):
        miss(breaker)
    assert state_of(breaker) is CircuitState.OPEN
    assert refused(breaker) == 10.0


def test_an_answer_that_it_failed_is_an_answer(breaker: CircuitBreaker) -> None:
    for _ in range(10):
        with pytest.raises(CentralFault), breaker.call():
            raise CentralFault("status-500")
    assert state_of(breaker) is CircuitState.CLOSED


def test_the_probe_that_is_answered_closes_it(breaker: CircuitBreaker, ticks: Ticks) -> None:
    for _ in range(3):
        miss(breaker)
    ticks.now = 10.0
    with breaker.call():
        assert state_of(breaker) is CircuitState.HALF_OPEN
        refused(breaker)
    assert state_of(breaker) is CircuitState.CLOSED
    miss(breaker)
    assert state_of(breaker) is CircuitState.CLOSED


def test_the_probe_that_meets_nobody_opens_it_again(breaker: CircuitBreaker, ticks: Ticks) -> None:
    for _ in range(3):
        miss(breaker)
    ticks.now = 10.0
    miss(breaker)
    assert state_of(breaker) is CircuitState.OPEN
    assert refused(breaker) == 10.0


def test_a_probe_that_is_broken_off_leaves_its_place_to_the_next(
    breaker: CircuitBreaker, ticks: Ticks
) -> None:
    for _ in range(3):
        miss(breaker)
    ticks.now = 10.0
    with pytest.raises(asyncio.CancelledError), breaker.call():
        raise asyncio.CancelledError
    with breaker.call():
        assert state_of(breaker) is CircuitState.HALF_OPEN
    assert state_of(breaker) is CircuitState.CLOSED


def test_it_opens_at_once_for_as_long_as_it_is_told_but_not_for_ever(
    breaker: CircuitBreaker, ticks: Ticks
) -> None:
    miss(breaker, after=30.0)
    assert refused(breaker) == 30.0
    ticks.now = 30.0
    miss(breaker, after=86_400.0)
    assert refused(breaker) == LONGEST_SECONDS


def test_calls_from_before_it_opened_change_nothing(breaker: CircuitBreaker, ticks: Ticks) -> None:
    with breaker.call():
        for _ in range(3):
            miss(breaker)
        ticks.now = 5.0
    assert state_of(breaker) is CircuitState.OPEN
    assert refused(breaker) == 5.0


def test_misses_from_before_it_opened_do_not_keep_it_open_longer(
    breaker: CircuitBreaker, ticks: Ticks
) -> None:
    with contextlib.suppress(CentralAway), breaker.call():
        for _ in range(3):
            miss(breaker)
        ticks.now = 9.0
        raise CentralAway("time-out")
    assert refused(breaker) == 1.0
