"""The circuit breaker: who is away is not asked by everybody, for as long as everybody's patience lasts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

import structlog

from backend.central.errors import CentralAway, CentralCallFailed, CircuitOpen

log = structlog.get_logger(__name__)

FAILURES = 5
"""After so many calls in a row that met nobody, it is away."""
OPEN_SECONDS = 10.0
"""For so long nobody asks then; for longer where it said so itself."""
LONGEST_SECONDS = 300.0
"""It is believed for no longer than this when it says when to come back."""


class CircuitState(Enum):
    """The state of the circuit.

               a                b                  c
    CLOSED ───────► OPEN ───────────► HALF_OPEN ───────► CLOSED
                     ▲                    │
                     └────────────────────┘
                               d

    a: five calls in a row met nobody, or it said when to come back.
    b: its time is over, and somebody asks: that call is the probe.
    c: the probe was answered, whatever the answer is.
    d: the probe met nobody; or it was broken off, and then the next call is the probe at once.
    """

    CLOSED = "closed"
    """It is asked."""
    OPEN = "open"
    """It is not asked until its time is over."""
    HALF_OPEN = "half-open"
    """One call asks it; the others do not."""


class CircuitBreaker:
    """The circuit of one process. `ticks` is a clock that never goes back, in seconds."""

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        open_seconds: float = OPEN_SECONDS,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures = failures
        self._open_seconds = open_seconds
        self._ticks = ticks
        self._state = CircuitState.CLOSED
        self._in_a_row = 0
        self._until = 0.0

    @property
    def state(self) -> CircuitState:
        """Its state now."""
        return self._state

    @contextmanager
    def call(self) -> Iterator[None]:
        """One call. What it raises decides: CentralAway is nobody there; anything else that ends it, but
        for a call that was broken off, is an answer. Raises CircuitOpen where it is not to be made.
        """
        probe = self._enter()
        try:
            yield
        except CentralAway as away:
            self._missed(probe, away.after)
            raise
        except CentralCallFailed:
            self._answered(probe)
            raise
        except BaseException:
            if probe:  # broken off: it says nothing of the other side
                self._open(0.0)
            raise
        self._answered(probe)

    def _enter(self) -> bool:
        """Let a call in. Returns whether it is the probe."""
        if self._state is CircuitState.CLOSED:
            return False
        left = self._until - self._ticks()
        if self._state is CircuitState.HALF_OPEN or left > 0:
            raise CircuitOpen(max(left, 0.1))
        self._state = CircuitState.HALF_OPEN
        return True

    def _answered(self, probe: bool) -> None:
        if probe:
            log.info("central.circuit_closed")
            self._state = CircuitState.CLOSED
        if self._state is CircuitState.CLOSED:
            self._in_a_row = 0

    def _missed(self, probe: bool, after: float) -> None:
        if not probe and self._state is not CircuitState.CLOSED:
            return  # it began before the circuit opened, and tells nothing new
        self._in_a_row += 1
        if probe or after > 0 or self._in_a_row >= self._failures:
            self._open(min(after or self._open_seconds, LONGEST_SECONDS))

    def _open(self, seconds: float) -> None:
        if self._state is CircuitState.CLOSED:
            log.warning("central.circuit_open", seconds=seconds)
        self._state = CircuitState.OPEN
        self._until = self._ticks() + seconds
