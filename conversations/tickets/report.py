"""The report on requests for assistance: filters, what they find, and files of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from backend.identity.permissions import Permission
from backend.tabular.reports import Format
from backend.tickets import report
from backend.tickets.report import Criteria, Line
from conversations.core.answers import Answer, Do, Go, Question, Start, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Document, Entry, Html, Prompt, Rows, join
from conversations.core.waiting import moment
from conversations.tickets.asking import ShowTicket, TicketAction
from conversations.tickets.filters import (
    FILTERS,
    OF_STAFF,
    REQUESTERS_SHOWN,
    FilterDraft,
    FilterFlow,
    screen,
    told,
    wanted_of,
)

TICKET_LINK = "richiesta"
"""Links in files lead with this to a ticket."""
IN_A_ROW = 4
"""Buttons that lead to tickets."""


class ReportAction(TicketAction):
    """An action of the report: open to everybody who may see tickets, of which each sees their own."""

    permission = Permission.SEE_TICKETS


def gone(context: TurnContext) -> Answer:
    """A search is not there any more."""
    new = Entry(context.say("ticket_report.button.new"), Report.name)
    return show(Prompt(context.say("ticket_report.gone"), ((new, home_button(context)),)))


class Report(ReportAction):
    """The filters of a search. The argument is its number; without one, a new search."""

    name = "treport"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        wanted = await wanted_of(argument, context)
        if wanted is None:
            return gone(context)
        return show(screen(id_of(argument) or 0, wanted, await told(wanted, context), context))


class SetFilter(ReportAction):
    """Ask for a filter, or clear it. The argument is `<search>_<filter>`."""

    name = "treport_set"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        search, _, which = argument.partition("_")
        if which not in FILTERS or (which in OF_STAFF and not context.may(Permission.ANSWER_TICKETS)):
            return Go(Report.name, search)
        offered: tuple[str, ...] = ()
        if which == "requester":
            names = await context.long_read(report.requesters, context.acting, REQUESTERS_SHOWN)
            offered = tuple(names)
        return Start(FilterFlow.name, FilterDraft(search, which, offered))


class ListFound(ReportAction):
    """What a search finds, newest first. The argument is `<search>_<ticket that the page begins below>`."""

    name = "treport_list"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        search, _, before = argument.partition("_")
        wanted = await wanted_of(search, context)
        if wanted is None:
            return gone(context)
        page = page_of(id_of(search) or 0, id_of(before))
        found, number = await read(wanted, page, context)
        return show(found_prompt(page, found, number, await told(wanted, context), context))


def page_of(search: int, before: int | None = None) -> Page:
    """A page of what a search finds."""
    return Page(ListFound.name, before, of=f"{search}_")


async def read(wanted: Criteria, page: Page, context: TurnContext) -> tuple[list[Line], int]:
    """The lines of a page and one more, and how many there are in all."""
    found = await context.long_read(report.newest, context.acting, wanted, page.wanted, page.at)
    return found, await context.long_read(report.count, context.acting, wanted)


def found_prompt(page: Page, found: list[Line], number: int, filters: Html, context: TurnContext) -> Prompt:
    """A page of what a search finds, with a button for each ticket on it."""
    say, shown, search = context.say, found[: page.size], page.of.rstrip("_")
    tickets = [
        Entry(say("ticket_report.number", number=str(each.id)), ShowTicket.name, str(each.id))
        for each in shown
    ]
    rows: Rows = tuple(tuple(tickets[at : at + IN_A_ROW]) for at in range(0, len(tickets), IN_A_ROW))
    files = (
        Entry(say("ticket_report.button.csv"), ExportCsv.name, search),
        Entry(say("ticket_report.button.xlsx"), ExportWorkbook.name, search),
    )
    desk = say("desk.menu") if context.may(Permission.ANSWER_TICKETS) else say("ticket.mine")
    ways = (
        (
            Entry(say("ticket_report.button.filters"), Report.name, search),
            Entry(say("ticket_report.button.new"), Report.name),
        ),
        (Entry(desk, "requests"), home_button(context)),
    )
    text = [say("ticket_report.found", number=number), filters, *(_line(each, context) for each in shown)]
    turning = page.turning(context, [each.id for each in found])
    return Prompt(join(text, "\n\n"), (*rows, *turning, *((files,) if found else ()), *ways), persistent=True)


def _line(line: Line, context: TurnContext) -> Html:
    say = context.say
    state = say(f"ticket.state.{line.state.value}")
    head = say("ticket_report.line", number=str(line.id), state=state, at=line.opened_at)
    return join([head, say("ticket.code", name="POD", code=line.pod) if line.pod else Html("")])


class Export(ReportAction):
    """Everything that a search finds, as a file that a job makes. The argument is the search."""

    navigates = True
    kind: ClassVar[Format]

    async def run(self, argument: str, context: TurnContext) -> Answer:
        if await wanted_of(argument, context) is None:
            return gone(context)
        job = JobRequest("tickets_export", {"search": id_of(argument) or 0, "kind": self.kind.value})
        making = moment(context.say("ticket_report.making"), context)
        return Wait(Question(replace(job, action=self.name)), lambda: making)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say, search = context.say, str(arguments["search"])
        if not result.get("files"):
            again = Entry(say("ticket_report.button.filters"), Report.name, search)
            return show(Prompt(say("ticket_report.failed"), ((again, home_button(context)),)))
        there = Prompt(say("ticket_report.made", number=len(result["files"])))
        files = [
            Prompt(say("ticket_report.file", number=result["lines"]), (), Document(digest, name))
            for digest, name in result["files"]
        ]
        given = order(
            report.record_export,
            context.acting,
            context.now,
            format=self.kind.value,
            lines=result["lines"],
        )
        return Do(given, lambda _: [there, *files])


class ExportCsv(Export):
    """As CSV."""

    name = "treport_csv"
    kind = Format.CSV


class ExportWorkbook(Export):
    """As a workbook."""

    name = "treport_xlsx"
    kind = Format.WORKBOOK
