"""The integrator's associations: the list, and each one's card."""

from __future__ import annotations

from backend.associations import service as associations
from backend.identity.permissions import Permission
from conversations.associations.card import association_card, association_gone, find_association
from conversations.core.action import Action
from conversations.core.answers import Answer, show
from conversations.core.context import TurnContext
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Entry, Prompt


class ListAssociations(Action):
    """The latest associations of the whole integrator, newest first. The argument is where a page begins."""

    name = "associations"
    permission = Permission.SEE_ASSOCIATIONS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(associations.latest, context.acting, page.wanted, page.at)
        home = (home_button(context),)
        if not found:
            return show(Prompt(say("associations.none"), ((Entry(say("look_up.menu"), "look_up"),), home)))
        rows = tuple(
            (
                Entry(
                    say("associations.button", pod=each.pod.code, sid=each.sid[-6:]),
                    ShowAssociation.name,
                    str(each.id),
                ),
            )
            for each in found[: page.size]
        )
        turning = page.turning(context, [each.id for each in found])
        integrator = context.acting.acting_for.integrator_name
        return show(Prompt(say("associations.list", integrator=integrator), (*rows, *turning, home)))


class ShowAssociation(Action):
    """An association's card."""

    name = "association"
    permission = Permission.SEE_ASSOCIATIONS

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await find_association(argument, context)
        if found is None:
            return show(association_gone(context))
        return show(association_card(found, context))
