"""The user's quiet hours."""

from __future__ import annotations

from dataclasses import dataclass

from backend.identity import preferences
from backend.identity.preferences import QuietHours, read_hours
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import home_button, stranger
from conversations.core.prompts import Entry, Prompt
from conversations.core.replies import Reply, Typed

OFF = "off"
OWN = "own"
USUAL = {"20-7": QuietHours(20 * 60, 7 * 60), "22-7": QuietHours(22 * 60, 7 * 60)}
"""What is chosen with one press, by the argument of its button."""


class Quiet(Action):
    """When do notices wait? The argument is a choice."""

    name = "quiet"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if context.actor is None:
            return show(stranger(context))
        if argument == OWN:
            return Start(QuietHoursFlow.name, QuietDraft())
        if argument == OFF or argument in USUAL:
            return _keep(USUAL.get(argument), context)
        chosen = await context.short_read(preferences.preferences_of, context.actor)
        return show(_screen(chosen.quiet, context))


def _screen(quiet: QuietHours | None, context: TurnContext) -> Prompt:
    say = context.say
    text = say("quiet.are", hours=str(quiet)) if quiet else say("quiet.none")
    usual = tuple(Entry(str(hours), Quiet.name, name) for name, hours in USUAL.items())
    others = (
        Entry(say("quiet.button.off"), Quiet.name, OFF),
        Entry(say("quiet.button.own"), Quiet.name, OWN),
    )
    return Prompt(text, (usual, others, (Entry(say("profile.menu"), "profile"), home_button(context))))


def _keep(quiet: QuietHours | None, context: TurnContext) -> Answer:
    return Do(order(preferences.keep_quiet, context.acting, quiet), lambda _: [_screen(quiet, context)])


@dataclass(frozen=True)
class QuietDraft:
    """Nothing is kept: the only answer ends the dialogue."""


class AskHours(Step[QuietDraft]):
    """From when to when?"""

    name = "hours"

    def filled(self, draft: QuietDraft) -> bool:
        return False

    async def ask(self, draft: QuietDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("quiet_hours.hours.ask"))

    async def answer(self, draft: QuietDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        hours = read_hours(reply.text)
        if hours is None:
            raise Reject("unreadable")
        return _keep(hours, context)


class QuietHoursFlow(Flow[QuietDraft]):
    """Asks for hours of the user's own."""

    name = "quiet_hours"
    draft_type = QuietDraft
    steps = (AskHours(),)

    def cancelled(self, draft: QuietDraft) -> Go | None:
        return Go(Quiet.name)
