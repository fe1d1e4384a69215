"""For which integrator the user acts."""

from __future__ import annotations

from backend.core.refusals import Refused
from backend.identity import service as identity
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import Here
from conversations.core.effects import CancelJobs, LeaveDialogues, order
from conversations.core.navigation import home_button, id_of, menu
from conversations.core.prompts import Entry, Prompt


class Companies(Action):
    """For which integrator shall I act?"""

    name = "companies"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        say = here.say
        own = await here.short_read(identity.memberships_of, here.actor) if here.actor is not None else []
        home = (home_button(here),)
        if not own or here.membership is None:
            return show(Prompt(say("state.stranger"), (home,)))
        rows = tuple((Entry(each.integrator_name, ActFor.name, str(each.id)),) for each in own)
        return show(Prompt(say("companies.ask", integrator=here.membership.integrator_name), (*rows, home)))


class ActFor(Action):
    """An integrator was chosen. The argument is the membership."""

    name = "act_for"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        number = id_of(argument) or 0
        if here.actor is None:
            return await Companies().run("", here)
        other = here.membership is None or here.membership.id != number
        return Do(
            order(identity.choose_membership, here.actor, number),
            lambda chosen: [
                Prompt(here.say("companies.chosen", integrator=chosen.integrator_name), menu(here))
            ],
            # What was begun for one company must not end for another.
            effects=(LeaveDialogues(), CancelJobs(Prompt(here.say("dialogue.cancelled")))) if other else (),
        )

    async def refused(self, refusal: Refused, here: Here) -> Answer:
        return await Companies().run("", here)
