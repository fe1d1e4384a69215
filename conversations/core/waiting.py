"""Waiting for a job: what is shown meanwhile, and how to wait no longer."""

from __future__ import annotations

from backend.core.jobs import service as jobs
from conversations.core.action import Action
from conversations.core.answers import Answer, Do
from conversations.core.context import Here
from conversations.core.effects import TO_DIALOGUE, order
from conversations.core.feature import Feature
from conversations.core.navigation import home_button
from conversations.core.prompts import Entry, Html, Prompt


class StopWaiting(Action):
    """The user no longer waits: the button under "one moment…"."""

    name = "stop_waiting"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        place = here.place
        return Do(
            order(jobs.cancel_waiting, place.lane, here.person.user_id, here.now, but_for=TO_DIALOGUE),
            lambda _: [Prompt(here.say("dialogue.cancelled"), ((home_button(here),),))],
        )


def moment(text: Html, here: Here) -> Prompt:
    """What is shown while an action waits, with the button that stops it."""
    return Prompt(text, ((Entry(here.say("dialogue.button.cancel"), StopWaiting.name),),))


FEATURE = Feature(actions=(StopWaiting(),))
