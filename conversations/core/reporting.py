"""What a report finds, in pages and as files: what the reports of several features share."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from backend.tabular.reports import Format
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Go, Question, Wait, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, Order
from conversations.core.filters import FilterFlow, ReportForm
from conversations.core.navigation import Page, home_button, id_of
from conversations.core.prompts import Button, Document, Entry, Html, Prompt, Rows
from conversations.core.waiting import moment


class ShowFilters(Action):
    """The filters of a search. The argument is its number; without one, a new search."""

    form: ClassVar[ReportForm]
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        wanted = await self.form.wanted(argument, context)
        if wanted is None:
            return show(self.form.gone(context))
        lines = await self.form.told(wanted, context)
        return show(self.form.screen(id_of(argument) or 0, wanted, lines, context))


class SetFilter(Action):
    """Ask for a filter, or clear it. The argument is `<search>_<filter>`."""

    flow: ClassVar[type[FilterFlow]]

    async def run(self, argument: str, context: TurnContext) -> Answer:
        return await self.flow.form.begin(self.flow, argument, context)


class ListFound(Action):
    """What a search finds, newest first. The argument is `<search>_<id of the row that it begins below>`."""

    form: ClassVar[ReportForm]

    @abstractmethod
    async def found(self, wanted: Any, page: Page, lines: Html, context: TurnContext) -> Prompt:
        """A page of what a search finds. `lines` tell its filters."""

    async def run(self, argument: str, context: TurnContext) -> Answer:
        search, _, before = argument.partition("_")
        wanted = await self.form.wanted(search, context)
        if wanted is None:
            return show(self.form.gone(context))
        page = page_of(self.form, id_of(search) or 0, id_of(before))
        return show(await self.found(wanted, page, await self.form.told(wanted, context), context))


def page_of(form: ReportForm, search: int, before: int | None = None) -> Page:
    """A page of what a search finds."""
    return Page(form.finding, before, of=f"{search}_")


class ReportExport(Action):
    """Everything that a search finds, as files that a job makes. The argument is the search."""

    navigates = True
    form: ClassVar[ReportForm]
    kind: ClassVar[Format]
    job: ClassVar[str]
    """The kind of job. Its result: `files`, each with digest and name, and `lines`."""

    def caption(self, lines: int, say: Say) -> Html:
        """What stands below a file."""
        raise NotImplementedError

    def given(self, lines: int, context: TurnContext) -> Order:
        """Record that the person was given this."""
        raise NotImplementedError

    async def run(self, argument: str, context: TurnContext) -> Answer:
        wanted = await self.form.wanted(argument, context)
        if wanted is None:
            return show(self.form.gone(context))
        if not self.form.ready(wanted):
            return Go(self.form.report, argument)
        job = JobRequest(self.job, {"search": id_of(argument) or 0, "kind": self.kind.value})
        making = moment(context.say("filters.making"), context)
        return Wait(Question(replace(job, action=self.name)), lambda: making)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say, search = context.say, str(arguments["search"])
        if not result.get("files"):
            again = Entry(say("filters.button.filters"), self.form.report, search)
            return show(Prompt(say("filters.failed"), ((again, home_button(context)),)))
        there = Prompt(say("filters.made", number=len(result["files"])))
        files = [
            Prompt(self.caption(result["lines"], say), (), Document(digest, name))
            for digest, name in result["files"]
        ]
        return Do(self.given(result["lines"], context), lambda _: [there, *files])


def ways_on(
    form: ReportForm,
    csv: type[ReportExport],
    workbook: type[ReportExport],
    search: str,
    context: TurnContext,
    *others: Button,
) -> tuple[Rows, Rows]:
    """Below what was found: the files that can be made of it; back to the filters, a new search, and `others`
    beside the first screen.
    """
    say = context.say
    files = (
        Entry(say("filters.button.csv"), csv.name, search),
        Entry(say("filters.button.xlsx"), workbook.name, search),
    )
    ways = (
        (
            Entry(say("filters.button.filters"), form.report, search),
            Entry(say("filters.button.new"), form.report),
        ),
        (*others, home_button(context)),
    )
    return (files,), ways
