"""Asking the central system: at once where the register is at hand, else by a job."""

from __future__ import annotations

from functools import partial
from typing import Any

from backend.supplies import service as supplies
from backend.supplies.answers import decode_answer
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer
from conversations.core.answers import Question
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest

KIND = "pod"


def ask_central(pod: Pod, context: TurnContext, **arguments: Any) -> Question:
    """The question about this POD to the central system. `arguments` come back beside its answer."""
    central = context.services.central
    at_once = partial(supplies.ask, central, pod) if central.is_local(pod) else None
    return Question(JobRequest(KIND, {"pod": pod.code, **arguments}), at_once)


def answer_of(result: Any) -> CentralAnswer | Exception:
    """The central system's answer, or how it failed, from what came back."""
    return decode_answer(result) if isinstance(result, dict) else result
