"""Which dialogues, actions and commands there are, and who may begin what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.declarations import service as declarations
from conversations.action import Access, Action
from conversations.answers import Answer, Show, Start
from conversations.context import Here
from conversations.declaration import NAME as DECLARATION
from conversations.declaration import Pending
from conversations.flow import Flow
from conversations.prompts import Copy, Entry, Prompt, Rows


class Catalogue:
    """The dialogues, actions and commands of the product, by name."""

    def __init__(
        self, flows: Sequence[Flow[Any]], actions: Sequence[Action], commands: dict[str, str]
    ) -> None:
        self.flows = {flow.name: flow for flow in flows}
        self.actions = {action.name: action for action in actions}
        self.commands = {command: self.actions[action] for command, action in commands.items()}

    async def admit(self, action: Action, argument: str, here: Here, *, begun: bool = False) -> Answer | None:
        """What must come before the action: none where it may run now.

        What was `begun` under a declaration comes to its end under it, however long that takes.
        """
        if not here.private and not action.in_groups:
            return Show((Prompt(here.say("home.group")),))
        if action.access >= Access.MEMBER and here.member is None:
            number = str(here.person.user_id)
            return Show(
                (
                    Prompt(
                        here.say("home.stranger", number=number),
                        ((Copy(here.say("home.button.copy_number"), number),),),
                    ),
                )
            )
        if action.access >= Access.ENABLED and not here.acting.may_configure:
            return Show((Prompt(here.say("home.not_enabled"), self.way_on(here)),))
        if begun or action.access < Access.DECLARED:
            return None
        if not await here.read(declarations.standing, here.acting, here.now):
            return Start(DECLARATION, Pending(action.name, argument))
        return None

    def way_on(self, here: Here) -> Rows:
        """The buttons under what ends without a result: where to go from here."""
        if not here.private:
            return ()
        if here.member is None:
            return ((Entry(here.say("home.button.help"), "help"),),)
        return (
            (
                Entry(here.say("home.button.look_up"), "look_up"),
                Entry(here.say("home.button.home"), "home"),
            ),
        )
