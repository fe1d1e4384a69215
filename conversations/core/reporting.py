"""What a report finds, in pages and as files: what the reports of several features share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from backend.tabular.reports import Format
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Question, Wait, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, Order
from conversations.core.filters import ReportForm
from conversations.core.navigation import home_button, id_of
from conversations.core.prompts import Button, Document, Entry, Html, Prompt, Rows
from conversations.core.waiting import moment


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
        if await self.form.wanted(argument, context) is None:
            return show(self.form.gone(context))
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
