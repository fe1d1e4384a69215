"""In which language the bot speaks."""

from __future__ import annotations

from backend.core.outbox import service as outbox
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.prompts import Entry, Prompt

LANGUAGE_NAMES = {"it": "Italiano", "en": "English"}


class Language(Action):
    """Which language shall I speak?"""

    name = "language"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        buttons = tuple(Entry(label, Speak.name, code) for code, label in LANGUAGE_NAMES.items())
        return show(Prompt(context.say("language.ask"), (buttons,)))


class Speak(Action):
    """A language was chosen."""

    name = "speak"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if argument not in LANGUAGE_NAMES:
            return await Language().run("", context)
        say = context.services.speak(argument)
        destination = context.destination
        return Do(
            order(outbox.choose_language, destination.bot_id, destination.chat_id, argument),
            lambda _: [Prompt(say("language.chosen"), ((Entry(say("button.home"), "home"),),))],
            effects=(JobRequest("commands", {"language": argument}),),
        )
