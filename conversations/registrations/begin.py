"""Beginning a registration, going on with it, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from backend.core.refusals import Refused
from backend.identity import service as identity
from backend.registrations import service as registrations
from backend.registrations.errors import RegistrationDecided, TooManyWithdrawals
from backend.registrations.values import OPEN, Form, Registration, RegistrationState
from conversations.core.action import Action
from conversations.core.answers import Answer, Go, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.navigation import help_button, home_button
from conversations.core.prompts import Entry, Prompt, Rows
from conversations.registrations.form import Registering

NEW = "new"
GO_ON = "go_on"
DELETE = "delete"
WITHDRAW = "withdraw"


class Register(Action):
    """Where a registration is, and the way on. The argument is what to do with it."""

    name = "registration"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        me, now = context.person.user_id, context.now
        found = await context.short_read(registrations.latest_of, me, now)
        match argument:
            case "new" if found is None or found.state not in (*OPEN, RegistrationState.SUBMITTED):
                form = _of_the_same_person(found)
                begun = order(registrations.begin, me, now)
                return Start(
                    Registering.name, form, effects=(begun, order(registrations.keep, me, form, now))
                )
            case "go_on" | "new" if found is not None and found.state in OPEN:
                if found.state is RegistrationState.VERIFYING:
                    return Go("registration_verify")
                return Start(Registering.name, found.form)
            case "correct" if found is not None and found.state in OPEN:
                return Start(Registering.name, found.form, effects=(order(registrations.reopen, me, now),))
            case "delete" if found is not None and found.state in OPEN:
                text = context.say("registration.deleted")
                gone = Prompt(text, ((home_button(context),),))
                return replace(show(gone), effects=(order(registrations.discard, me),))
            case "withdraw" if found is not None and found.state is RegistrationState.SUBMITTED:
                return Start(Registering.name, found.form, effects=(order(registrations.withdraw, me, now),))
        return show(await self._shown(found, context))

    async def _shown(self, found: Registration | None, context: TurnContext) -> Prompt:
        if found is not None and found.state is RegistrationState.ENABLED:
            return await self._place(found, context)
        return _card(found, context)

    async def _place(self, found: Registration, context: TurnContext) -> Prompt:
        """What came of a registration that was accepted: where the person is enabled now."""
        say = context.say
        places = (
            await context.short_read(identity.memberships_of, context.actor)
            if context.actor is not None
            else []
        )
        companies = [place.integrator_name for place in places if place.enabled]
        text = say("registration.no_place", company=found.form.company_name or "")
        if companies:
            text = say("registration.places", companies=", ".join(companies))
        return Prompt(text, _again(context))

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        match refusal:
            case RegistrationDecided():
                me, now = context.person.user_id, context.now
                found = await context.short_read(registrations.latest_of, me, now)
                return show(await self._shown(found, context))
            case TooManyWithdrawals():
                return show(Prompt(context.say("registration.withdrawn_often"), ((home_button(context),),)))
            case _:
                return await super().refused(refusal, context)


def _card(found: Registration | None, context: TurnContext) -> Prompt:
    say = context.say
    if found is None:
        rows: Rows = ((Entry(say("registration.button.begin"), Register.name, NEW),), (help_button(context),))
        return Prompt(say("registration.intro"), rows)
    if found.state in OPEN:
        text = say("registration.open", until=found.expires_at)
        rows = (
            (Entry(say("registration.button.go_on"), Register.name, GO_ON),),
            (Entry(say("registration.button.delete"), Register.name, DELETE), home_button(context)),
        )
        return Prompt(text, rows)
    company = found.form.company_name or ""
    match found.state:
        case RegistrationState.SUBMITTED:
            text = say("registration.waiting", company=company, at=found.submitted_at)
            withdraw = Entry(say("registration.button.withdraw"), Register.name, WITHDRAW)
            profile = Entry(say("profile.menu"), "profile")
            return Prompt(text, ((withdraw,), (profile, home_button(context))))
        case _:
            text = say("registration.refused", company=company, reason=found.reason or "")
            return Prompt(text, _again(context))


def _again(context: TurnContext) -> Rows:
    again = Entry(context.say("registration.button.other"), Register.name, NEW)
    return ((again, home_button(context)),)


def _of_the_same_person(before: Registration | None) -> Form:
    """A form with what was told before of the person, if anything was."""
    if before is None:
        return Form()
    told = before.form
    return Form(
        first_name=told.first_name,
        last_name=told.last_name,
        nationality=told.nationality,
        codice_fiscale=told.codice_fiscale,
        email=told.email,
        mobile=told.mobile,
    )
