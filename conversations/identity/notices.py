"""Which notices the user gets."""

from __future__ import annotations

from dataclasses import replace

from backend.identity import people, preferences
from backend.identity.preferences import Preferences
from backend.identity.values import Profile
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, show
from conversations.core.context import OptionalNotice, TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, stranger
from conversations.core.prompts import Entry, Prompt, Rows

MAIL = "mail"
"""In place of a kind: all of them by e-mail too."""
ON, OFF = "on", "off"


class Notices(Action):
    """Which notices do I get? The argument changes that: `on_<kind>` or `off_<kind>`."""

    name = "notices"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        actor = context.actor
        if actor is None:
            return show(stranger(context))
        found = await context.short_read(people.profile_of, actor)
        chosen = await context.short_read(preferences.preferences_of, actor)
        optional = may_get(found, context)
        which, _, kind = argument.partition("_")
        if which in (ON, OFF) and kind == MAIL and found.email is not None:
            changed = replace(chosen, by_mail=which == ON)
            return Do(
                order(preferences.write_by_mail, actor, changed.by_mail),
                lambda _: [_screen(optional, changed, found, context)],
            )
        if which in (ON, OFF) and kind in [each.kind for each in optional]:
            muted = chosen.muted | {kind} if which == OFF else chosen.muted - {kind}
            changed = replace(chosen, muted=muted)
            return Do(
                order(preferences.mute, actor, kind, which == OFF),
                lambda _: [_screen(optional, changed, found, context)],
            )
        return show(_screen(optional, chosen, found, context))


def _screen(
    optional: list[OptionalNotice], chosen: Preferences, found: Profile, context: TurnContext
) -> Prompt:
    say = context.say
    rows: Rows = tuple(
        (_switch(say(f"notice.{each.kind}"), each.kind, each.kind not in chosen.muted),) for each in optional
    )
    if found.email is not None:
        rows = (*rows, (_switch(say("notices.by_mail"), MAIL, chosen.by_mail),))
    back = (Entry(say("profile.menu"), "profile"), home_button(context))
    return Prompt(say("notices.ask" if rows else "notices.none"), (*rows, back))


def _switch(label: str, kind: str, is_on: bool) -> Entry:
    return Entry(f"{'✅' if is_on else '⚪️'} {label}", Notices.name, f"{OFF if is_on else ON}_{kind}")


def may_get(found: Profile, context: TurnContext) -> list[OptionalNotice]:
    """The notices that the user can ever get, in one company or another, and can do without."""
    places = [None, *(place.membership for place in found.places)]
    acting = [replace(context.acting, membership=place) for place in places]
    return [
        each
        for each in context.services.optional_notices
        if each.permission is None or any(actor.may(each.permission) for actor in acting)
    ]
