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
from conversations.core.navigation import Page, home_button, id_of, row_and_page
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.identity.told import REMOVED, ROLE, tell_member


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


def _back(context: TurnContext, page: str = "") -> tuple[Entry, ...]:
    return (Entry(context.say("team.menu"), Team.name, page), home_button(context))


class Team(TeamAction):
    """Who belongs to the integrator, newest first. The argument is where a page begins."""

    name = "team"
    permission = Permission.SEE_MEMBERS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, company = context.say, context.acting.acting_for.integrator_name
        page = Page(self.name, id_of(argument))
        number = await context.short_read(people.count_members, context.acting)
        found = await context.short_read(people.members_of, context.acting, page.wanted, page.at)
        title = say("team.title", company=company, number=number)
        turning = page.turning(context, [each.membership_id for each in found])
        shown, home = found[: page.size], (home_button(context),)
        if not context.may(Permission.MANAGE_MEMBERS):
            lines = [say("team.line", name=each.name, role=_role(each, context)) for each in shown]
            return show(Prompt(join([title, join(lines)], "\n\n"), (*turning, home)))
        rows: Rows = tuple(
            (
                Entry(
                    f"{each.name} · {_role(each, context)}",
                    ShowMember.name,
                    f"{each.membership_id}_{page.here}",
                ),
            )
            for each in shown
        )
        invite = Entry(say("team.button.invite"), "invite")
        pending = Entry(say("team.button.pending"), "invitations")
        return show(Prompt(title, (*rows, *turning, (invite, pending), home)))


def _role(member: Member, context: TurnContext) -> str:
    if member.suspended:
        return context.say("team.suspended")
    if not member.enabled or member.role is None:
        return context.say("team.not_enabled")
    return context.say(f"role.{member.role.value}")


class ShowMember(TeamAction):
    """A member. The argument is `<membership>_<page of the list>`."""

    name = "member"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, page = row_and_page(argument)
        found = await context.short_read(people.member, context.acting, number)
        return show(_card(found, page, context))


def _card(found: Member, page: str, context: TurnContext) -> Prompt:
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
        (Entry(say(f"team.button.make_{role.value}"), ChangeRole.name, f"{number}_{role.value}_{page}"),)
        for role in Role
        if role is not found.role
    )
    remove = Entry(say("team.button.remove"), AskRemoval.name, f"{number}_{page}")
    return Prompt(join(lines), (*roles, (remove,), _back(context, page)))


class ChangeRole(TeamAction):
    """Give a member another role. The argument is `<membership>_<role>_<page>`."""

    name = "member_role"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        row, _, rest = argument.partition("_")
        named, _, where = rest.partition("_")
        number, page = row_and_page(f"{row}_{where}")
        role = next((role for role in Role if role.value == named), None)
        if role is None:
            return Go(Team.name)
        change = order(people.change_role, context.acting, number, role, context.now)
        return Do(
            change,
            lambda found: [_card(found, page, context)],
            more=lambda found: tell_member(found, ROLE, context),
        )


class AskRemoval(TeamAction):
    """Is the member to leave? The argument is `<membership>_<page>`."""

    name = "member_ask_removal"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        number, _ = row_and_page(argument)
        found = await context.short_read(people.member, context.acting, number)
        company = context.acting.acting_for.integrator_name
        rows = (
            (Entry(say("team.button.remove_now"), Remove.name, argument),),
            (Entry(say("team.button.keep"), ShowMember.name, argument),),
        )
        return show(Prompt(say("team.ask_removal", name=found.name, company=company), rows))


class Remove(TeamAction):
    """Remove a member. The argument is `<membership>_<page>`."""

    name = "member_remove"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, page = row_and_page(argument)
        removed = order(people.remove_member, context.acting, number, context.now)

        def finish(found: Member) -> list[Prompt]:
            return [Prompt(context.say("team.removed", name=found.name), (_back(context, page),))]

        return Do(removed, finish, more=lambda found: tell_member(found, REMOVED, context))
