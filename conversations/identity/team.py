"""The members of the integrator that the user acts for: who they are, their roles, their leaving."""

from __future__ import annotations

from backend.core.refusals import Refused
from backend.identity import people
from backend.identity.errors import LastReferent, MemberUnknown
from backend.identity.permissions import Permission, Role
from backend.identity.values import Member
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Entry, Prompt, Rows, join

MEMBERS_SHOWN = 30


class TeamAction(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission = Permission.MANAGE_MEMBERS

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        match refusal:
            case MemberUnknown():
                key = "team.gone"
            case LastReferent():
                key = "team.last_referent"
            case _:
                return await super().refused(refusal, context)
        return show(Prompt(context.say(key), (_back(context),)))


def _back(context: TurnContext) -> tuple[Entry, ...]:
    return (Entry(context.say("team.menu"), Team.name), home_button(context))


class Team(TeamAction):
    """Who belongs to the integrator."""

    name = "team"
    permission = Permission.SEE_MEMBERS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, company = context.say, context.acting.acting_for.integrator_name
        found = await context.short_read(people.members_of, context.acting)
        title = say("team.title", company=company, number=len(found))
        if not context.may(Permission.MANAGE_MEMBERS):
            lines = [say("team.line", name=each.name, role=_role(each, context)) for each in found]
            return show(
                Prompt(join([title, join(lines[:MEMBERS_SHOWN])], "\n\n"), ((home_button(context),),))
            )
        rows: Rows = tuple(
            (Entry(f"{each.name} · {_role(each, context)}", ShowMember.name, str(each.membership_id)),)
            for each in found[:MEMBERS_SHOWN]
        )
        invite = Entry(say("team.button.invite"), "invite")
        pending = Entry(say("team.button.pending"), "invitations")
        return show(Prompt(title, (*rows, (invite, pending), (home_button(context),))))


def _role(member: Member, context: TurnContext) -> str:
    if member.suspended:
        return context.say("team.suspended")
    if not member.enabled or member.role is None:
        return context.say("team.not_enabled")
    return context.say(f"role.{member.role.value}")


class ShowMember(TeamAction):
    """A member. The argument is the membership."""

    name = "member"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(people.member, context.acting, id_of(argument) or 0)
        return show(_card(found, context))


def _card(found: Member, context: TurnContext) -> Prompt:
    say, number = context.say, str(found.membership_id)
    lines = [
        say("team.card.name", name=found.name, role=_role(found, context)),
        say("team.card.company", company=context.acting.acting_for.integrator_name),
        say("team.card.since", since=found.since),
    ]
    if found.email:
        lines.append(say("team.card.email", email=found.email))
    if found.mobile:
        lines.append(say("team.card.mobile", mobile=found.mobile))
    roles = tuple(
        (Entry(say(f"team.button.make_{role.value}"), ChangeRole.name, f"{number}_{role.value}"),)
        for role in Role
        if role is not found.role
    )
    remove = Entry(say("team.button.remove"), AskRemoval.name, number)
    return Prompt(join(lines), (*roles, (remove,), _back(context)))


class ChangeRole(TeamAction):
    """Give a member another role. The argument is `<membership>_<role>`."""

    name = "member_role"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, named = argument.partition("_")
        role = next((role for role in Role if role.value == named), None)
        if role is None:
            return Go(Team.name)
        change = order(people.change_role, context.acting, id_of(number) or 0, role, context.now)
        return Do(change, lambda found: [_card(found, context)])


class AskRemoval(TeamAction):
    """Is the member to leave? The argument is the membership."""

    name = "member_ask_removal"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        found = await context.short_read(people.member, context.acting, id_of(argument) or 0)
        company = context.acting.acting_for.integrator_name
        rows = (
            (Entry(say("team.button.remove_now"), Remove.name, argument),),
            (Entry(say("team.button.keep"), ShowMember.name, argument),),
        )
        return show(Prompt(say("team.ask_removal", name=found.name, company=company), rows))


class Remove(TeamAction):
    """Remove a member. The argument is the membership."""

    name = "member_remove"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        removed = order(people.remove_member, context.acting, id_of(argument) or 0, context.now)
        return Do(
            removed, lambda found: [Prompt(context.say("team.removed", name=found.name), (_back(context),))]
        )
