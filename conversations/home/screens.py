"""The first screen, help, state: what is open to anybody."""

from __future__ import annotations

from backend.associations import telling
from backend.core.inbox import service as inbox
from backend.core.jobs import service as jobs
from backend.core.outbox import service as outbox
from backend.declarations import service as declarations
from backend.identity import service as identity
from backend.identity.permissions import GRANTED, Permission, Role
from backend.registrations import service as registrations
from conversations.core.action import Action
from conversations.core.answers import Answer, Go, show
from conversations.core.context import TurnContext
from conversations.core.navigation import home_button, menu, stranger
from conversations.core.prompts import Copy, Entry, Prompt, Rows, join
from conversations.core.texts import DEFAULT


class Home(Action):
    """The first screen."""

    name = "home"
    navigates = True
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, member = context.say, context.membership
        if context.actor is not None and context.actor.suspended:
            return show(Prompt(say("entry.suspended"), menu(context)))
        if member is not None:
            own = await context.short_read(identity.memberships_of, context.acting)
            change = ((Entry(say("companies.menu"), "companies"),),) if len(own) > 1 else ()
            key = "home.welcome" if context.may(Permission.LOOK_UP) else "home.welcome_to_see"
            if not member.enabled:
                key = "home.not_enabled"
            welcome = say(key, integrator=member.integrator_name)
            return show(Prompt(welcome, (*menu(context), *change)))
        if context.actor is not None and context.actor.staff_roles:
            state = (Entry(say("state.menu"), State.name),)
            return show(Prompt(say("home.staff"), (*menu(context), state)))
        begun = await context.short_read(registrations.latest_of, context.person.user_id, context.now)
        return Go("registration") if begun is not None else show(stranger(context))


FOR_MEMBERS = (
    ("look_up", Permission.LOOK_UP),
    ("associate", Permission.ASSOCIATE),
    ("scp", Permission.GET_SCP),
    ("change", Permission.DELETE_ASSOCIATION),
    ("device", Permission.SEE_DEVICES),
    ("gesis", Permission.KEEP_FACTOR),
    ("bulk", Permission.BULK),
    ("program", Permission.PROGRAM),
    ("report", Permission.REPORT_ASSOCIATIONS),
    ("assistance", Permission.OPEN_TICKETS),
    ("members", Permission.MANAGE_MEMBERS),
)
"""What the help says the bot does for members, and the permission that each needs."""
FOR_STAFF = (
    ("desk", Permission.ANSWER_TICKETS),
    ("contracts", Permission.MANAGE_CONTRACTS),
    ("report_all", Permission.ALL_ASSOCIATIONS),
    ("documents", Permission.MANAGE_DOCUMENTS),
    ("attach", Permission.ATTACH_SCP),
    ("audit", Permission.SEARCH_AUDIT),
    ("staff", Permission.MANAGE_STAFF),
    ("operate", Permission.OPERATE),
)
"""What the help says that the staff does."""


class Help(Action):
    """Help: what the bot can do, and the commands, each for those who may. In a group, and for whoever is not
    enabled, what any configurator may.
    """

    name = "help"
    in_groups = True
    navigates = True
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, member = context.say, context.membership
        own = context.private or context.staff_group
        staff = own and context.actor is not None and bool(context.actor.staff_roles)
        may = {each for each in Permission if own and context.may(each)}
        parts = []
        if member is not None or not staff:
            enabled = own and member is not None and member.enabled
            can = may if enabled else GRANTED[Role.CONFIGURATOR]
            lines = [say(f"help.can.{key}") for key, needed in FOR_MEMBERS if needed in can]
            parts.append(join([say("help.title"), *lines]))
        if staff:
            hidden = set() if context.services.scp_uploaded else {Permission.ATTACH_SCP}
            lines = [say(f"help.can.{key}") for key, needed in FOR_STAFF if needed in may - hidden]
            parts.append(join([say("help.staff"), *lines]))
        commands = [
            say("help.command", name=each.names[say.language], does=say(f"command.{each.names[DEFAULT]}"))
            for each in context.services.commands
            if (each.permission is None or each.permission in may)
            and (context.services.scp_uploaded or not each.uploaded)
        ]
        parts += [join([say("help.commands"), *commands]), say("help.recorded")]
        back = ((home_button(context),),) if context.private else ()
        return show(Prompt(join(parts, "\n\n"), back))


class State(Action):
    """The state: who the user is here, what is under way."""

    name = "state"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, member = context.say, context.membership
        lines = [say("state.title")]
        rows: Rows = ((home_button(context),),)
        if member is None:
            staff = context.actor is not None and context.actor.staff_roles
            lines.append(say("state.staff" if staff else "state.stranger"))
            number = str(context.person.user_id)
            lines.append(say("state.number", number=number))
            rows = ((Copy(say("button.copy_number"), number),), *rows)
        else:
            name = context.acting.name
            lines.append(say("state.member", person=name, integrator=member.integrator_name))
            until = await context.short_read(declarations.standing_until, context.acting, context.now)
            lines.append(say("state.declared", until=until) if until else say("state.not_declared"))
        if context.may(Permission.OPERATE):
            failed = await context.long_read(inbox.count_failed)
            posts = await context.long_read(outbox.counts)
            waiting_posts = sum(posts.get(state, 0) for state in outbox.UNSENT)
            lines.append(say("state.service", failed=failed, waiting=waiting_posts))
            if context.services.central_told:
                told = await context.long_read(telling.counts)
                lines.append(say("state.central", untold=told.untold, refused=told.refused))
        waiting = await context.short_read(
            jobs.waiting_kinds, context.destination.lane, context.person.user_id
        )
        lines.append(say("state.waiting", number=len(waiting)))
        lines.append(say("state.version", version=context.services.version))
        return show(Prompt(join(lines), rows))
