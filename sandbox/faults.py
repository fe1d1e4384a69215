"""Faults between a bot and its users, made on purpose: by chance, by count or for one call only.

They are switched on while the server runs and can be made to happen again with the same seed, as far as the
calls come in the same order.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from sandbox.errors import UserError

Json = dict[str, Any]
ANY = "*"


class FaultKind(StrEnum):
    """The kinds of faults."""

    UNREACHED = "unreached"
    """The connection breaks before the call is carried out."""
    LOST = "lost"
    """The call is carried out, and the connection breaks before the answer."""
    SERVER_ERROR = "server-error"
    """The call is not carried out; the answer is 502 Bad Gateway."""
    FLOOD = "flood"
    """The call is not carried out; the answer is 429, to be tried again after so many seconds."""
    SLOW = "slow"
    """The call is carried out at once and answered so many seconds later."""
    EXPIRED = "expired"
    """The press is too old to be answered."""
    FILE_GONE = "file-gone"
    """The file that a call names by its id is no longer there."""
    TWICE = "twice"
    """The update is delivered once more after it was taken, under its own id."""
    ANEW = "anew"
    """The update comes a second time under an id of its own, as a press does whose answer was slow."""
    SWAPPED = "swapped"
    """The update is delivered after the one that follows it, or after so many seconds."""


ON_UPDATES = frozenset({FaultKind.TWICE, FaultKind.ANEW, FaultKind.SWAPPED})


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and when it happens.

    `of` is a method or a kind of update, `*` for all of them. Of those that match, the first `spared` pass,
    then each is struck with probability `chance`, no more than `times` (0: without end). `seconds` is the
    length of what takes time. `chat` limits it to the calls that name one chat.
    """

    kind: FaultKind
    of: str = ANY
    chance: float = 1.0
    spared: int = 0
    times: int = 0
    seconds: float = 1.0
    chat: int | None = None

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """A fault from JSON. Raises UserError for what is none."""
        fields = dict(values)
        try:
            fault = cls(kind=FaultKind(fields.pop("kind", "")), **fields)
        except ValueError:
            raise UserError("A fault is one of: " + ", ".join(FaultKind) + ".") from None
        except TypeError:
            raise UserError("A fault has kind, of, chance, spared, times, seconds and chat.") from None
        numbers = (fault.chance, fault.spared, fault.times, fault.seconds, fault.chat or 0)
        if not isinstance(fault.of, str) or not all(isinstance(number, int | float) for number in numbers):
            raise UserError("A field of a fault has the wrong type.")
        if not 0 <= fault.chance <= 1 or fault.spared < 0 or fault.times < 0 or not 0 <= fault.seconds <= 600:
            raise UserError("A field of a fault is out of range.")
        return fault

    @classmethod
    def parse(cls, text: str) -> Self:
        """A fault from `KIND[:OF[:CHANCE[:SECONDS]]]`, as on a command line. Raises UserError."""
        kind, of, chance, seconds = (*text.split(":"), "", "", "", "")[:4]
        try:
            numbers = {
                name: float(given) for name, given in (("chance", chance), ("seconds", seconds)) if given
            }
        except ValueError:
            raise UserError(f"“{text}” is not of the form KIND:OF:CHANCE:SECONDS.") from None
        return cls.read({"kind": kind, "of": of or ANY, **numbers})


class Faults:
    """The faults that are switched on, and how often each happened."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._met: list[int] = []
        self._struck: list[int] = []
        self.seed = 0
        self._chance = random.Random()  # noqa: S311 - nothing secret
        self.happened: Counter[str] = Counter()

    def switch(self, faults: Iterable[Fault], seed: int = 0) -> None:
        """These from now on, and no others; what happened before stays counted."""
        self._faults = list(faults)
        self._met = [0] * len(self._faults)
        self._struck = [0] * len(self._faults)
        self.seed = seed
        self._chance.seed(seed)

    def of_call(self, method: str, chat: int, *, names_file: bool) -> Fault | None:
        """The fault that a call meets."""
        possible = set(FaultKind) - ON_UPDATES
        if method.lower() != "answercallbackquery":
            possible.discard(FaultKind.EXPIRED)
        if not names_file:
            possible.discard(FaultKind.FILE_GONE)
        return self._strike(possible, method, chat)

    def of_update(self, kind: FaultKind, update: str) -> Fault | None:
        """True if `kind` happens to an update of that kind."""
        return self._strike({kind}, update, None)

    def _strike(self, kinds: set[FaultKind], of: str, chat: int | None) -> Fault | None:
        for index, fault in enumerate(self._faults):
            if fault.kind not in kinds or fault.of.lower() not in (ANY, of.lower()):
                continue
            if fault.chat is not None and fault.chat != chat:
                continue
            self._met[index] += 1
            if self._met[index] <= fault.spared or (fault.times and self._struck[index] >= fault.times):
                continue
            if self._chance.random() < fault.chance:
                self._struck[index] += 1
                self.happened[f"{fault.kind} {of}"] += 1
                return fault
        return None

    def shown(self) -> Json:
        """The active faults, and what happened so far."""
        return {
            "seed": self.seed,
            "faults": [asdict(fault) for fault in self._faults],
            "happened": dict(self.happened),
        }
