"""For which integrator the user acts."""

from __future__ import annotations

from backend.core.refusals import Refused
from backend.identity import service as identity
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import CancelJobs, LeaveDialogues, order
from conversations.core.navigation import home_button, id_of, menu
from conversations.core.prompts import Entry, Prompt


class Companies(Action):
    """For which integrator shall I act?"""

    name = "companies"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        own = (
            await context.short_read(identity.memberships_of, context.actor)
            if context.actor is not None
            else []
        )
        home = (home_button(context),)
        if not own or context.membership is None:
            return show(Prompt(say("state.stranger"), (home,)))
        rows = tuple((Entry(each.integrator_name, ActFor.name, str(each.id)),) for each in own)
        return show(
            Prompt(say("companies.ask", integrator=context.membership.integrator_name), (*rows, home))
        )


class ActFor(Action):
    """An integrator was chosen. The argument is the membership."""

    name = "act_for"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        if context.actor is None:
            return await Companies().run("", context)
        other = context.membership is None or context.membership.id != number
        return Do(
            order(identity.choose_membership, context.actor, number),
            lambda chosen: [
                Prompt(context.say("companies.chosen", integrator=chosen.integrator_name), menu(context))
            ],
            # What was begun for one company must not end for another.
            effects=(LeaveDialogues(), CancelJobs(Prompt(context.say("dialogue.cancelled"))))
            if other
            else (),
        )

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        return await Companies().run("", context)
