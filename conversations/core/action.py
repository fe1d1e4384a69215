"""The parts that need no dialogue: an action answers at once, from a button, a command or a pasted code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from conversations.core.answers import Answer, show
from conversations.core.context import TurnContext
from conversations.core.prompts import Prompt


class Action(ABC):
    """Something that a user can ask for. Its name stands in buttons for months: it never changes."""

    name: ClassVar[str]
    permission: ClassVar[Permission | None]
    """The permission that the user needs; None if it is open to anybody. Every action names it."""
    in_groups: ClassVar[bool] = False
    """True if it may answer where others read along."""
    in_staff_group: ClassVar[bool] = False
    """True if it may answer in the staff group, whose members the staff has chosen itself."""
    navigates: ClassVar[bool] = False
    """True if it leads away from the card with its button: a lasting card is then left standing."""

    @abstractmethod
    async def run(self, argument: str, context: TurnContext) -> Answer:
        """Answer. `argument` comes from outside: hostile until read."""

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        """Answer when the job of this action has come back.

        `result` is what the job's kind gives, or what was at hand at once; `{"failed": True}` where it failed
        for good.
        """
        raise NotImplementedError(f"{self.name} waits for nothing")

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        """Answer when a service refused what this action ordered, or wanted to read."""
        return show(Prompt(context.say("dialogue.refused")))
