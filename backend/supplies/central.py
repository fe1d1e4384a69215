"""The distributor's central system: the port, and its implementations on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import structlog

from backend.supplies.errors import CentralDataError, CentralUnavailable
from backend.supplies.household import answer_from
from backend.supplies.pod import Pod
from backend.supplies.register import Register
from backend.supplies.values import CentralAnswer, Supply

log = structlog.get_logger(__name__)


class CentralSystem(Protocol):
    """Knows the supplies and their meters."""

    def is_local(self, pod: Pod) -> bool:
        """True where the answer comes from this machine's database and may be awaited inside a turn."""
        ...

    async def look_up(self, pod: Pod) -> CentralAnswer:
        """Look a POD up.

        Raises CentralUnavailable when it cannot be reached or is too slow, CentralDataError when the supply's
        data cannot be extracted or contradict each other. Any other exception is a generic failure.
        """
        ...


class SqlCentralSystem:
    """Answers from the register of supplies: a replica of the distributor's, on this machine."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def is_local(self, pod: Pod) -> bool:
        return True

    async def look_up(self, pod: Pod) -> CentralAnswer:
        """See `CentralSystem`. A register that was never loaded, or cannot be read, is CentralUnavailable."""
        return answer_from(pod, await self._register.household(pod.point))


class FaultKind(Enum):
    """The ways in which a stand-in fails on purpose."""

    UNAVAILABLE = "unavailable"
    """It cannot be reached."""
    CONTRADICTORY = "contradictory"
    """It answers, with data that cannot be used."""
    GENERIC = "generic"
    """It fails in a way that has no name."""
    SLOW = "slow"
    """It answers after a while."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for one POD; `seconds` is how long a SLOW one takes."""

    kind: FaultKind
    seconds: float = 0.0


class GenericFault(Exception):
    """Raised by a stand-in for FaultKind.GENERIC: deliberately outside this package's tree."""


class InMemoryCentralSystem:
    """Stand-in whose supplies and faults are told to it; slowness waits for a gate that the caller opens."""

    def __init__(self, supplies: Iterable[Supply] = (), *, local: bool = True) -> None:
        log.warning("central.stand_in", implementation="in-memory")
        self._supplies = {supply.point: supply for supply in supplies}
        self._local = local
        self._faults: dict[str, FaultKind] = {}
        self._gates: dict[str, asyncio.Event] = {}

    def put(self, *supplies: Supply) -> None:
        """Add supplies, or replace those of the same points."""
        self._supplies |= {supply.point: supply for supply in supplies}

    def fail(self, pod: Pod, kind: FaultKind | None) -> None:
        """Fail in this way for a POD from now on; None heals it. Raises ValueError for SLOW: use `hold`."""
        if kind is FaultKind.SLOW:
            raise ValueError("slowness is a gate: use hold")
        if kind is None:
            self._faults.pop(pod.point, None)
        else:
            self._faults[pod.point] = kind

    def hold(self, pod: Pod, gate: asyncio.Event) -> None:
        """Answer for a POD only once `gate` is set."""
        self._gates[pod.point] = gate

    def is_local(self, pod: Pod) -> bool:
        return self._local and pod.point not in self._gates

    async def look_up(self, pod: Pod) -> CentralAnswer:
        if (gate := self._gates.get(pod.point)) is not None:
            await gate.wait()
        if (kind := self._faults.get(pod.point)) is not None:
            raise failure_of(kind)
        asked = self._supplies.get(pod.point)
        target = pod.point if asked is None or asked.exchange_point is None else asked.exchange_point
        return answer_from(
            pod,
            [
                s
                for s in self._supplies.values()
                if s.point in (pod.point, target) or s.exchange_point == target
            ],
        )


class CentralSystemWithFaults:
    """Another central system, with faults for some PODs: for showing what a healthy one cannot show."""

    def __init__(self, inner: CentralSystem, faults: Mapping[Pod, Fault]) -> None:
        log.warning("central.stand_in", implementation="with-faults", faults=len(faults))
        self._inner = inner
        self._faults = dict(faults)

    def is_local(self, pod: Pod) -> bool:
        return pod not in self._faults and self._inner.is_local(pod)

    async def look_up(self, pod: Pod) -> CentralAnswer:
        fault = self._faults.get(pod)
        if fault is None:
            return await self._inner.look_up(pod)
        if fault.kind is not FaultKind.SLOW:
            raise failure_of(fault.kind)
        await asyncio.sleep(fault.seconds)
        return await self._inner.look_up(pod)


def failure_of(kind: FaultKind) -> Exception:
    """The exception that a fault is seen as. SLOW is none: raises ValueError."""
    match kind:
        case FaultKind.UNAVAILABLE:
            return CentralUnavailable("told to be out of reach")
        case FaultKind.CONTRADICTORY:
            return CentralDataError("told-to-contradict")
        case FaultKind.GENERIC:
            return GenericFault("told to fail")
        case FaultKind.SLOW:
            raise ValueError("slowness is not a failure")
