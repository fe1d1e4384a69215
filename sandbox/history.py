"""The history of calls and updates, in order: for checks from outside that trust no side's memory."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """A call as it arrived, and what became of it.

    `params` are its texts, without files. `done` says whether it was carried out, `answered` whether its
    answer left, `refusal` what a refused one was told, `at` when it was over (monotonic, seconds).
    """

    method: str
    params: dict[str, str]
    done: bool
    answered: bool
    refusal: str = ""
    result: Any = None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Queued:
    """An update for the bot: its id, its kind, what it says, and when it was queued (monotonic, seconds)."""

    update_id: int
    kind: str
    payload: Json
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class History:
    """Everything since the start; it grows without bound, so it is kept only on request."""

    calls: list[Heard] = field(default_factory=list)
    updates: list[Queued] = field(default_factory=list)
