"""The last question of a dialogue: everything at a glance, any answer to be changed, confirmed once."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from conversations.core.answers import Answer, Next
from conversations.core.context import TurnContext
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Html, Prompt, join
from conversations.core.replies import Reply

D = TypeVar("D")

CONFIRM = "confirm"
EDIT = "edit."


class Summary(Step[D], Generic[D]):
    """Shows the answers with a button to change each of them, and one to confirm."""

    name = "confirm"

    @abstractmethod
    def heading(self, draft: D, context: TurnContext) -> Html:
        """The line above the answers."""

    @abstractmethod
    async def confirm(self, draft: D, context: TurnContext) -> Answer:
        """Act on the confirmation. Raises Reject."""

    @abstractmethod
    def questions(self) -> Flow[D]:
        """The dialogue whose answers these are."""

    def filled(self, draft: D) -> bool:
        return False

    async def ask(self, draft: D, context: TurnContext) -> Prompt:
        flow, say = self.questions(), context.say
        steps = [step for step in flow.asked(draft) if step is not self and step.value(draft, context)]
        lines = [
            say(
                "dialogue.answer",
                label=say(f"{flow.name}.{step.name}.label"),
                value=Html(step.value(draft, context)),
            )
            for step in steps
        ]
        edits = [Choice(say(f"{flow.name}.{step.name}.edit"), EDIT + step.name) for step in steps]
        pairs = tuple(tuple(edits[index : index + 2]) for index in range(0, len(edits), 2))
        confirm = Choice(say(f"{flow.name}.{self.name}.button"), CONFIRM)
        return Prompt(join([self.heading(draft, context), join(lines)], "\n\n"), ((confirm,), *pairs))

    async def answer(self, draft: D, reply: Reply, context: TurnContext) -> Answer:
        flow = self.questions()
        edits = {EDIT + step.name: step.name for step in flow.asked(draft) if step is not self}
        value = chosen(reply, CONFIRM, *edits)
        if value in edits:
            return Next(draft, edits[value])
        return await self.confirm(draft, context)
