"""The fields of a registration, one question at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.core.refusals import Refused
from backend.identity import fields
from backend.registrations import service as registrations
from backend.registrations.errors import RegistrationGone
from backend.registrations.values import Form
from conversations.core.answers import Answer, Go, Next, Reject, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.fields import read_field
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Html, Prompt
from conversations.core.replies import Chosen, Reply
from conversations.core.summary import Summary

ITALIAN = "Italiana"
NONE = "none"
SAME = "same"
ACCEPT = "accept"


class Field(Step[Form]):
    """One field: it has the step's name in the form."""

    def read(self, text: str) -> str:
        """Read what was typed. Raises FieldInvalid."""
        raise NotImplementedError

    def filled(self, draft: Form) -> bool:
        return getattr(draft, self.name) is not None

    def claims(self, text: str, draft: Form, context: TurnContext) -> bool:
        return True

    def choices(self, draft: Form, context: TurnContext) -> tuple[Choice, ...]:
        """Answers that need not be typed."""
        return ()

    def choose(self, value: str, draft: Form) -> str:
        """The field's value for a button."""
        raise Reject("press")

    async def ask(self, draft: Form, context: TurnContext) -> Prompt:
        rows = tuple((choice,) for choice in self.choices(draft, context))
        return Prompt(context.say(f"registration.{self.name}.ask"), rows)

    async def answer(self, draft: Form, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            return self.with_value(draft, self.choose(reply.value, draft), context)
        return self.with_value(draft, read_field(reply, self.read, context), context)

    def with_value(self, draft: Form, value: Any, context: TurnContext) -> Next:
        """Go on with this field's value, which is stored."""
        form = self.changed(draft, value)
        keep = order(registrations.keep, context.person.user_id, form, context.now)
        return Next(form, effects=(keep,))

    def changed(self, draft: Form, value: Any) -> Form:
        """The form with this value; what depended on the one before is asked again."""
        return replace(draft, **{self.name: value})

    def value(self, draft: Form, context: TurnContext) -> str:
        return context.say("registration.value", value=getattr(draft, self.name) or "")


class FirstName(Field):
    """The legal representative's name."""

    name = "first_name"

    def read(self, text: str) -> str:
        return fields.read_name(text)


class LastName(Field):
    """The legal representative's surname."""

    name = "last_name"

    def read(self, text: str) -> str:
        return fields.read_name(text)


class Nationality(Field):
    """The legal representative's nationality."""

    name = "nationality"

    def read(self, text: str) -> str:
        return fields.read_name(text)

    def choices(self, draft: Form, context: TurnContext) -> tuple[Choice, ...]:
        return (Choice(context.say("registration.button.italian"), ITALIAN),)

    def choose(self, value: str, draft: Form) -> str:
        return ITALIAN if value == ITALIAN else super().choose(value, draft)

    def changed(self, draft: Form, value: Any) -> Form:
        form = super().changed(draft, value)
        return replace(form, codice_fiscale=None) if _is_italian(form) and not form.codice_fiscale else form


class CodiceFiscale(Field):
    """The legal representative's Codice Fiscale; somebody from abroad may have none."""

    name = "codice_fiscale"

    def read(self, text: str) -> str:
        return fields.read_codice_fiscale(text)

    def choices(self, draft: Form, context: TurnContext) -> tuple[Choice, ...]:
        if _is_italian(draft):
            return ()
        return (Choice(context.say("registration.button.no_code"), NONE),)

    def choose(self, value: str, draft: Form) -> str:
        return "" if value == NONE and not _is_italian(draft) else super().choose(value, draft)

    def value(self, draft: Form, context: TurnContext) -> str:
        return super().value(draft, context) if draft.codice_fiscale else context.say("registration.none")


class Email(Field):
    """The e-mail address."""

    name = "email"

    def read(self, text: str) -> str:
        return fields.read_email(text)


class CompanyName(Field):
    """The company's name."""

    name = "company_name"

    def read(self, text: str) -> str:
        return fields.read_line(text)


class Office(Field):
    """The company's registered office."""

    name = "office"

    def read(self, text: str) -> str:
        return fields.read_line(text)


class PartitaIva(Field):
    """The company's partita IVA."""

    name = "partita_iva"

    def changed(self, draft: Form, value: Any) -> Form:
        form = super().changed(draft, value)
        same = draft.company_code is not None and draft.company_code == draft.partita_iva
        return replace(form, company_code=None) if same and value != draft.partita_iva else form

    def read(self, text: str) -> str:
        return fields.read_partita_iva(text)


class CompanyCode(Field):
    """The company's Codice Fiscale, which often is its partita IVA."""

    name = "company_code"

    def read(self, text: str) -> str:
        return fields.read_company_code(text)

    def choices(self, draft: Form, context: TurnContext) -> tuple[Choice, ...]:
        return (Choice(context.say("registration.button.same"), SAME),)

    def choose(self, value: str, draft: Form) -> str:
        return (draft.partita_iva or "") if value == SAME else super().choose(value, draft)


class Mobile(Field):
    """The mobile number."""

    name = "mobile"

    def read(self, text: str) -> str:
        return fields.read_mobile(text)


class Clause(Field):
    """A clause to accept. A text that changes gets a new version: `registrations.values.CLAUSES`."""

    button = "accept"

    def filled(self, draft: Form) -> bool:
        return bool(getattr(draft, self.name))

    def claims(self, text: str, draft: Form, context: TurnContext) -> bool:
        return False

    def choices(self, draft: Form, context: TurnContext) -> tuple[Choice, ...]:
        return (Choice(context.say(f"registration.button.{self.button}"), ACCEPT),)

    async def answer(self, draft: Form, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, ACCEPT)
        return self.with_value(draft, True, context)

    def value(self, draft: Form, context: TurnContext) -> str:
        return ""


class Terms(Clause):
    """The terms of the service."""

    name = "terms"


class Privacy(Clause):
    """How personal data is processed."""

    name = "privacy"
    button = "read"


class Confirm(Summary[Form]):
    """Is everything right?"""

    def questions(self) -> Flow[Form]:
        return Registering()

    def heading(self, draft: Form, context: TurnContext) -> Html:
        return context.say("registration.confirm.heading")

    async def confirm(self, draft: Form, context: TurnContext) -> Answer:
        me = context.person.user_id
        return Go("registration_verify", effects=(order(registrations.confirm, me, draft, context.now),))


class Registering(Flow[Form]):
    """Asks for every field; what was given stays for a week, whatever becomes of the dialogue."""

    name = "registration"
    draft_type = Form
    minutes = 24 * 60
    gives_way = True
    steps = (
        FirstName(),
        LastName(),
        Nationality(),
        CodiceFiscale(),
        Email(),
        CompanyName(),
        Office(),
        PartitaIva(),
        CompanyCode(),
        Mobile(),
        Terms(),
        Privacy(),
        Confirm(),
    )

    def cancelled(self, draft: Form) -> Go | None:
        return Go("registration")

    async def refused(self, draft: Form, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, RegistrationGone):
            return show(Prompt(context.say("registration.gone")))
        return await super().refused(draft, refusal, context)


def _is_italian(draft: Form) -> bool:
    return (draft.nationality or "").casefold() in ("italiana", "italiano", "italia", "italian", "italy")
