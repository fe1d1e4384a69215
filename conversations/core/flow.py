"""The parts of a dialogue: a flow is a list of steps in the order the user meets them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from backend.core.refusals import Refused
from backend.devices.codes import CodeKind
from conversations.core.answers import Answer, Go, Reject, show
from conversations.core.context import TurnContext
from conversations.core.prompts import Choice, Prompt
from conversations.core.replies import Chosen, Reply, Sent

D = TypeVar("D")


class Step(ABC, Generic[D]):
    """One question. A class of its own so that it reads as one: what it asks, what it takes."""

    name: ClassVar[str]

    def applies(self, draft: D) -> bool:
        """True if this question is asked at all, given the answers so far."""
        return True

    @abstractmethod
    def filled(self, draft: D) -> bool:
        """True if the draft holds this question's answer."""

    @abstractmethod
    async def ask(self, draft: D, context: TurnContext) -> Prompt:
        """The question. It is asked again whenever needed, and changes nothing."""

    @abstractmethod
    async def answer(self, draft: D, reply: Reply, context: TurnContext) -> Answer:
        """Decide what comes next. Raises Reject where the reply is no answer."""

    async def waiting(self, draft: D, context: TurnContext) -> Prompt:
        """The prompt in place of the question while it waits for a job (`Await`)."""
        return Prompt(context.say("dialogue.moment"))

    async def resumed(self, draft: D, result: Any, context: TurnContext) -> Answer:
        """Decide what comes next, now that the job that this step waited for has come back.

        `result` is what the job's kind gives, or what was at hand at once; `{"failed": True}` where it failed
        for good. Raises Reject to ask again and say why.
        """
        raise NotImplementedError(f"{self.name} waits for nothing")

    def claims(self, text: str, draft: D, context: TurnContext) -> bool:
        """True if a typed text belongs to this question even where it reads as a POD or a device's code."""
        return False

    def takes(self, reply: Sent, draft: D, context: TurnContext) -> bool:
        """True if a picture, a file or a contact is this question's even where a recogniser knows it."""
        return False

    def asks_codes(self, draft: D, context: TurnContext) -> frozenset[CodeKind]:
        """The codes of a device that this question asks for; none for a question of another kind.

        A photo of the label may then stand for what is typed: it is read, shown, and comes to `answer` as
        `Typed` once the user has said that it is right, SID and NID on a line each where both are asked for.
        """
        return frozenset()

    def meanwhile(self, draft: D, reply: Sent, context: TurnContext) -> D | None:
        """The draft with what was sent while this question waits for a job; None where it can wait for
        nothing more. People send one picture after the other.
        """
        return None

    def value(self, draft: D, context: TurnContext) -> str:
        """This question's answer, in the summary's words; empty where the summary need not show it."""
        return ""


class Flow(ABC, Generic[D]):
    """A dialogue. `version` grows when rows of the earlier one can no longer be continued."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    minutes: ClassVar[int] = 30  # of silence, after which the dialogue ends

    gives_way: ClassVar[bool] = False
    """True if it ends where another of its own name begins; else it waits for that to end, and comes back."""

    gives: ClassVar[bool] = False
    """True if its answers are the question's beneath (`Give`): that one hears what a service refuses."""

    draft_type: ClassVar[type[Any]]
    steps: ClassVar[tuple[Step[Any], ...]]

    def begins_anew(self, draft: D) -> bool:
        """True if this draft takes the place of one about the same thing, which goes on otherwise."""
        return False

    def passes(self, draft: D) -> bool:
        """True if it ends where another dialogue or an action begins, and does not come back: nobody has
        begun it.
        """
        return False

    def key(self, draft: D) -> str:
        """The subject of this dialogue: begun again about the same subject, it goes on where it was."""
        return ""

    def cancelled(self, draft: D) -> Go | None:
        """The action after the user has cancelled; None to say only that nothing has changed."""
        return None

    async def refused(self, draft: D, refusal: Refused, context: TurnContext) -> Answer:
        """Answer a refusal of the order. Raises Reject to ask the present question again."""
        return show(Prompt(context.say("dialogue.refused")))

    def step(self, name: str) -> Step[Any] | None:
        """The step of that name; none where an upgrade removed it."""
        return next((step for step in self.steps if step.name == name), None)

    def open_step(self, draft: D) -> Step[Any]:
        """The first question that is asked and has no answer yet; the last step when all have one."""
        asked = self.asked(draft)
        return next((step for step in asked if not step.filled(draft)), asked[-1])

    def asked(self, draft: D) -> list[Step[Any]]:
        """The questions that this draft calls for, in order."""
        return [step for step in self.steps if step.applies(draft)]

    def before(self, draft: D, step: Step[Any]) -> Step[Any] | None:
        """The question before this one; none before the first."""
        asked = self.asked(draft)
        position = asked.index(step) if step in asked else 0
        return asked[position - 1] if position else None


def chosen(reply: Reply, *values: str) -> str:
    """The value of the pressed button, one of `values` where given. Raises Reject("press") for anything
    else.
    """
    if isinstance(reply, Chosen) and (not values or reply.value in values):
        return reply.value
    raise Reject("press")


def column(choices: Sequence[Choice]) -> tuple[tuple[Choice], ...]:
    """The buttons below each other."""
    return tuple((choice,) for choice in choices)
