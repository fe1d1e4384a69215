"""The first screen, help, state, language: what is open to anybody."""

from __future__ import annotations

from backend.declarations import service as declarations
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.inbox import service as inbox
from backend.jobs import service as jobs
from backend.outbox import service as outbox
from backend.refusals import Refused
from conversations.action import Action
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
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        say, member = here.say, here.membership
        if member is not None:
            own = await here.short_read(identity.memberships_of, here.acting)
            change = ((Entry(say("home.button.companies"), Companies.name),),) if len(own) > 1 else ()
            welcome = say("home.welcome", integrator=member.integrator_name)
            return show(Prompt(welcome, (*menu(here), *change)))
        if here.actor is not None and here.actor.staff_roles:
            return show(Prompt(say("home.staff"), ((Entry(say("home.button.state"), State.name),),)))
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


class Companies(Action):
    """For which integrator shall I act?"""

    name = "companies"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        say = here.say
        own = await here.short_read(identity.memberships_of, here.actor) if here.actor is not None else []
        home = (Entry(say("home.button.home"), "home"),)
        if not own or here.membership is None:
            return show(Prompt(say("state.stranger"), (home,)))
        rows = tuple((Entry(each.integrator_name, ActFor.name, str(each.id)),) for each in own)
        return show(Prompt(say("companies.ask", integrator=here.membership.integrator_name), (*rows, home)))


class ActFor(Action):
    """An integrator was chosen. The argument is the membership."""

    name = "act_for"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        number = int(argument) if argument.isascii() and argument.isdigit() and len(argument) <= 18 else 0
        if here.actor is None:
            return await Companies().run("", here)
        return Do(
            order(identity.choose_membership, here.actor, number),
            lambda chosen: [
                Prompt(here.say("companies.chosen", integrator=chosen.integrator_name), menu(here))
            ],
        )

    async def refused(self, refusal: Refused, here: Here) -> Answer:
        return await Companies().run("", here)


class Help(Action):
    """What this is and how it is used."""

    name = "help"
    in_groups = True
    elsewhere = True
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        back = ((Entry(here.say("home.button.home"), "home"),),) if here.private else ()
        return show(Prompt(here.say("help.text"), back))


class State(Action):
    """Who I am here, what is under way."""

    name = "state"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        say, member = here.say, here.membership
        lines = [say("state.title")]
        if member is None:
            lines.append(say("state.staff" if here.actor and here.actor.staff_roles else "state.stranger"))
        else:
            name = here.acting.name
            lines.append(say("state.member", person=name, integrator=member.integrator_name))
            until = await here.short_read(declarations.standing_until, here.acting, here.now)
            lines.append(say("state.declared", until=until) if until else say("state.not_declared"))
        if here.may(Permission.OPERATE):
            failed = await here.long_read(inbox.count_failed)
            posts = await here.long_read(outbox.counts)
            waiting_posts = sum(posts.get(state, 0) for state in outbox.UNSENT)
            lines.append(say("state.service", failed=failed, waiting=waiting_posts))
        waiting = await here.short_read(jobs.waiting_kinds, here.place.lane, here.person.user_id)
        lines.append(say("state.waiting", number=len(waiting)))
        lines.append(say("state.version", version=here.services.version))
        return show(Prompt(join(lines), ((Entry(say("home.button.home"), "home"),),)))


class Language(Action):
    """Which language shall I speak?"""

    name = "language"
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        buttons = tuple(Entry(label, "speak", code) for code, label in LANGUAGE_NAMES.items())
        return show(Prompt(here.say("language.ask"), (buttons,)))


class Speak(Action):
    """A language was chosen."""

    name = "speak"
    permission = None

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
    permission = None

    async def run(self, argument: str, here: Here) -> Answer:
        place = here.place
        return Do(
            order(jobs.cancel_waiting, place.lane, here.person.user_id, here.now, but_for=TO_DIALOGUE),
            lambda _: [
                Prompt(here.say("dialogue.cancelled"), ((Entry(here.say("home.button.home"), "home"),),))
            ],
        )


FEATURE = Feature(
    actions=(Home(), Companies(), ActFor(), Help(), State(), Language(), Speak(), CancelWait()),
    commands=(
        SlashCommand("home", {"it": "start", "en": "start"}),
        SlashCommand("help", {"it": "aiuto", "en": "help"}),
        SlashCommand(None, {"it": "annulla", "en": "cancel"}),
        SlashCommand("state", {"it": "stato", "en": "status"}),
        SlashCommand("language", {"it": "lingua", "en": "language"}),
    ),
)
