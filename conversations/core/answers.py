"""Answers of a step or an action. Values: the engine makes them effects of the turn's transaction.

Every answer can order changes besides what it says (`effects`): store a code and ask for it, count a wrong
one and ask again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.core.effects import AnswerEffect, JobRequest, Order
from conversations.core.prompts import NOTHING, Entry, Html, Prompt, join
from conversations.core.replies import Sent, Typed


class Reject(Exception):
    """The answer will not do: ask again and say why. `key` ends the text's: `<flow>.<step>.error.<key>`;
    with a dot in it, it is the text's own.

    `effects` are ordered all the same; `values` are those of the text.
    """

    def __init__(self, key: str, *effects: AnswerEffect, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.effects = effects
        self.values = values
        self.offers: tuple[Entry, ...] = ()

    def offering(self, *offers: Entry) -> Reject:
        """The same, with these buttons above the question's own."""
        self.offers = offers
        return self


@dataclass(frozen=True)
class Next:
    """Go on with this draft: to `step` where named, else to the first question that is still open."""

    draft: Any
    step: str | None = None
    effects: tuple[AnswerEffect, ...] = ()


@dataclass(frozen=True)
class Show:
    """Show these and be done."""

    prompts: tuple[Prompt, ...]
    effects: tuple[AnswerEffect, ...] = ()


def show(*prompts: Prompt) -> Show:
    """Show these and be done."""
    return Show(prompts)


@dataclass(frozen=True)
class Do:
    """Have a service change something, then show what `finish` makes of its result, and be done.

    `more` makes further effects of the result. Both are pure: they may run again.
    """

    order: Order
    finish: Callable[[Any], Sequence[Prompt]]
    effects: tuple[AnswerEffect, ...] = ()
    more: Callable[[Any], Sequence[AnswerEffect]] = lambda result: ()


@dataclass(frozen=True)
class Question:
    """Something that is asked outside of the turn: a job, or, where the answer is at hand, `at_once`."""

    job: JobRequest
    at_once: Callable[[], Awaitable[Any]] | None = None


@dataclass(frozen=True)
class Wait:
    """An action's: show `meanwhile`, and answer with the action's `result` when the job has come back."""

    question: Question
    meanwhile: Callable[[], Prompt]
    effects: tuple[AnswerEffect, ...] = ()


@dataclass(frozen=True)
class Await:
    """A step's: keep the dialogue with this draft, and go on with the step's `resumed` when the job has come
    back. Meanwhile the step's `waiting` stands where the question stood.
    """

    question: Question
    draft: Any
    effects: tuple[AnswerEffect, ...] = ()


@dataclass(frozen=True)
class Start:
    """Begin a dialogue with this draft, at its first open question. One under way comes back afterwards."""

    flow: str
    draft: Any
    effects: tuple[AnswerEffect, ...] = ()


@dataclass(frozen=True)
class Go:
    """Be done here and run this action. `head` stands above the first thing that it shows."""

    action: str
    argument: str = ""
    effects: tuple[AnswerEffect, ...] = ()
    head: Html = NOTHING


@dataclass(frozen=True)
class Give:
    """Be done here and hand this over, as if it was just sent: to the question beneath, or, from an action,
    to the one under way. Where none is asked, it goes to whatever begins with such a thing.

    Without a `reply` the question is asked again, and says why (`because`). `head` is a message before.
    `anew`: it is not for the question.
    """

    reply: Typed | Sent | None = None
    because: Reject | None = None
    head: Html = NOTHING
    anew: bool = False
    effects: tuple[AnswerEffect, ...] = ()


Answer = Next | Show | Do | Wait | Await | Start | Go | Give


def headed(answer: Answer, head: Html) -> Answer:
    """The answer with these words above the first thing that it shows, where it shows anything."""

    def above(prompts: Sequence[Prompt]) -> tuple[Prompt, ...]:
        first, *others = prompts
        return (replace(first, text=join((head, first.text), "\n\n")), *others)

    match answer:
        case Show(prompts) if head and prompts:
            return replace(answer, prompts=above(prompts))
        case Do(finish=finish) if head:
            return replace(answer, finish=lambda result: above(finish(result)))
        case _:
            return answer
