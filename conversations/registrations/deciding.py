"""Commercial staff decide about registrations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.core.refusals import Refused
from backend.identity.errors import LastReferent, NotOneself
from backend.identity.permissions import Permission, Role
from backend.notices.values import Notice
from backend.registrations import service as registrations
from backend.registrations.errors import (
    CompanyClosed,
    NotOnePerson,
    RegistrationDecided,
    RegistrationGone,
    RegistrationWithdrawn,
)
from backend.registrations.values import Doubt, KnownCompany, Registration, RegistrationState
from backend.supplies.pod import find_pods
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Reject, Start, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.core.replies import Reply, Typed

MOST_OF_A_REASON = 500


class Deciding(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission = Permission.MANAGE_CONTRACTS

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        return refused(refusal, context)


def refused(refusal: Refused, context: TurnContext) -> Answer:
    match refusal:
        case RegistrationGone():
            key = "registrations.gone"
        case RegistrationDecided():
            key = "registrations.decided"
        case RegistrationWithdrawn():
            key = "registrations.withdrawn"
        case CompanyClosed():
            key = "registrations.company_closed"
        case NotOnePerson():
            key = "registrations.not_one_person"
        case NotOneself():
            key = "registrations.not_oneself"
        case LastReferent():
            key = "registrations.last_referent"
        case _:
            key = "dialogue.refused"
    back = Entry(context.say("registrations.menu"), ListRegistrations.name)
    return show(Prompt(context.say(key), ((back, home_button(context)),)))


class ListRegistrations(Deciding):
    """The registrations that wait for a decision, newest first. The argument is where a page begins."""

    name = "registrations"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(registrations.waiting, context.acting, page.wanted, page.at)
        if not found:
            return show(Prompt(say("registrations.none"), ((home_button(context),),)))
        rows: Rows = tuple(
            (Entry(f"{each.name} · {each.form.company_name}", ShowRegistration.name, str(each.id)),)
            for each in found[: page.size]
        )
        turning = page.turning(context, [each.id for each in found])
        return show(Prompt(say("registrations.title"), (*rows, *turning, (home_button(context),))))


class ShowRegistration(Deciding):
    """A registration, with the ways to decide. The argument is its number."""

    name = "registration_show"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number = id_of(argument) or 0
        found = await context.short_read(registrations.get, context.acting, number)
        known = await context.short_read(registrations.known_company, context.acting, number)
        return show(registration_card(found, context.say, known))


def registration_card(found: Registration, say: Say, known: KnownCompany | None = None) -> Prompt:
    """A registration as commercial staff see it. `known` is what is known of its company."""
    form = found.form
    lines = [
        say("registrations.card.title", number=found.id),
        say("registrations.card.person", name=found.name, nationality=form.nationality or ""),
        say("registrations.card.code", code=form.codice_fiscale or "–"),
        say("registrations.card.email", email=form.email or ""),
        say("registrations.card.mobile", mobile=form.mobile or ""),
        say("registrations.card.company", company=form.company_name or "", office=form.office or ""),
        say("registrations.card.company_codes", iva=form.partita_iva or "", code=form.company_code or ""),
    ]
    if found.accepted_at is not None:
        lines.append(say("registrations.card.clauses", at=found.accepted_at, version=found.clauses or ""))
    if known is not None:
        names = ", ".join(known.referents) or "–"
        lines.append(say("registrations.card.known", company=known.business_name, referents=names))
    doubts = [say(f"registrations.doubt.{doubt}", phone=found.phone or "") for doubt in found.doubts]
    state = say(f"registrations.state.{found.state}", reason=found.reason or "")
    text = join([join(lines), join(doubts), state], "\n\n")
    if found.state is not RegistrationState.SUBMITTED:
        return Prompt(text, ((Entry(say("registrations.menu"), ListRegistrations.name),),), persistent=True)
    number = str(found.id)
    enable = tuple(
        (Entry(say(f"registrations.button.{role.value}"), Enable.name, f"{number}_{role.value}"),)
        for role in Role
    )
    if Doubt.OTHER_PERSON in found.doubts:
        enable = ((Entry(say("registrations.button.same"), AskSame.name, number),), *enable)
    refuse = Entry(say("registrations.button.refuse"), BeginRefusal.name, number)
    menu = Entry(say("registrations.menu"), ListRegistrations.name)
    return Prompt(text, (*enable, (refuse, menu)), persistent=True)


class Enable(Deciding):
    """Open the service to somebody. The argument is `<registration>_<role>`."""

    name = "registration_enable"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, named = argument.partition("_")
        role = next((role for role in Role if role.value == named), None)
        if role is None:
            return Go(ListRegistrations.name)
        enabled = order(registrations.enable, context.acting, id_of(number) or 0, role, context.now)
        return Do(enabled, lambda found: [registration_card(found, context.say)])


class AskSame(Deciding):
    """Is it the same person, with another account or number? The argument is the registration."""

    name = "registration_ask_same"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        rows = (
            (Entry(say("registrations.button.same_now"), Same.name, argument),),
            (Entry(say("registrations.button.keep"), ShowRegistration.name, argument),),
        )
        return show(Prompt(say("registrations.ask_same"), rows))


class Same(Deciding):
    """It is the same person: the account becomes theirs. The argument is the registration."""

    name = "registration_same"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        same = order(registrations.same_person, context.acting, id_of(argument) or 0, context.now)
        return Do(same, lambda found: [registration_card(found, context.say)])


@dataclass(frozen=True)
class RefusalDraft:
    """The registration that is refused."""

    registration_id: int


class Reason(Step[RefusalDraft]):
    """Why is it refused?"""

    name = "reason"

    def filled(self, draft: RefusalDraft) -> bool:
        return False

    def claims(self, text: str, draft: RefusalDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: RefusalDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("registration_refusal.reason.ask"))

    async def answer(self, draft: RefusalDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        reason = reply.text.strip()
        if not 3 <= len(reason) <= MOST_OF_A_REASON:
            raise Reject("length", most=MOST_OF_A_REASON)
        if find_pods(reason):
            raise Reject("pod")
        refusal = order(registrations.refuse, context.acting, draft.registration_id, reason, context.now)
        return Do(refusal, lambda found: [registration_card(found, context.say)])


class Refusal(Flow[RefusalDraft]):
    """Asks for the reason, which the person reads."""

    name = "registration_refusal"
    draft_type = RefusalDraft
    steps = (Reason(),)

    def cancelled(self, draft: RefusalDraft) -> Go | None:
        return Go(ShowRegistration.name, str(draft.registration_id))

    async def refused(self, draft: RefusalDraft, refusal: Refused, context: TurnContext) -> Answer:
        return refused(refusal, context)


class BeginRefusal(Deciding):
    """Begin to refuse a registration. The argument is its number."""

    name = "registration_refuse"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        found = await context.short_read(registrations.get, context.acting, id_of(argument) or 0)
        if found.state is not RegistrationState.SUBMITTED:
            return show(registration_card(found, context.say))
        return Start(Refusal.name, RefusalDraft(found.id))


class Submitted(NoticeKind):
    """Commercial staff are asked to decide. It matters no longer once somebody has."""

    name = registrations.SUBMITTED
    permission = Permission.MANAGE_CONTRACTS

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = _of(connection, notice)
        if found is None or found.state is not RegistrationState.SUBMITTED:
            return None
        open_it = Entry(say("registrations.button.open"), ShowRegistration.name, str(found.id))
        text = say("registrations.notice", name=found.name, company=found.form.company_name or "")
        return Prompt(text, ((open_it,),))


class Decided(NoticeKind):
    """A person learns what was decided about their registration."""

    name = registrations.DECIDED

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = _of(connection, notice)
        if found is None:
            return None
        home = ((Entry(say("button.home"), "home"),),)
        company = found.form.company_name or ""
        if found.state is RegistrationState.ENABLED:
            return Prompt(say("registration.enabled", company=company), home)
        again = (Entry(say("registration.button.other"), "registration", "new"), *home[0])
        return Prompt(say("registration.refused", company=company, reason=found.reason or ""), (again,))


def _of(connection: Any, notice: Notice) -> Registration | None:
    try:
        return registrations.of_any(connection, int(notice.argument["registration_id"]))
    except RegistrationGone:
        return None
