"""Referents invite: for which role, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from backend.core.refusals import Refused
from backend.identity import fields
from backend.identity import service as identity
from backend.identity.permissions import Permission, Role
from backend.identity.values import Actor
from backend.invitations import service as invitations
from backend.invitations.errors import InvitationGone
from backend.invitations.values import Invitation, InvitationState
from conversations.core.action import Action
from conversations.core.answers import Answer, Await, Do, Next, Question, Reject, Show, Start, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.fields import read_field
from conversations.core.flow import Flow, Step, chosen
from conversations.core.navigation import Page, home_button, id_of, row_and_page
from conversations.core.prompts import Choice, Entry, Photo, Prompt, Rows, join
from conversations.core.replies import Chosen, Reply, Typed

ANYBODY = "anybody"


class InvitationAction(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission: ClassVar[Permission | None] = Permission.MANAGE_MEMBERS

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, InvitationGone):
            return show(Prompt(context.say("invitations.gone"), (back(context),)))
        return await super().refused(refusal, context)


def back(context: TurnContext) -> tuple[Entry, ...]:
    """The way back to the team."""
    return (Entry(context.say("team.menu"), "team"), home_button(context))


@dataclass(frozen=True)
class InviteDraft:
    """The role, and whom the invitation is for (an e-mail or a Codice Fiscale)."""

    role: str | None = None
    email: str | None = None
    codice_fiscale: str | None = None


class ChooseRole(Step[InviteDraft]):
    """In which role?"""

    name = "role"

    def filled(self, draft: InviteDraft) -> bool:
        return draft.role is not None

    async def ask(self, draft: InviteDraft, context: TurnContext) -> Prompt:
        rows = tuple((Choice(context.say(f"role.{role.value}"), role.value),) for role in Role)
        return Prompt(context.say("invite.role.ask"), rows)

    async def answer(self, draft: InviteDraft, reply: Reply, context: TurnContext) -> Answer:
        return Next(replace(draft, role=chosen(reply, *(role.value for role in Role))))


class ForWhom(Step[InviteDraft]):
    """For whom?"""

    name = "whom"

    def filled(self, draft: InviteDraft) -> bool:
        return False

    def claims(self, text: str, draft: InviteDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: InviteDraft, context: TurnContext) -> Prompt:
        anybody = Choice(context.say("invite.whom.anybody"), ANYBODY)
        return Prompt(context.say("invite.whom.ask"), ((anybody,),))

    async def waiting(self, draft: InviteDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("invite.making"))

    async def answer(self, draft: InviteDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            chosen(reply, ANYBODY)
            return _make(replace(draft, email=None, codice_fiscale=None))
        if isinstance(reply, Typed) and "@" in reply.text:
            return _make(replace(draft, email=read_field(reply, fields.read_email, context)))
        code = read_field(reply, fields.read_codice_fiscale, context)
        return _make(replace(draft, codice_fiscale=code))

    async def resumed(self, draft: InviteDraft, result: Any, context: TurnContext) -> Answer:
        if "link" not in result:
            raise Reject("failed")
        made = await context.short_read(invitations.get, context.acting, int(result["invitation_id"]))
        return Show(_made(made, result["link"], result["digest"], context))


def _make(draft: InviteDraft) -> Await:
    arguments = {"role": draft.role, "email": draft.email, "codice_fiscale": draft.codice_fiscale}
    return Await(Question(JobRequest("invite", arguments)), draft)


def _made(made: Invitation, link: str, digest: str, context: TurnContext) -> tuple[Prompt, ...]:
    say = context.say
    role = say(f"role.{made.role.value}")
    text = say(
        "invite.made",
        company=made.integrator_name,
        role=role,
        whom=whom(made, say),
        until=made.expires_at,
    )
    invitation = say("invite.link", link=link, company=made.integrator_name, role=role)
    qr = Prompt(invitation, photo=Photo(digest), passing=True)  # nobody reads the link off the database
    return (Prompt(text, (back(context),)), qr)


def whom(invitation: Invitation, say: Say) -> str:
    """For whom an invitation is."""
    if invitation.email is not None:
        return say("invitations.for_email", email=invitation.email)
    if invitation.codice_fiscale is not None:
        return say("invitations.for_code", code=invitation.codice_fiscale)
    return say("invitations.for_anybody")


class Invite(Flow[InviteDraft]):
    """Makes an invitation."""

    name = "invite"
    draft_type = InviteDraft
    steps = (ChooseRole(), ForWhom())


class BeginInvite(InvitationAction):
    """Begin to invite."""

    name = "invite"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(Invite.name, InviteDraft())


class Pending(InvitationAction):
    """The invitations that nobody has used yet, newest first. The argument is where a page begins."""

    name = "invitations"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(
            invitations.pending, context.acting, context.now, page.wanted, page.at
        )
        rows: Rows = tuple(
            (
                Entry(
                    f"{say(f'role.{each.role.value}')} · {_short(each)}",
                    ShowInvitation.name,
                    f"{each.id}_{page.here}",
                ),
            )
            for each in found[: page.size]
        )
        turning = page.turning(context, [each.id for each in found])
        text = say("invitations.title" if found else "invitations.none")
        return show(Prompt(text, (*rows, *turning, back(context))))


def _short(each: Invitation) -> str:
    return each.name or each.email or each.codice_fiscale or f"n. {each.id}"


class ShowInvitation(InvitationAction):
    """An invitation. The argument is `<its number>_<page of the list>`, as for what is done with it."""

    name = "invitation"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, page = row_and_page(argument)
        found = await context.short_read(invitations.get, context.acting, number)
        return show(invitation_card(found, page, context))


def invitation_card(found: Invitation, page: str, context: TurnContext) -> Prompt:
    """An invitation as a referent sees it; `page` is that of the list to come back to."""
    say, row = context.say, f"{found.id}_{page}"
    role = say(f"role.{found.role.value}")
    lines = [
        say("invitations.card", number=found.id, company=found.integrator_name, role=role),
        say("invitations.card_whom", whom=whom(found, say)),
        say(f"invitations.state.{found.state}", name=found.name or "", until=found.expires_at),
    ]
    rows: Rows = ((Entry(say("team.button.pending"), Pending.name, page), home_button(context)),)
    if found.state is InvitationState.ASKED:
        admit = Entry(say("invitations.button.admit"), Admit.name, row)
        rows = ((admit, Entry(say("invitations.button.refuse"), Refuse.name, row)), *rows)
    elif found.state is InvitationState.OPEN:
        rows = ((Entry(say("invitations.button.revoke"), Revoke.name, row),), *rows)
    return Prompt(join(lines), rows)


class Deciding(InvitationAction):
    """An answer to who asks. Its notice may come while the referent acts for another company: the answer is
    given for the invitation's.
    """

    permission = None

    async def referent(self, invitation_id: int, context: TurnContext) -> Actor:
        found = await context.short_read(invitations.of_any, invitation_id)
        me = context.acting
        return await context.short_read(identity.acting_for, me.person_id, found.integrator_id) or me


class Admit(Deciding):
    """Let in who asks."""

    name = "invitation_admit"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, page = row_and_page(argument)
        referent = await self.referent(number, context)
        admit = order(invitations.admit, referent, number, context.now)
        return Do(admit, lambda found: [invitation_card(found, page, context)])


class Refuse(Deciding):
    """Do not let in who asks."""

    name = "invitation_refuse"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, page = row_and_page(argument)
        referent = await self.referent(number, context)
        refuse = order(invitations.refuse, referent, number, context.now)
        return Do(refuse, lambda found: [invitation_card(found, page, context)])


class Revoke(InvitationAction):
    """Take an invitation back."""

    name = "invitation_revoke"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, page = row_and_page(argument)
        revoke = order(invitations.revoke, context.acting, number, context.now)
        return Do(revoke, lambda found: [invitation_card(found, page, context)])
