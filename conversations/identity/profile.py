"""The profile: what the service knows of the user, for whom they act, how they want to be told of things."""

from __future__ import annotations

from backend.contracts import service as contracts
from backend.identity import people, preferences
from backend.identity.preferences import Preferences
from backend.identity.values import Place, Profile
from conversations.core.action import Action
from conversations.core.answers import Answer, show
from conversations.core.context import OptionalNotice, Say, TurnContext
from conversations.core.navigation import home_button, stranger
from conversations.core.prompts import NOTHING, Entry, Html, Prompt, join
from conversations.identity.notices import may_get


class ShowProfile(Action):
    """Who am I here?"""

    name = "profile"
    permission = None
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, actor = context.say, context.actor
        if actor is None:
            return show(stranger(context))
        found = await context.short_read(people.profile_of, actor)
        chosen = await context.short_read(preferences.preferences_of, actor)
        companies = [await _company(place, context) for place in found.places]
        roles = sorted(actor.staff_roles, key=lambda role: role.value)
        optional = may_get(found, context)
        text = join(
            [
                join([say("profile.title"), *_person(found, say)]),
                _acting(context),
                join(companies, "\n\n"),
                _staff([say(f"staff_role.{role.value}") for role in roles], say),
                join([say("profile.language"), _notices(optional, chosen, say), _quiet(chosen, say)]),
            ],
            "\n\n",
        )
        change = ((Entry(say("companies.menu"), "companies"),),) if len(found.places) > 1 else ()
        rows = (
            (Entry(say("profile.button.language"), "language"), Entry(say("notices.menu"), "notices")),
            (Entry(say("quiet.menu"), "quiet"), Entry(say("privacy.menu"), "privacy")),
            *change,
            (home_button(context),),
        )
        return show(Prompt(text, rows))


def _person(found: Profile, say: Say) -> list[Html]:
    lines = [say("profile.name", name=found.name)]
    if found.email is not None:
        lines.append(say("profile.email", email=found.email))
    if found.mobile is not None:
        lines.append(say("profile.mobile", mobile=found.mobile))
    return lines


def _acting(context: TurnContext) -> Html:
    member = context.membership
    if context.acting.suspended:
        return context.say("entry.suspended")
    if member is None:
        return context.say("profile.acts_for_nobody")
    return context.say("profile.acts_for", integrator=member.integrator_name)


async def _company(place: Place, context: TurnContext) -> Html:
    say, member = context.say, place.membership
    role = say(f"role.{member.role.value}") if member.role is not None else "?"
    since = say("profile.enabled", since=place.since) if member.enabled else say("profile.not_enabled")
    number = (
        await context.short_read(contracts.number_of, place.contract_id)
        if place.contract_id is not None
        else None
    )
    return join(
        [
            say("profile.company", integrator=member.integrator_name),
            say("profile.role", role=role),
            since,
            say("profile.contract", contract=number) if number is not None else NOTHING,
        ]
    )


def _staff(roles: list[Html], say: Say) -> Html:
    return say("profile.staff", roles=join(roles, ", ")) if roles else NOTHING


def _notices(optional: list[OptionalNotice], chosen: Preferences, say: Say) -> Html:
    if not optional:
        return NOTHING
    wanted = [say(f"notice.{each.kind}") for each in optional if each.kind not in chosen.muted]
    return say("profile.notices", kinds=join(wanted, ", ")) if wanted else say("profile.no_notices")


def _quiet(chosen: Preferences, say: Say) -> Html:
    return say("profile.quiet", hours=str(chosen.quiet)) if chosen.quiet else say("profile.not_quiet")
