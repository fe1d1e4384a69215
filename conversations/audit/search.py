"""Searching the audit: a dialogue asks about what and since when; the result is a list in pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backend.audit import service as audit
from backend.audit.values import Search
from backend.core.clock import ROME
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.supplies.pod import parse_pod
from conversations.audit import criteria
from conversations.audit.wording import entry_lines
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Next, Question, Reject, Start, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Flow, Step, chosen, column
from conversations.core.navigation import Page, home_button, way_on
from conversations.core.prompts import Choice, Document, Entry, Html, Prompt, join
from conversations.core.replies import Chosen, Reply, Typed
from conversations.core.waiting import moment

COMPANIES_SHOWN = 8
NAME_ON_BUTTON = 40
REPORT = "unused-look-ups"


class AuditAction(Action):
    """What every action here shares: who may."""

    permission = Permission.SEARCH_AUDIT


class AuditMenu(AuditAction):
    """What an auditor can ask for."""

    name = "audit"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        rows = (
            (Entry(say("audit.button.search"), BeginSearch.name),),
            (Entry(say("audit.button.unused"), "audit_unused"),),
            (home_button(context),),
        )
        return show(Prompt(say("audit.ask"), rows))


@dataclass(frozen=True)
class SearchDraft:
    """The answers so far. `words` are those that several companies have in their names."""

    about: str | None = None
    words: str = ""


class AskAbout(Step[SearchDraft]):
    """About what?"""

    name = "about"

    def filled(self, draft: SearchDraft) -> bool:
        return draft.about is not None

    def claims(self, text: str, draft: SearchDraft, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: SearchDraft, context: TurnContext) -> Prompt:
        say = context.say
        everything = Choice(say("audit_search.about.everything"), criteria.EVERYTHING)
        if not draft.words:
            return Prompt(say("audit_search.about.ask"), ((everything,),))
        found = await context.long_read(audit.integrators_like, context.acting, draft.words)
        companies = [
            Choice(f"{each.business_name[:NAME_ON_BUTTON]} · {each.code}", criteria.about_company(each.id))
            for each in found[:COMPANIES_SHOWN]
        ]
        asked = say("audit_search.about.which", number=len(found), words=draft.words, shown=len(companies))
        return Prompt(asked, column([*companies, everything]))

    async def answer(self, draft: SearchDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen):
            about = chosen(reply)
            if criteria.read(f"{about}_{criteria.ALL_TIME}_") is None:
                raise Reject("press")
            return Next(SearchDraft(about))
        if not isinstance(reply, Typed):
            raise Reject("text")
        found = await context.long_read(audit.integrators_like, context.acting, reply.text)
        if len(found) == 1:
            return Next(SearchDraft(criteria.about_company(found[0].id)))
        if found:
            return Next(SearchDraft(words=reply.text.strip()[:NAME_ON_BUTTON]))
        pod = parse_pod(reply.text)
        if pod is None:
            raise Reject("unknown")
        return Next(SearchDraft(criteria.about_pod(pod)))


class AskPeriod(Step[SearchDraft]):
    """Since when?"""

    name = "period"

    def filled(self, draft: SearchDraft) -> bool:
        return False

    async def ask(self, draft: SearchDraft, context: TurnContext) -> Prompt:
        choices = [Choice(context.say(f"audit.period.{each}"), each) for each in criteria.PERIODS]
        return Prompt(context.say("audit_search.period.ask"), (tuple(choices[:2]), tuple(choices[2:])))

    async def answer(self, draft: SearchDraft, reply: Reply, context: TurnContext) -> Answer:
        period = chosen(reply, *criteria.PERIODS)
        return Go(ListEntries.name, f"{draft.about}_{criteria.first_day(period, context.now)}_")


class SearchAudit(Flow[SearchDraft]):
    """Asks what to search the audit for."""

    name = "audit_search"
    draft_type = SearchDraft
    steps = (AskAbout(), AskPeriod())


class BeginSearch(AuditAction):
    """Begin the dialogue."""

    name = "audit_search"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return Start(SearchAudit.name, SearchDraft())


class ListEntries(AuditAction):
    """The entries that a search finds, newest first. Every page that is shown is recorded."""

    name = "audit_list"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        asked = criteria.read(argument)
        if asked is None:
            return show(Prompt(context.say("dialogue.garbled"), way_on(context)))
        wanted, before = asked
        say, of = context.say, argument[: argument.rindex("_") + 1]
        page = Page(self.name, before, of=of)
        number = await context.long_read(audit.count, context.acting, wanted)
        found = await context.long_read(audit.newest, context.acting, wanted, page.wanted, before)
        parts = [await heading(wanted, number, context)]
        parts += [entry_lines(say, each, with_pod=wanted.pod is None) for each in found[: page.size]]
        rows = [
            *page.turning(context, [each.id for each in found]),
            (Entry(say("audit.button.csv"), ExportEntries.name, of),) if found else (),
            (Entry(say("audit.menu"), AuditMenu.name), home_button(context)),
        ]
        shown = Prompt(join(parts, "\n\n"), tuple(row for row in rows if row))
        return Do(order(audit.record_search, context.acting, wanted, context.now), lambda _: [shown])


async def heading(wanted: Search, number: int, context: TurnContext) -> Html:
    """What was searched for, and how many entries there are."""
    say = context.say
    about = say("audit.about.everything")
    if wanted.pod is not None:
        about = say("audit.about.pod", pod=wanted.pod.point)
    elif wanted.integrator_id is not None:
        found = await context.short_read(identity.integrators_by_id, [wanted.integrator_id])
        company = found.get(wanted.integrator_id)
        about = say("audit.about.company", company=company.business_name if company is not None else "–")
    return say("audit.found", about=about, since=since(wanted, context), number=number)


def since(wanted: Search, context: TurnContext) -> Html:
    """The period in words."""
    if wanted.since is None:
        return context.say("audit.since.all")
    return context.say("audit.since.day", at=wanted.since.astimezone(ROME).date())


class MadeFile(AuditAction):
    """A CSV file that a job makes: handing it over is recorded."""

    what: str
    report: str | None = None

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if criteria.read(argument) is None:
            return show(Prompt(context.say("dialogue.garbled"), way_on(context)))
        job = JobRequest("audit_make", {"what": self.what, "of": argument}, action=self.name)
        making = replace(moment(context.say("audit.making"), context), below=True)  # the list stays
        return Wait(Question(job), lambda: making)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say, asked = context.say, criteria.read(str(arguments["of"]))
        if asked is None or not result.get("files"):
            key = "audit.no_file" if "files" in result else "audit.make_failed"
            return show(Prompt(say(key), ((Entry(say("audit.menu"), AuditMenu.name), home_button(context)),)))
        there = Prompt(say("audit.made", number=len(result["files"])))
        files = [
            Prompt(say(f"audit.file.{self.what}", number=result["lines"]), (), Document(digest, name))
            for digest, name in result["files"]
        ]
        given = order(
            audit.record_export, context.acting, asked[0], context.now, result["lines"], report=self.report
        )
        return Do(given, lambda _: [there, *files])


class ExportEntries(MadeFile):
    """Every entry that a search finds. The argument is the search."""

    name = "audit_csv"
    what = "entries"
