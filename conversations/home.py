"""The first screen, help, state, language: what is open to anybody."""

from __future__ import annotations

from backend.declarations import service as declarations
from backend.jobs import service as jobs
from backend.outbox import service as outbox
from conversations.action import Access, Action
from conversations.answers import Answer, Do, show
from conversations.context import Here
from conversations.effects import TO_DIALOGUE, JobRequest, order
from conversations.feature import Feature, SlashCommand
from conversations.prompts import Copy, Entry, Prompt, Rows, join

LANGUAGE_NAMES = {"it": "Italiano", "en": "English"}


def menu(here: Here) -> Rows:
    """The ways into everything, for a member."""
    say = here.say
    return (
        (
            Entry(say("home.button.look_up"), "look_up"),
            Entry(say("home.button.recent"), "recent"),
        ),
        (
            Entry(say("home.button.associations"), "associations"),
            Entry(say("home.button.help"), "help"),
        ),
    )


class Home(Action):
    """The first screen."""

    name = "home"
    elsewhere = True
    access = Access.OPEN

    async def run(self, argument: str, here: Here) -> Answer:
        say = here.say
        if here.member is None:
            number = str(here.person.user_id)
            return show(
                Prompt(
                    say("home.stranger", number=number),
                    (
                        (Copy(say("home.button.copy_number"), number),),
                        (Entry(say("home.button.help"), "help"),),
                    ),
                )
            )
        return show(Prompt(say("home.welcome", integrator=here.member.integrator_name), menu(here)))


class Help(Action):
    """What this is and how it is used."""

    name = "help"
    in_groups = True
    elsewhere = True
    access = Access.OPEN

    async def run(self, argument: str, here: Here) -> Answer:
        back = ((Entry(here.say("home.button.home"), "home"),),) if here.private else ()
        return show(Prompt(here.say("help.text"), back))


class State(Action):
    """Who I am here, what is under way."""

    name = "state"
    access = Access.OPEN

    async def run(self, argument: str, here: Here) -> Answer:
        say, member = here.say, here.member
        lines = [say("state.title")]
        if member is None:
            lines.append(say("state.stranger"))
        else:
            lines.append(say("state.member", person=member.person_name, integrator=member.integrator_name))
            until = await here.short_read(declarations.standing_until, member, here.now)
            lines.append(say("state.declared", until=until) if until else say("state.not_declared"))
        waiting = await here.short_read(jobs.waiting_kinds, here.place.lane, here.person.user_id)
        lines.append(say("state.waiting", number=len(waiting)))
        lines.append(say("state.version", version=here.services.version))
        return show(Prompt(join(lines), ((Entry(say("home.button.home"), "home"),),)))


class Language(Action):
    """Which language shall I speak?"""

    name = "language"
    access = Access.OPEN

    async def run(self, argument: str, here: Here) -> Answer:
        buttons = tuple(Entry(label, "speak", code) for code, label in LANGUAGE_NAMES.items())
        return show(Prompt(here.say("language.ask"), (buttons,)))


class Speak(Action):
    """A language was chosen."""

    name = "speak"
    access = Access.OPEN

    async def run(self, argument: str, here: Here) -> Answer:
        if argument not in LANGUAGE_NAMES:
            return await Language().run("", here)
        say = here.services.speak(argument)
        place = here.place
        return Do(
            order(outbox.choose_language, place.bot_id, place.chat_id, argument),
            lambda _: [Prompt(say("language.chosen"), ((Entry(say("home.button.home"), "home"),),))],
            effects=(JobRequest("commands", {"language": argument}),),
        )


class CancelWait(Action):
    """The user no longer waits: the button under "one moment…"."""

    name = "stop_waiting"
    access = Access.OPEN

    async def run(self, argument: str, here: Here) -> Answer:
        place = here.place
        return Do(
            order(jobs.cancel_waiting, place.lane, here.person.user_id, here.now, but_for=TO_DIALOGUE),
            lambda _: [
                Prompt(here.say("dialogue.cancelled"), ((Entry(here.say("home.button.home"), "home"),),))
            ],
        )


FEATURE = Feature(
    actions=(Home(), Help(), State(), Language(), Speak(), CancelWait()),
    commands=(
        SlashCommand("home", {"it": "start", "en": "start"}),
        SlashCommand("help", {"it": "aiuto", "en": "help"}),
        SlashCommand(None, {"it": "annulla", "en": "cancel"}),
        SlashCommand("state", {"it": "stato", "en": "status"}),
        SlashCommand("language", {"it": "lingua", "en": "language"}),
    ),
)
