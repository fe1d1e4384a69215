"""Proving the mobile number and the e-mail address of a registration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backend.core.refusals import Refused
from backend.email_codes.errors import CodeWrong
from backend.registrations import service as registrations
from backend.registrations.values import Registration, RegistrationState
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Go, Next, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.email_code import CodeStep, after_sending, send_code
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import home_button
from conversations.core.prompts import Choice, ContactKey, Prompt, RemoveKeyboard, ReplyKeyboard
from conversations.core.replies import Reply, Sent, Typed
from conversations.core.texts import LANGUAGES

SEND = "send"
CORRECT = "correct"


@dataclass(frozen=True)
class Proofs:
    """The address that is to be proved, and the number that Telegram vouches for."""

    email: str
    phone: str | None = None


class Phone(Step[Proofs]):
    """Which number does Telegram know?"""

    name = "phone"

    def filled(self, draft: Proofs) -> bool:
        return draft.phone is not None

    def claims(self, text: str, draft: Proofs, context: TurnContext) -> bool:
        return True

    def takes(self, reply: Sent, draft: Proofs, context: TurnContext) -> bool:
        return reply.contact is not None

    async def ask(self, draft: Proofs, context: TurnContext) -> Prompt:
        say = context.say
        keys = ((ContactKey(say("verification.phone.share")),), (say("verification.phone.not_now"),))
        keyboard = ReplyKeyboard(keys, say("verification.phone.keys"))
        return Prompt(say("verification.phone.ask"), keyboard=keyboard)

    async def answer(self, draft: Proofs, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Typed) and reply.text.strip() in _not_now(context):
            return Go("registration", "later")
        if not isinstance(reply, Sent) or reply.contact is None:
            raise Reject("contact")
        if not reply.contact.own:
            raise Reject("not_yours")
        phone = reply.contact.phone
        keep = order(registrations.share_phone, context.person.user_id, phone, context.now)
        return Next(replace(draft, phone=phone), effects=(keep,))


def _not_now(context: TurnContext) -> set[str]:
    """What the key types, in each language: the keys stay as they were when the language changes."""
    speak = context.services.speak
    return {str(speak(language)("verification.phone.not_now")) for language in LANGUAGES}


class Send(Step[Proofs]):
    """Shall the code go to this address?"""

    name = "send"

    def filled(self, draft: Proofs) -> bool:
        return False

    async def ask(self, draft: Proofs, context: TurnContext) -> Prompt:
        say = context.say
        rows = (
            (Choice(say("verification.send.button"), SEND),),
            (Choice(say("verification.send.correct"), CORRECT),),
        )
        text = say("verification.send.ask", address=draft.email)
        return Prompt(text, rows, keyboard=RemoveKeyboard(say("verification.send.shared")))

    async def waiting(self, draft: Proofs, context: TurnContext) -> Prompt:
        return Prompt(context.say("email_code.sending"))

    async def answer(self, draft: Proofs, reply: Reply, context: TurnContext) -> Answer:
        if chosen(reply, SEND, CORRECT) == CORRECT:
            return Go("registration", "correct")
        return Await(send_code(draft.email, context), draft)

    async def resumed(self, draft: Proofs, result: Any, context: TurnContext) -> Answer:
        return after_sending(draft, result, Code.name)


class Code(CodeStep[Proofs]):
    """Which code did the e-mail bring?"""

    def address(self, draft: Proofs) -> str:
        return draft.email

    async def given(self, draft: Proofs, code: str, context: TurnContext) -> Answer:
        return _submit(code, context)


def _submit(code: str | None, context: TurnContext) -> Do:
    def finish(made: Registration) -> list[Prompt]:
        enabled = made.state is RegistrationState.ENABLED
        key = "registration.enabled" if enabled else "registration.submitted"
        said = context.say(key, company=made.form.company_name or "")
        return [Prompt(said, ((home_button(context),),))]

    return Do(order(registrations.submit, context.person.user_id, code, context.now), finish)


class Verification(Flow[Proofs]):
    """Proves the phone, then the address."""

    name = "verification"
    draft_type = Proofs
    minutes = 24 * 60
    gives_way = True
    steps = (Phone(), Send(), Code())

    def cancelled(self, draft: Proofs) -> Go | None:
        return Go("registration", "later")

    async def refused(self, draft: Proofs, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, CodeWrong):
            raise Reject("email_code.error.void")
        return show(Prompt(context.say("registration.gone")))


class Verify(Action):
    """Begin to prove phone and address; where both are proved already, submit the registration."""

    name = "registration_verify"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        me = context.person.user_id
        found = await context.short_read(registrations.open_of, me, context.now)
        if found is None or found.form.email is None:
            return Go("registration")
        proved = await context.short_read(registrations.is_proved, me, found.form.email)
        if proved and found.phone is not None:
            return _submit(None, context)
        return Start(Verification.name, Proofs(found.form.email, found.phone))

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        return show(Prompt(context.say("registration.gone"), ((home_button(context),),)))
