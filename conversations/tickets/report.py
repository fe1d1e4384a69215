"""The report on requests for assistance: filters, what they find, and files of it."""

from __future__ import annotations

from backend.identity.permissions import Permission
from backend.tabular.reports import Format
from backend.tickets import report
from backend.tickets.report import Criteria, Line
from conversations.core.context import Say, TurnContext
from conversations.core.effects import Order, order
from conversations.core.navigation import Page
from conversations.core.prompts import Entry, Html, Prompt, Rows, join
from conversations.core.reporting import ListFound, ReportExport, SetFilter, ShowFilters, ways_on
from conversations.tickets.asking import ShowTicket, TicketAction
from conversations.tickets.filters import FORM, TicketFilterFlow

TICKET_LINK = "richiesta"
"""Links in files lead with this to a ticket."""
IN_A_ROW = 4
"""Buttons that lead to tickets."""


class TicketReportAction(TicketAction):
    """An action of the report: open to everybody who may see tickets, of which each sees their own."""

    permission = Permission.SEE_TICKETS


class TicketReport(TicketReportAction, ShowFilters):
    """The filters of the report."""

    name = FORM.report
    form = FORM


class SetTicketFilter(TicketReportAction, SetFilter):
    """Ask for a filter of the report."""

    name = FORM.setting
    flow = TicketFilterFlow


class ListFoundTickets(TicketReportAction, ListFound):
    """The tickets that a search finds."""

    name = FORM.finding
    form = FORM

    async def found(self, wanted: Criteria, page: Page, lines: Html, context: TurnContext) -> Prompt:
        found, number, older = await read(wanted, page, context)
        return found_prompt(page, found, number, older, lines, context)


async def read(wanted: Criteria, page: Page, context: TurnContext) -> tuple[list[Line], int, int]:
    """The lines of a page and one more; how many there are in all, and how many from this page on."""
    acting = context.acting
    found = await context.long_read(report.newest, acting, wanted, page.wanted, page.at)
    number = await context.long_read(report.count, acting, wanted)
    if page.at is None:
        return found, number, number
    return found, number, await context.long_read(report.count, acting, wanted, page.at)


def found_prompt(
    page: Page, found: list[Line], number: int, older: int, filters: Html, context: TurnContext
) -> Prompt:
    """A page of what a search finds, with a button for each ticket on it. `older`: how many there are from
    this page on.
    """
    say, shown, search = context.say, found[: page.size], page.of.rstrip("_")
    tickets = [
        Entry(say("ticket_report.number", number=str(each.id)), ShowTicket.name, str(each.id))
        for each in shown
    ]
    rows: Rows = tuple(tuple(tickets[at : at + IN_A_ROW]) for at in range(0, len(tickets), IN_A_ROW))
    desk = say("desk.menu") if context.may(Permission.ANSWER_TICKETS) else say("ticket.mine")
    there = Entry(desk, "requests")
    files, ways = ways_on(FORM, ExportTicketsCsv, ExportTicketsWorkbook, search, context, there)
    place = page.place(context, len(shown), number, older)
    heading = join([say("ticket_report.found", number=number), place])
    text = [heading, filters, *(_line(each, context) for each in shown)]
    turning = page.turning(context, [each.id for each in found])
    return Prompt(join(text, "\n\n"), (*rows, *turning, *(files if found else ()), *ways), persistent=True)


def _line(line: Line, context: TurnContext) -> Html:
    say = context.say
    state = say(f"ticket.state.{line.state.value}")
    head = say("ticket_report.line", number=str(line.id), state=state, at=line.opened_at)
    return join([head, say("ticket.code", name="POD", code=line.pod) if line.pod else Html("")])


class ExportTickets(ReportExport):
    """Everything that a search finds, as a file."""

    permission = Permission.SEE_TICKETS
    form = FORM
    job = "tickets_export"

    def caption(self, lines: int, say: Say) -> Html:
        return say("ticket_report.file", number=lines)

    def given(self, lines: int, context: TurnContext) -> Order:
        return order(report.record_export, context.acting, context.now, format=self.kind.value, lines=lines)


class ExportTicketsCsv(ExportTickets):
    """As CSV."""

    name = "treport_csv"
    kind = Format.CSV


class ExportTicketsWorkbook(ExportTickets):
    """As a workbook."""

    name = "treport_xlsx"
    kind = Format.WORKBOOK
