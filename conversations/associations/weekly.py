"""Weekly reports on associations: asked for, seen, ended, and delivered as notices."""

from __future__ import annotations

from datetime import date
from typing import Any

from backend.associations import subscriptions
from backend.associations.errors import SubscriptionsSpent
from backend.associations.subscriptions import Subscription
from backend.core.blobs import service as blobs
from backend.core.blobs.errors import BlobMissing
from backend.core.refusals import Refused
from backend.identity import service as identity
from backend.identity.permissions import Permission
from backend.notices.values import Notice
from conversations.associations.filters import FORM
from conversations.associations.report import (
    AssociationReport,
    AssociationReportAction,
    found_prompt,
    read,
)
from conversations.core.answers import Answer, Do, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import order
from conversations.core.navigation import home_button, id_of
from conversations.core.notices import NoticeKind
from conversations.core.prompts import MOST_OF_AN_ALBUM, Album, Document, Entry, Prompt, Rows, join
from conversations.core.reporting import page_of


class BeginWeekly(AssociationReportAction):
    """Have a report of a search made each week. The argument is the search."""

    name = "weekly_begin"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        wanted = await FORM.wanted(argument, context)
        if wanted is None:
            return show(FORM.gone(context))
        lines, say = await FORM.told(wanted, context), context.say

        def begun(made: Subscription) -> list[Prompt]:
            said = say("weekly.begun", at=made.due_at)
            return [Prompt(join([said, lines], "\n\n"), (*_ending(made, say), _last(context)))]

        return Do(order(subscriptions.subscribe, context.acting, wanted, context.now), begun)

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
        parts, rows = [say("weekly.list", at=theirs[0].due_at)], list[tuple[Entry, ...]]()
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
        found, number = await read(weekly.wanted, page_of(FORM, 0), context)
        lines = await FORM.told(weekly.wanted, context)
        return Do(
            FORM.keep(weekly.wanted, context),
            lambda search: [found_prompt(page_of(FORM, search), found, number, lines, context)],
        )


def _ending(subscription: Subscription, say: Say) -> Rows:
    return ((Entry(say("weekly.button.end"), EndWeekly.name, str(subscription.id)),),)


def _last(context: TurnContext) -> tuple[Entry, ...]:
    return (Entry(context.say("association_report.menu"), AssociationReport.name), home_button(context))


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
