"""Waiting for a job: what is shown meanwhile, and how to wait no longer."""

from __future__ import annotations

from backend.core.jobs import service as jobs
from conversations.core.action import Action
from conversations.core.answers import Answer, Do
from conversations.core.context import Say, TurnContext
from conversations.core.effects import TO_DIALOGUE, order
from conversations.core.feature import Feature
from conversations.core.navigation import home_button
from conversations.core.prompts import Entry, Html, Prompt

BAR = 10  # characters


class StopWaiting(Action):
    """The user no longer waits: the button under "one moment…"."""

    name = "stop_waiting"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        destination = context.destination
        return Do(
            order(
                jobs.cancel_waiting,
                destination.lane,
                context.person.user_id,
                context.now,
                but_for=TO_DIALOGUE,
            ),
            lambda _: [Prompt(context.say("dialogue.cancelled"), ((home_button(context),),))],
        )


def moment(text: Html, context: TurnContext) -> Prompt:
    """The prompt while an action waits, with the button that stops it."""
    return Prompt(text, ((Entry(context.say("dialogue.button.cancel"), StopWaiting.name),),))


def bar(say: Say, done: int, total: int, seconds: float | None = None) -> Html:
    """A bar, the counts and, where it is known, how long the rest will take (seconds)."""
    full = min(BAR, done * BAR // total)
    drawn = "▓" * full + "░" * (BAR - full)
    if seconds is None:
        return say("dialogue.progress", bar=drawn, done=done, total=total)
    minutes, rest = divmod(round(seconds), 60)
    return say("dialogue.progress_left", bar=drawn, done=done, total=total, left=f"{minutes}:{rest:02d}")


FEATURE = Feature(actions=(StopWaiting(),))
