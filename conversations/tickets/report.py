"""The report on requests for assistance: filters, what they find, and files of it."""

from __future__ import annotations

from backend.identity.permissions import Permission
from backend.tabular.reports import Format
from backend.tickets import report
from backend.tickets.report import Criteria, Line
from conversations.core.answers import Answer, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import Order, order
from conversations.core.navigation import Page, id_of
from conversations.core.prompts import Entry, Html, Prompt, Rows, join
from conversations.core.reporting import ReportExport, ways_on
from conversations.tickets.asking import ShowTicket, TicketAction
from conversations.tickets.filters import FORM, TicketFilterFlow

TICKET_LINK = "richiesta"
"""Links in files lead with this to a ticket."""
IN_A_ROW = 4
"""Buttons that lead to tickets."""


class ReportAction(TicketAction):
    """An action of the report: open to everybody who may see tickets, of which each sees their own."""

    permission = Permission.SEE_TICKETS


class Report(ReportAction):
    """The filters of a search. The argument is its number; without one, a new search."""

    name = "treport"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        wanted = await FORM.wanted(argument, context)
        if wanted is None:
            return show(FORM.gone(context))
        lines = await FORM.told(wanted, context)
        return show(FORM.screen(id_of(argument) or 0, wanted, lines, context))


class SetFilter(ReportAction):
    """Ask for a filter, or clear it. The argument is `<search>_<filter>`."""

    name = "treport_set"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await FORM.begin(TicketFilterFlow, argument, context)


class ListFound(ReportAction):
    """What a search finds, newest first. The argument is `<search>_<ticket that the page begins below>`."""

    name = "treport_list"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        search, _, before = argument.partition("_")
        wanted = await FORM.wanted(search, context)
        if wanted is None:
            return show(FORM.gone(context))
        page = page_of(id_of(search) or 0, id_of(before))
        found, number = await read(wanted, page, context)
        return show(found_prompt(page, found, number, await FORM.told(wanted, context), context))


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
    desk = say("desk.menu") if context.may(Permission.ANSWER_TICKETS) else say("ticket.mine")
    there = Entry(desk, "requests")
    files, ways = ways_on(FORM, ExportCsv, ExportWorkbook, search, context, there)
    text = [say("ticket_report.found", number=number), filters, *(_line(each, context) for each in shown)]
    turning = page.turning(context, [each.id for each in found])
    return Prompt(join(text, "\n\n"), (*rows, *turning, *(files if found else ()), *ways), persistent=True)


def _line(line: Line, context: TurnContext) -> Html:
    say = context.say
    state = say(f"ticket.state.{line.state.value}")
    head = say("ticket_report.line", number=str(line.id), state=state, at=line.opened_at)
    return join([head, say("ticket.code", name="POD", code=line.pod) if line.pod else Html("")])


class Export(ReportExport):
    """Everything that a search finds, as a file."""

    permission = Permission.SEE_TICKETS
    form = FORM
    job = "tickets_export"

    def caption(self, lines: int, say: Say) -> Html:
        return say("ticket_report.file", number=lines)

    def given(self, lines: int, context: TurnContext) -> Order:
        return order(report.record_export, context.acting, context.now, format=self.kind.value, lines=lines)


class ExportCsv(Export):
    """As CSV."""

    name = "treport_csv"
    kind = Format.CSV


class ExportWorkbook(Export):
    """As a workbook."""

    name = "treport_xlsx"
    kind = Format.WORKBOOK
