"""Administrators find people, give roles among the staff, suspend and let back in."""

from __future__ import annotations

from dataclasses import dataclass

from backend.core.refusals import Refused
from backend.identity import people
from backend.identity.errors import MemberUnknown, NotOneself
from backend.identity.permissions import Permission, StaffRole
from backend.identity.values import PersonCard
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Reject, Start, show
from conversations.core.context import TurnContext
from conversations.core.effects import order
from conversations.core.flow import Flow, Step
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Entry, Prompt, Rows, join
from conversations.core.replies import Reply, Typed
from conversations.identity.told import RESTORED, SUSPENDED, tell

MOST_OF_WORDS = 20
"""Bytes of the words that are looked for: no more fit on the buttons that turn pages and lead back."""
MOST_OF_A_NUMBER = 12
"""Digits of a person's number on such a button."""


class PeopleAction(Action):
    """What every action here shares: its permission, and the words for what is refused."""

    permission = Permission.MANAGE_STAFF

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        match refusal:
            case MemberUnknown():
                key = "people.gone"
            case NotOneself():
                key = "people.not_oneself"
            case _:
                return await super().refused(refusal, context)
        return show(Prompt(context.say(key), (_back(context),)))


def _back(context: TurnContext, page: str = "") -> tuple[Entry, ...]:
    """Back to a page of the staff, or of those who were found: that one begins with the words."""
    there = _page_of_found(page)[1] if "_" in page else Page(Staff.name, id_of(page))
    return (Entry(context.say("people.menu"), there.action, there.here), home_button(context))


class Staff(PeopleAction):
    """Who is among the staff, newest first, and the way to everybody else. The argument is where a page
    begins.
    """

    name = "people"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, page = context.say, Page(self.name, id_of(argument))
        found = await context.short_read(people.staff_people, context.acting, page.wanted, page.at)
        search = Entry(say("people.button.search"), BeginSearch.name)
        rows = _rows(found, page, context)
        return show(Prompt(say("people.title"), (*rows, (search,), (home_button(context),))))


def _named(each: PersonCard) -> str:
    """The name, and the company that tells people of one name apart."""
    return " · ".join([each.name or f"n. {each.id}", *(company for company, _, _ in each.companies[:1])])


def _rows(found: list[PersonCard], page: Page, context: TurnContext) -> Rows:
    rows: Rows = tuple(
        (Entry(_named(each), ShowPerson.name, f"{each.id}_{page.here}"),) for each in found[: page.size]
    )
    return (*rows, *page.turning(context, [each.id for each in found]))


class Found(PeopleAction):
    """Those who were found, newest first. The argument is `<words>_<where the page begins>`."""

    name = "people_found"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        words, page = _page_of_found(argument)
        number = await context.long_read(people.count_people, context.acting, words)
        found = await context.long_read(people.find_people, context.acting, words, page.wanted, page.at)
        rows = (*_rows(found, page, context), _back(context))
        return show(Prompt(context.say("people.found", number=number), rows))


def _page_of_found(argument: str) -> tuple[str, Page]:
    words, _, before = argument.rpartition("_")
    words = _looked_for(words)
    return words, Page(Found.name, id_of(before[:MOST_OF_A_NUMBER]), of=f"{words}_")


def _looked_for(text: str) -> str:
    return text.strip().encode()[:MOST_OF_WORDS].decode(errors="ignore").strip()


@dataclass(frozen=True)
class SearchDraft:
    """Nothing is kept: the only answer ends the dialogue."""


class Words(Step[SearchDraft]):
    """Which words?"""

    name = "words"

    def filled(self, draft: SearchDraft) -> bool:
        return False

    def claims(self, text: str, draft: SearchDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: SearchDraft, context: TurnContext) -> Prompt:
        return Prompt(context.say("people_search.words.ask"))

    async def answer(self, draft: SearchDraft, reply: Reply, context: TurnContext) -> Answer:
        if not isinstance(reply, Typed):
            raise Reject("text")
        words = _looked_for(reply.text)
        if len(words) < 2:
            raise Reject("short")
        if not await context.long_read(people.count_people, context.acting, words):
            raise Reject("nobody")
        return Go(Found.name, f"{words}_")


class Search(Flow[SearchDraft]):
    """Finds people by name, e-mail or company."""

    name = "people_search"
    draft_type = SearchDraft
    steps = (Words(),)


class BeginSearch(PeopleAction):
    """Begin to look for somebody."""

    name = "people_search"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(Search.name, SearchDraft())


class ShowPerson(PeopleAction):
    """A person. The argument is `<their number>_<page of the list>`."""

    name = "person"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, page = argument.partition("_")
        found = await context.short_read(people.person, context.acting, id_of(number) or 0)
        return show(_card(found, context, page))


def _card(found: PersonCard, context: TurnContext, page: str = "") -> Prompt:
    say, number = context.say, str(found.id)
    lines = [say("people.card.name", name=found.name), say("people.card.email", email=found.email or "–")]
    lines += [
        say(
            "people.card.company",
            company=company,
            role=say(f"role.{role}" if enabled else "team.not_enabled"),
        )
        for company, role, enabled in found.companies
    ]
    lines += [say("people.card.staff", role=say(f"staff_role.{role.value}")) for role in found.staff_roles]
    if found.suspended_at is not None:
        lines.append(say("people.card.suspended", at=found.suspended_at))
        suspend = Entry(say("people.button.restore"), Suspend.name, f"{number}_no")
    else:
        suspend = Entry(say("people.button.suspend"), Suspend.name, f"{number}_yes")
    roles = tuple(
        (
            Entry(
                say(
                    "people.button.take" if role in found.staff_roles else "people.button.give",
                    role=say(f"staff_role.{role.value}"),
                ),
                SetRole.name,
                f"{number}_{role.value}_{'no' if role in found.staff_roles else 'yes'}",
            ),
        )
        for role in StaffRole
    )
    return Prompt(join(lines), (*roles, (suspend,), _back(context, page)))


class Suspend(PeopleAction):
    """Suspend somebody, or let them back in. The argument is `<person>_yes` or `<person>_no`."""

    name = "person_suspend"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, wanted = argument.partition("_")
        suspends = wanted == "yes"
        change = order(people.suspend, context.acting, id_of(number) or 0, suspends, context.now)
        told = {"what": SUSPENDED if suspends else RESTORED}
        return Do(
            change,
            lambda found: [_card(found, context)],
            more=lambda found: tell(found.id, told, context),
        )


class SetRole(PeopleAction):
    """Give a role, or take it. The argument is `<person>_<role>_yes` or `<person>_<role>_no`."""

    name = "person_role"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, rest = argument.partition("_")
        named, _, wanted = rest.partition("_")
        role = next((role for role in StaffRole if role.value == named), None)
        if role is None:
            return Go(Staff.name)
        change = order(
            people.set_staff_role, context.acting, id_of(number) or 0, role, wanted == "yes", context.now
        )
        return Do(change, lambda found: [_card(found, context)])
