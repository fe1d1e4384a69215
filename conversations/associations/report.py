"""The report on associations: filters, what they find, each one's card, and files of it."""

from __future__ import annotations

from dataclasses import replace

from backend.associations import report
from backend.associations.errors import AssociationNotFound, NothingWanted
from backend.associations.report import Criteria
from backend.associations.values import Association
from backend.core.refusals import Refused
from backend.identity.permissions import Permission
from backend.tabular.reports import Format
from conversations.associations.card import association_card, association_lines, deleted_line
from conversations.associations.filters import FORM, AssociationFilterFlow
from conversations.core.action import Action
from conversations.core.answers import Answer, Go, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import Order, order
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Entry, Html, Prompt, Rows, join
from conversations.core.reporting import ListFound, ReportExport, SetFilter, ShowFilters, ways_on


class AssociationReportAction(Action):
    """An action of the report: each sees their company's associations, the staff all."""

    permission = Permission.REPORT_ASSOCIATIONS

    async def refused(self, refusal: Refused, context: TurnContext) -> Answer:
        if isinstance(refusal, NothingWanted):
            return Go(FORM.report)
        return await super().refused(refusal, context)


class AssociationReport(AssociationReportAction, ShowFilters):
    """The filters of the report."""

    name = FORM.report
    form = FORM


class SetAssociationFilter(AssociationReportAction, SetFilter):
    """Ask for a filter of the report."""

    name = FORM.setting
    flow = AssociationFilterFlow


class ListFoundAssociations(AssociationReportAction, ListFound):
    """The associations that a search finds."""

    name = FORM.finding
    form = FORM

    async def found(self, wanted: Criteria, page: Page, lines: Html, context: TurnContext) -> Prompt:
        found, number, older = await read(wanted, page, context)
        return found_prompt(page, found, number, older, lines, context)


async def read(wanted: Criteria, page: Page, context: TurnContext) -> tuple[list[Association], int, int]:
    """The associations of a page and one more; how many there are in all, and how many from this page on."""
    at, acting = context.now, context.acting
    found = await context.long_read(report.newest, acting, wanted, at, page.wanted, page.at)
    number = await context.long_read(report.count, acting, wanted, at)
    if page.at is None:
        return found, number, number
    return found, number, await context.long_read(report.count, acting, wanted, at, page.at)


def found_prompt(
    page: Page, found: list[Association], number: int, older: int, filters: Html, context: TurnContext
) -> Prompt:
    """A page of what a search finds, with a button for each association on it. `older`: how many there are
    from this page on.
    """
    say, search, shown = context.say, page.of.rstrip("_"), found[: page.size]
    rows: Rows = tuple(
        (
            Entry(
                say("associations.button", pod=each.pod.code, sid=each.sid[-6:]),
                ShowReported.name,
                f"{each.id}_{search}",
            ),
        )
        for each in shown
    )
    files, ways = ways_on(FORM, ExportAssociationsCsv, ExportAssociationsWorkbook, search, context)
    weekly = (Entry(say("weekly.button.begin"), "weekly_begin", search),)
    place = page.place(context, len(shown), number, older)
    text = [join([say("association_report.found", number=number), place]), filters]
    text += [_line(each, say) for each in shown] or [nothing_found(context)]
    turning = page.turning(context, [each.id for each in found])
    below = (*(files if found else ()), weekly, *ways)
    return Prompt(join(text, "\n\n"), (*rows, *turning, *below), persistent=True)


def nothing_found(context: TurnContext) -> Html:
    """What to do where nothing was found."""
    member = context.acting.membership
    if not context.may(Permission.ALL_ASSOCIATIONS) and (member is None or not member.enabled):
        return context.say("association_report.not_enabled")
    return context.say("association_report.none")


def _line(each: Association, say: Say) -> Html:
    state = (
        "deleted" if each.deleted_at is not None else "confirmed" if each.confirmed_at is not None else "made"
    )
    return say(
        f"association_report.line_{state}",
        number=str(each.id),
        pod=each.pod.code,
        device=each.device_type.product_name,
        configuration=say(f"configuration.{each.configuration.value.lower()}"),
        person=each.created_by,
        at=each.created_at,
    )


class ShowReported(AssociationReportAction):
    """An association of the report. The argument is `<association>_<search>`."""

    name = "areport_row"
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        number, _, search = argument.partition("_")
        try:
            found = await context.short_read(report.get, context.acting, id_of(number) or 0)
        except AssociationNotFound:
            return show(Prompt(context.say("association.not_found"), ((back_to_results(search, context),),)))
        member = context.acting.membership
        own = member is not None and member.integrator_id == found.integrator_id
        if own and context.may(Permission.SEE_ASSOCIATIONS):
            card = association_card(found, context)
            return show(replace(card, rows=(*card.rows, (back_to_results(search, context),))))
        lines = join(association_lines(found, context.say))
        text = join([lines, deleted_line(found, context.say)], "\n\n")
        return show(Prompt(text, ((back_to_results(search, context), home_button(context)),)))


def back_to_results(search: str, context: TurnContext) -> Entry:
    """To what a search finds."""
    return Entry(
        context.say("association_report.button.back"), ListFoundAssociations.name, f"{id_of(search) or 0}_"
    )


class ExportAssociations(ReportExport):
    """Everything that a search finds, as a file."""

    permission = Permission.REPORT_ASSOCIATIONS
    form = FORM
    job = "associations_export"

    def caption(self, lines: int, say: Say) -> Html:
        return say("association_report.file", number=lines)

    def given(self, lines: int, context: TurnContext) -> Order:
        return order(report.record_export, context.acting, context.now, format=self.kind.value, lines=lines)


class ExportAssociationsCsv(ExportAssociations):
    """As CSV."""

    name = "areport_csv"
    kind = Format.CSV


class ExportAssociationsWorkbook(ExportAssociations):
    """As a workbook."""

    name = "areport_xlsx"
    kind = Format.WORKBOOK
