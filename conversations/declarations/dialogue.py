"""The System Integrator's declaration: asked once per access, before what the user was about to do, which
then goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.declarations import service as declarations
from backend.identity.permissions import UNDER_DECLARATION, Permission
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Start
from conversations.core.context import TurnContext
from conversations.core.effects import GoOn, order
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Prompt
from conversations.core.replies import Reply

NAME = "declaration"


@dataclass(frozen=True)
class Pending:
    """The action, and its argument, that goes on once the declaration is accepted."""

    action: str
    argument: str


class Accept(Step[Pending]):
    """Do you accept?"""

    name = "accept"

    def filled(self, draft: Pending) -> bool:
        return False

    async def ask(self, draft: Pending, context: TurnContext) -> Prompt:
        say = context.say
        return Prompt(
            say("declaration.accept.ask", integrator=context.acting.acting_for.integrator_name),
            ((Choice(say("declaration.accept.button.yes"), "yes"),),),
        )

    async def answer(self, draft: Pending, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, "yes")
        services = context.services
        return Do(
            order(
                declarations.accept,
                context.acting,
                services.declaration_version,
                context.now,
                services.declaration_lasting,
            ),
            lambda until: [Prompt(context.say("declaration.accepted", until=until))],
            effects=(GoOn(draft.action, draft.argument),),
        )


class Declaration(Flow[Pending]):
    """The declaration. Only what was asked for last goes on by itself."""

    name = NAME
    gives_way = True
    draft_type = Pending
    steps = (Accept(),)


async def gate(action: Action, argument: str, context: TurnContext) -> Answer | None:
    """The declaration stands before whatever looks at supplies or changes anything. It is the members': the
    staff, and who is not enabled yet, are asked for none.
    """
    if action.permission not in UNDER_DECLARATION or not context.may(Permission.ACCEPT_DECLARATION):
        return None
    if await context.short_read(declarations.standing, context.acting, context.now):
        return None
    return Start(NAME, Pending(action.name, argument))
