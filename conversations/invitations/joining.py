"""Joining a company by an invitation: its link, who the person is, and the proof of that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backend.core.refusals import Refused
from backend.email_codes.errors import CodeWrong
from backend.identity import fields, people
from backend.identity import service as identity
from backend.identity.permissions import Role
from backend.invitations import service as invitations
from backend.invitations.errors import InvitationGone
from backend.invitations.values import Invitation, InvitationState
from backend.notices.values import Notice
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Next, Reject, Start, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.email_code import CodeStep, after_sending, masked, send_code
from conversations.core.fields import read_field
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import home_button
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Choice, Entry, Prompt
from conversations.core.replies import Reply

SEND = "send"
ASK = "ask"


@dataclass(frozen=True)
class JoinDraft:
    """The invitation, how it is to be proved, and the person's name."""

    invitation_id: int
    company: str
    email: str | None = None
    needs_code: bool = False
    name: str | None = None


class Name(Step[JoinDraft]):
    """What is your name?"""

    name = "name"

    def filled(self, draft: JoinDraft) -> bool:
        return draft.name is not None

    def claims(self, text: str, draft: JoinDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: JoinDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("join.name.ask", company=draft.company))

    async def answer(self, draft: JoinDraft, reply: Reply, context: TurnContext) -> Answer:
        name = read_field(reply, fields.read_name, context)
        if " " not in name:
            raise Reject("surname")
        return Next(replace(draft, name=name))


class Send(Step[JoinDraft]):
    """Shall the code go to the address that the invitation names?"""

    name = "send"

    def applies(self, draft: JoinDraft) -> bool:
        return draft.email is not None

    def filled(self, draft: JoinDraft) -> bool:
        return False

    async def ask(self, draft: JoinDraft, context: TurnContext) -> Prompt:
        say = context.say
        text = say("join.send.ask", company=draft.company, address=masked(draft.email or ""))
        return Prompt(text, ((Choice(say("verification.send.button"), SEND),),))

    async def waiting(self, draft: JoinDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("email_code.sending"))

    async def answer(self, draft: JoinDraft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, SEND)
        return Await(send_code(draft.email or "", context), draft)

    async def resumed(self, draft: JoinDraft, result: Any, context: TurnContext) -> Answer:
        return after_sending(draft, result, Code.name)


class Code(CodeStep[JoinDraft]):
    """Which code did the e-mail bring?"""

    def applies(self, draft: JoinDraft) -> bool:
        return draft.email is not None

    def address(self, draft: JoinDraft) -> str:
        return draft.email or ""

    async def given(self, draft: JoinDraft, code: str, context: TurnContext) -> Answer:
        return _accept(draft, code, context)


class OwnCode(Step[JoinDraft]):
    """What is your Codice Fiscale?"""

    name = "codice_fiscale"

    def applies(self, draft: JoinDraft) -> bool:
        return draft.needs_code

    def filled(self, draft: JoinDraft) -> bool:
        return False

    def claims(self, text: str, draft: JoinDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: JoinDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("join.codice_fiscale.ask", company=draft.company))

    async def answer(self, draft: JoinDraft, reply: Reply, context: TurnContext) -> Answer:
        code = read_field(reply, fields.read_codice_fiscale, context)
        try:
            found = await context.short_read(invitations.usable, draft.invitation_id, context.now)
        except InvitationGone:
            return show(_gone(context))
        if not invitations.is_for(found, code):
            raise Reject("not_yours", order(invitations.count_try, draft.invitation_id))
        return _accept(draft, code, context)


class Ask(Step[JoinDraft]):
    """Shall the referent be asked?"""

    name = "ask"

    def applies(self, draft: JoinDraft) -> bool:
        return draft.email is None and not draft.needs_code

    def filled(self, draft: JoinDraft) -> bool:
        return False

    async def ask(self, draft: JoinDraft, context: TurnContext) -> Prompt:
        say = context.say
        text = say("join.ask.ask", company=draft.company, name=draft.name or "")
        return Prompt(text, ((Choice(say("join.ask.button"), ASK),),))

    async def answer(self, draft: JoinDraft, reply: Reply, context: TurnContext) -> Answer:
        chosen(reply, ASK)
        me = context.person.user_id
        asked = order(invitations.ask, draft.invitation_id, me, draft.name or "", context.now)
        text = context.say("join.asked", company=draft.company)
        return Do(asked, lambda _: [Prompt(text, ((home_button(context),),))])


def _accept(draft: JoinDraft, proof: str, context: TurnContext) -> Do:
    me = context.person.user_id
    accepted = order(invitations.accept, draft.invitation_id, me, draft.name or "", proof, context.now)

    def finish(made: Invitation) -> list[Prompt]:
        return [_welcome(made, context.say)]

    return Do(accepted, finish)


def _welcome(made: Invitation, say: Say) -> Prompt:
    text = say("join.welcome", company=made.integrator_name, role=say(f"role.{made.role.value}"))
    return Prompt(text, ((Entry(say("button.home"), "home"),),))


class Join(Flow[JoinDraft]):
    """Proves that an invitation is for this person, or asks a referent."""

    name = "join"
    draft_type = JoinDraft
    gives_way = True
    steps = (Name(), Send(), Code(), OwnCode(), Ask())

    async def refused(self, draft: JoinDraft, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, CodeWrong):
            raise Reject("email_code.error.void")
        return show(_gone(context))


def _gone(context: TurnContext) -> Prompt:
    return Prompt(context.say("join.gone"), ((home_button(context),),))


class Invited(Action):
    """Somebody has opened the link of an invitation. The argument is its token."""

    name = "invited"
    permission = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(invitations.opened, argument, context.now)
        mine = (
            await context.short_read(identity.memberships_of, context.actor)
            if context.actor is not None
            else []
        )
        if any(each.integrator_id == found.integrator_id and each.enabled for each in mine):
            return show(
                Prompt(context.say("join.member", company=found.integrator_name), ((home_button(context),),))
            )
        draft = JoinDraft(
            invitation_id=found.id,
            company=found.integrator_name,
            email=found.email,
            needs_code=found.email is None and found.codice_fiscale is not None,
            name=context.actor.name if context.actor is not None and context.actor.name else None,
        )
        return Start(Join.name, draft)

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, InvitationGone):
            return show(_gone(context))
        return await super().refused(refusal, context)


class Asked(NoticeKind):
    """Referents are asked to decide. It matters no longer once one has."""

    name = invitations.ASKED

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = _of(connection, notice)
        if found is None or found.state is not InvitationState.ASKED:
            return None
        if notice.person_id not in people.with_role(connection, found.integrator_id, Role.REFERENT):
            return None  # they are its referent no longer
        number = str(found.id)
        text = say(
            "invitations.notice",
            name=found.name or "",
            company=found.integrator_name,
            role=say(f"role.{found.role.value}"),
        )
        rows = (
            (
                Entry(say("invitations.button.admit"), "invitation_admit", number),
                Entry(say("invitations.button.refuse"), "invitation_refuse", number),
            ),
        )
        return Prompt(text, rows)


class Decided(NoticeKind):
    """Who asked learns what was decided."""

    name = invitations.DECIDED

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = _of(connection, notice)
        if found is None:
            return None
        if found.state is InvitationState.USED:
            return _welcome(found, say)
        home = ((Entry(say("button.home"), "home"),),)
        return Prompt(say("join.refused", company=found.integrator_name), home)


def _of(connection: Any, notice: Notice) -> Invitation | None:
    try:
        return invitations.of_any(connection, int(notice.argument["invitation_id"]))
    except InvitationGone:
        return None
