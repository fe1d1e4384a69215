"""Weekly reports on associations: asked for, seen, ended, and delivered as notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from backend.associations import subscriptions
from backend.associations.errors import SubscriptionsSpent
from backend.associations.report import Criteria
from backend.associations.subscriptions import Subscription
from backend.core.blobs import service as blobs
from backend.core.blobs.errors import BlobMissing
from backend.core.clock import ROME
from backend.core.periods import Period
from backend.core.refusals import Refused
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from conversations.associations.filters import FORM
from conversations.associations.report import (
    AssociationReport,
    AssociationReportAction,
    back_to_results,
    found_prompt,
    read,
)
from conversations.core.answers import Answer, Do, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, id_of
from conversations.core.notices import NoticeKind
from conversations.core.prompts import (
    MOST_OF_AN_ALBUM,
    NOTHING,
    Album,
    Document,
    Entry,
    Prompt,
    Rows,
    join,
)
from conversations.core.reporting import page_of

WEEK = Period(days=7)


def of_the_week(wanted: Criteria) -> Criteria:
    """What a weekly report asks for: a period that is over, or of another length, gives way to the week. One
    that is open at its end stays, since it finds what is new each time.
    """
    created = wanted.created
    if created is None or (created.days is None and created.last is None):
        return wanted
    return replace(wanted, created=WEEK)


class BeginWeekly(AssociationReportAction):
    """Have a report of a search made each week. The argument is the search."""

    name = "weekly_begin"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        wanted = await FORM.wanted(argument, context)
        if wanted is None:
            return show(FORM.gone(context))
        weekly, say = of_the_week(wanted), context.say
        lines = await FORM.told(weekly, context)
        about = say("weekly.instead") if weekly != wanted else NOTHING
        if weekly.created != WEEK:
            about = say("weekly.everything")
        weeklies = Entry(say("weekly.menu"), ListWeekly.name)

        def begun(made: Subscription) -> list[Prompt]:
            said = join([say("weekly.begun", day=_day(made)), about, lines], "\n\n")
            ways = ((back_to_results(argument, context), weeklies), _last(context, argument))
            return [Prompt(said, (*_ending(made, say), *ways))]

        return Do(order(subscriptions.subscribe, context.acting, weekly, context.now), begun)

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, SubscriptionsSpent):
            weekly = Entry(context.say("weekly.menu"), ListWeekly.name)
            return show(
                Prompt(context.say("weekly.spent", **refusal.data), ((weekly, home_button(context)),))
            )
        return await super().refused(refusal, context)


class ListWeekly(AssociationReportAction):
    """The person's weekly reports, with the company's name where that is not the one they act for."""

    name = "weekly"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        theirs = await context.short_read(subscriptions.of_actor, context.acting)
        if not theirs:
            return show(Prompt(say("weekly.none"), (_last(context),)))
        ids = {each.integrator_id for each in theirs if each.integrator_id is not None}
        companies = await context.short_read(identity.integrators_by_id, ids)
        place = subscriptions.place_of(context.acting)
        parts, rows = [say("weekly.list", day=_day(theirs[0]))], list[tuple[Entry, ...]]()
        for number, each in enumerate(theirs, start=1):
            if each.integrator_id == place:
                heading = say("weekly.one", number=number)
            elif each.integrator_id is None:
                heading = say("weekly.one_all", number=number)
            else:
                company = companies[each.integrator_id].business_name
                heading = say("weekly.one_company", number=number, company=company)
            parts.append(join([heading, await FORM.told(each.wanted, context)]))
            rows.append((Entry(say("weekly.button.end_one", number=number), EndWeekly.name, str(each.id)),))
        return show(Prompt(join(parts, "\n\n"), (*rows, _last(context))))


class EndWeekly(AssociationReportAction):
    """End a weekly report. The argument is its number."""

    name = "weekly_end"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say, number = context.say, id_of(argument) or 0

        def ended(found: Subscription | None) -> list[Prompt]:
            said = say("weekly.ended") if found is not None else say("weekly.gone")
            weekly = Entry(say("weekly.menu"), ListWeekly.name)
            return [Prompt(said, ((weekly,), _last(context)))]

        return Do(order(subscriptions.end, context.acting, number), ended)


class RunWeekly(AssociationReportAction):
    """What the search of a weekly report finds now. The argument is the report's number."""

    name = "weekly_now"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        theirs = await context.short_read(subscriptions.of_actor, context.acting)
        weekly = next((each for each in theirs if each.id == id_of(argument)), None)
        if weekly is None or weekly.integrator_id != subscriptions.place_of(context.acting):
            return show(Prompt(context.say("weekly.gone"), (_last(context),)))
        found, number, older = await read(weekly.wanted, page_of(FORM, 0), context)
        lines = await FORM.told(weekly.wanted, context)
        return Do(
            FORM.keep(weekly.wanted, context),
            lambda search: [found_prompt(page_of(FORM, search), found, number, older, lines, context)],
        )


def _ending(subscription: Subscription, say: Say) -> Rows:
    return ((Entry(say("weekly.button.end"), EndWeekly.name, str(subscription.id)),),)


def _day(subscription: Subscription) -> date:
    return subscription.due_at.astimezone(ROME).date()


def _last(context: TurnContext, search: str = "") -> tuple[Entry, ...]:
    report = Entry(context.say("association_report.menu"), AssociationReport.name, search)
    return (report, home_button(context))


class WeeklyReport(NoticeKind):
    """A weekly report, with its files. Those that nobody could take for a day are gone, and more than an
    album holds do not come by themselves: they can be made again.
    """

    name = subscriptions.NOTICE
    permission = Permission.REPORT_ASSOCIATIONS

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        found = subscriptions.find(connection, int(notice.argument["subscription"]))
        if found is None or found[0].person_id != notice.person_id:
            return None
        subscription, actor = found
        files = tuple(Document(digest, name) for digest, name in notice.argument["files"])
        lines = notice.argument["lines"]
        company = actor.membership.integrator_name if subscription.integrator_id and actor.membership else ""
        day = date.fromisoformat(notice.argument["day"])
        if lines is None:
            text = say("weekly.failed", day=day)
        elif company:
            text = say("weekly.told_company", number=lines, company=company, day=day)
        else:
            text = say("weekly.told", number=lines, day=day)
        rows = (
            (Entry(say("weekly.button.now"), RunWeekly.name, str(subscription.id)),),
            *_ending(subscription, say),
        )
        if not files or len(files) > MOST_OF_AN_ALBUM or not _are_there(connection, files):
            return Prompt(text, rows)
        if len(files) == 1:
            return Prompt(text, rows, files[0])
        return Prompt(text, rows, album=Album(files))


def _are_there(connection: Any, files: tuple[Document, ...]) -> bool:
    try:
        for file in files:
            blobs.about(connection, file.digest)
    except BlobMissing:
        return False
    return True
